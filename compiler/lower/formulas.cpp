// Rules, disruptions, faults and limits: formulas that are equal but for objects stand once, with their instances.
#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "compiler/lower/parts.h"
#include "compiler/lower/values.h"

namespace exm::lowering {

namespace {

std::string joined(const std::vector<std::string>& texts) {
  std::string all;
  for (const std::string& text : texts) all += (all.empty() ? "" : "; ") + text;
  return all;
}

/// Gathers instances by an equal shape, in the order of their first.
struct Instances {
  std::map<std::string, std::size_t> by_key;

  /// The index of the group, and whether it is a new one.
  std::pair<std::size_t, bool> place(const std::string& key) {
    const auto [found, is_new] = by_key.emplace(key, by_key.size());
    return {found->second, is_new};
  }
};

}  // namespace

void lower_rules(const Lowering& l, plan::Plan& plan) {
  Instances groups;
  std::map<std::string, int> used;
  for (const task::Rule& rule : l.task.rules) {
    const bool broken = task::truth(l.task, rule.formula, l.start) != task::true_;
    if (!l.touches(rule.formula) && !broken) continue;
    Shape shape(l.program, l.task, Shape::Constants::written_out);
    for (const program::Value& bound : rule.binding)
      if (bound.tag == program::Value::Tag::object) shape.slot(bound.object);
    const task::Constraint& constraint = l.task.constraints[rule.constraint];
    const std::string name = rule.rule ? l.program.rules[rule.rule].name : "keep_" + std::to_string(rule.clause + 1);
    const std::string title = rule.rule ? l.program.rules[rule.rule].title : constraint.sentence;
    plan::Expression formula = shape.expression(rule.formula);
    const std::string key = fmt::format("{}/{}/{}/{}/{}", name, rule.of_steps, rule.repaired, rule.rule ? "" : "keep", key_of(formula));
    const auto [group, is_new] = groups.place(key);
    if (is_new) {
      plan::Rule made;
      const int number = ++used[name];
      made.id = number == 1 ? name : name + "_" + std::to_string(number);
      made.title = title;
      made.kind = rule.rule ? plan::Rule::Kind::always : plan::Rule::Kind::keep;
      if (rule.rule) made.source = joined(l.program.rules[rule.rule].sources);
      made.repaired = rule.repaired;
      made.of_steps = rule.of_steps;
      made.formula.formula = std::move(formula);
      plan.rules.push_back(std::move(made));
    }
    plan.rules[group].formula.instances.push_back(shape.paths());
  }
}

void lower_disruptions(const Lowering& l, plan::Plan& plan) {
  Instances groups;
  for (const task::DisruptsWhen& disrupts : l.task.disrupts_when) {
    const bool felt = task::truth(l.task, disrupts.formula, l.start) != task::false_;
    if (!l.touches(disrupts.formula) && !felt) continue;
    Shape shape(l.program, l.task, Shape::Constants::written_out);
    shape.slot(disrupts.whose);
    plan::Expression formula = shape.expression(disrupts.formula);
    const auto [group, is_new] = groups.place(key_of(formula));
    if (is_new) plan.disrupts_when.push_back({std::move(formula), {}});
    plan.disrupts_when[group].instances.push_back(shape.paths());
  }
}

/// Only those that may break a rule that the plan is about.
void lower_faults(const Lowering& l, plan::Plan& plan) {
  std::vector<std::uint8_t> matters = l.written;
  for (const task::Rule& rule : l.task.rules) {
    if (!l.touches(rule.formula)) continue;
    std::vector<Id<task::Variable>> variables;
    task::collect_variables(l.task, rule.formula, variables);
    for (Id<task::Variable> v : variables) matters[v.index] = 1;
  }
  Instances groups;
  std::map<std::string, int> used;
  for (const task::Fault& fault : l.task.faults) {
    std::vector<task::Assignment> assignments;
    task::collect_assignments(fault.effects, assignments);
    if (std::none_of(assignments.begin(), assignments.end(), [&](const auto& a) { return matters[a.variable.index]; })) continue;
    Shape shape(l.program, l.task, Shape::Constants::written_out);
    for (const program::Value& argument : fault.arguments)
      if (argument.tag == program::Value::Tag::object) shape.slot(argument.object);
    plan::Effect effects = shape.effect(fault.effects);
    const program::Fault& declared = l.program.faults[fault.fault];
    const auto [group, is_new] = groups.place(declared.name + "/" + key_of(effects));
    if (is_new) {
      const int number = ++used[declared.name];
      plan.faults.push_back({number == 1 ? declared.name : declared.name + "_" + std::to_string(number), declared.title, std::move(effects), {}});
    }
    plan.faults[group].instances.push_back(shape.paths());
  }
}

void lower_limits(const Lowering& l, plan::Plan& plan) {
  task::Task scratch;
  task::Builder builder(scratch);
  const task::World world = task::world_of(l.program, l.task);
  task::Expander x(world, builder, {task::Reading::Kind::state, &l.start}, UINT64_MAX / 2);
  const task::Demands d = task::demands_of(l.program, l.task.maintenance, nullptr, x);
  plan::Limits& limits = plan.limits;
  auto add_once = [](std::vector<std::string>& all, const std::string& name) {
    if (std::find(all.begin(), all.end(), name) == all.end()) all.push_back(name);
  };
  for (const auto& forbid : d.forbid) add_once(limits.forbid, l.program.actions[forbid.what].name);
  for (Id<program::Action> action : l.task.no_retreat) add_once(limits.allow, l.program.actions[action].name);
  limits.at_most = l.task.at_most;
  if (d.tolerate) limits.tolerate = d.tolerate->what;
  for (const task::Withstand& w : l.task.withstand) limits.withstand.push_back({l.program.faults[w.fault].name, w.n});
  if (l.program.direction == program::Direction::back) return;  // a way back waits for nobody
  for (const program::Window& w : d.windows) limits.windows.push_back({w.from_minute / 1440, w.from_minute % 1440, task::length_of(w), w.zone});
  for (const auto& said : d.confirms) {
    task::Terms frame = x.frame(said.locals, said.arguments);
    const std::string id = "confirm_" + std::to_string(limits.confirms.size() + 1);
    limits.confirms.push_back({id, x.words(said.what->question, frame), said.what->before ? l.program.actions[said.what->before].name : ""});
  }
}

}  // namespace exm::lowering
