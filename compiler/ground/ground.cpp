#include "compiler/ground/ground.h"

#include "compiler/ground/grounding.h"

namespace exm {

namespace {

using task::Grounding;
using task::Variable;

constexpr std::uint64_t work_per_node = 8;

/// What `leave` names, and all that it owns where it names all states.
void leave(Grounding& g, Id<program::Object> object, Id<program::Field> state) {
  for (Id<program::Field> field : g.program.kinds[g.program.objects[object].kind].fields) {
    if (state && state != field) continue;
    if (const auto id = g.world.variable(object, field)) {
      Variable& variable = g.task.variables[id];
      if (variable.free == Variable::Free::no) variable.free = Variable::Free::left;
    }
  }
  if (state) return;
  for (Id<program::Object> owned : g.program.objects[object].owned) leave(g, owned, {});
}

void ground_leaves(Grounding& g) {
  for (const auto& said : g.demands.leave) {
    task::Terms frame = g.x.frame(said.locals, said.arguments);
    const task::Term term = g.x.expand(said.what->objects, frame);
    for (const task::Member& member : term.collection ? term.members : g.x.alternatives(term.node)) {
      const auto value = g.b.constant_value(member.value);
      if (!value) continue;
      const program::Value& object = g.task.values[value->index];
      if (object.tag == program::Value::Tag::object) leave(g, object.object, said.what->state);
      for (const program::Value& element : object.elements)
        if (element.tag == program::Value::Tag::object) leave(g, element.object, said.what->state);
    }
  }
}

/// One for each variable that some step changes and that must be as it was at the end.
void ground_restorations(Grounding& g) {
  std::vector<std::uint8_t> written(g.task.variables.size());
  for (const task::Operator& op : g.task.operators) {
    std::vector<task::Assignment> assignments = op.during;
    task::collect_assignments(op.effects, assignments);
    for (const task::Assignment& assignment : assignments) written[assignment.variable.index] = 1;
  }
  for (std::size_t v = 0; v < written.size(); ++v) {
    Variable& variable = g.task.variables.items()[v];
    if (!written[v] || variable.free != Variable::Free::no) continue;
    const std::string value = program::to_text(g.program, g.task.values[variable.restore.index]);
    variable.restoration = g.task.constraints.add({task::Constraint::Kind::restoration, variable.name,
                                                   fmt::format("{} is {} again at the end", variable.name, value),
                                                   fmt::format("{} == {}", variable.name, value), g.program.objects[variable.object].span});
  }
}

}  // namespace

std::optional<task::Task> ground(const program::Program& program, Id<program::Maintenance> maintenance, const program::Wishes* with,
                                 const Limits& limits, Diagnostics& diagnostics) {
  task::Task made;
  made.maintenance = maintenance;
  task::Builder builder(made);
  task::World world = task::make_world(program, made, builder);
  task::Expander expander(world, builder, {task::Reading::Kind::variables, nullptr}, limits.nodes * work_per_node);
  const task::Demands demands = task::demands_of(program, maintenance, with, expander);
  Grounding g{program, limits, diagnostics, made, builder, world, expander, demands};
  task::limit_references(g);
  ground_leaves(g);
  task::ground_wishes(g);
  task::ground_rules(g);
  task::ground_keeps(g);
  task::ground_disruptions(g);
  g.compared = task::compared_values(made);
  task::ground_actions(g);
  task::ground_faults(g);
  ground_restorations(g);
  task::ground_limits(g);
  const Span span = program.maintenances[maintenance].span;
  if (expander.exhausted()) diagnostics.report(span, diag::task_too_big, limits.nodes * work_per_node, "expressions to write out");
  else if (made.formulas.nodes.size() > limits.nodes) diagnostics.report(span, diag::task_too_big, limits.nodes, "parts of formulas");
  else task::check_start(g);
  if (!diagnostics.ok()) return std::nullopt;
  if (program.direction != program::Direction::first) task::ground_returns(g);
  return made;
}

}  // namespace exm
