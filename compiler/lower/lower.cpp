#include "compiler/lower/lower.h"

#include "compiler/lower/parts.h"
#include "compiler/lower/values.h"

namespace exm {

namespace lowering {

bool Lowering::touches(task::NodeId formula) const {
  std::vector<Id<task::Variable>> variables;
  task::collect_variables(task, formula, variables);
  for (Id<task::Variable> v : variables)
    if (written[v.index]) return true;
  return false;
}

namespace {

std::vector<std::uint8_t> written_by(const task::Task& task, const Found& found) {
  std::vector<std::uint8_t> written(task.variables.size());
  std::vector<std::uint8_t> looked_at(task.operators.size());
  const auto add = [&](Id<task::Operator> op) {
    if (looked_at[op.index]) return;
    looked_at[op.index] = 1;
    std::vector<task::Assignment> assignments = task.operators[op].during;
    task::collect_assignments(task.operators[op].effects, assignments);
    for (const task::Assignment& a : assignments) written[a.variable.index] = 1;
  };
  for (const FoundStep& step : found.steps) {
    add(step.op);
    if (!step.retreat) continue;
    for (const BackStep& back : step.retreat->steps) add(back.op);
  }
  return written;
}

plan::Summary summary_of(const Found& found) {
  plan::Summary summary;
  summary.steps = static_cast<std::int64_t>(found.steps.size());
  summary.disruption = found.measures.disruption;
  summary.duration = found.measures.duration;
  summary.cost = found.measures.cost;
  summary.away = found.measures.away;
  for (program::Measure m : found.least) summary.least.push_back(plan_measure(m));
  for (const auto& [measure, bound] : found.bounds) summary.bounds[plan_measure(measure)] = bound;
  return summary;
}

/// A wish that facts alone decide: nothing that a step does can change it.
bool is_constant_true(const task::Task& task, task::NodeId formula) {
  const task::Node& node = task.formulas.nodes[formula.index];
  return node.op == task::NodeOp::constant && node.a == task::true_.index;
}

}  // namespace

}  // namespace lowering

plan::Plan lower(const program::Program& program, const task::Task& task, const Found& found, std::vector<plan::SourceFile> sources) {
  using namespace lowering;
  plan::Plan plan;
  const program::Maintenance& maintenance = program.maintenances[task.maintenance];
  plan.maintenance = maintenance.name;
  plan.title = maintenance.title;
  plan.sources = std::move(sources);
  Lowering l{program, task, found, task::start_of(task), {}, written_by(task, found)};
  Drafts drafts = draft_steps(program, task, found, l.end);
  l.ids = step_ids(l);
  share(l, drafts, plan);
  lower_rules(l, plan);
  lower_disruptions(l, plan);
  Shape plain(program, task, Shape::Constants::written_out, Shape::Objects::written_out);
  for (const task::Wish& wish : task.wishes)
    if (!wish.restores && !is_constant_true(task, wish.formula)) plan.achieve.push_back(plain.expression(wish.formula));  // the others say nothing to a reader
  lower_limits(l, plan);
  lower_slots(l, plan);
  lower_faults(l, plan);
  lower_free(l, plan);
  for (program::Measure m : task.minimize) plan.minimize.push_back(plan_measure(m));
  plan.notices = task.notices;
  plan.summary = summary_of(found);
  lower_environment(l, drafts.places, plan);
  return plan;
}

}  // namespace exm
