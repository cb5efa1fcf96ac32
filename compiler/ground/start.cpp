// What holds before the first step: each rule and each keep, but for those to be repaired and those of steps.
#include <algorithm>
#include <map>

#include "compiler/ground/formula_value.h"
#include "compiler/ground/grounding.h"

namespace exm::task {

namespace {

constexpr std::size_t most_instances = 5;
constexpr std::size_t most_values = 6;

/// "EX3.health is unknown, casnlb.hosts.EX3.mode is started"
std::string values_of(Grounding& g, NodeId formula, const Assignments& start) {
  std::vector<Id<Variable>> variables;
  collect_variables(g.task, formula, variables);
  std::string text;
  for (std::size_t i = 0; i < variables.size() && i < most_values; ++i) {
    const Variable& variable = g.task.variables[variables[i]];
    text += fmt::format("{}{} is {}", i ? ", " : "", variable.name, program::to_text(g.program, g.task.values[start[variables[i].index].index]));
  }
  if (variables.size() > most_values) text += fmt::format(", and {} more", variables.size() - most_values);
  return text;
}

/// From where an earlier plan was left, every rule that is broken there is repaired, and it is said.
void mend(Grounding& g, Rule& rule, const Assignments& start) {
  rule.repaired = true;
  const Constraint& constraint = g.task.constraints[rule.constraint];
  const std::string values = values_of(g, rule.formula, start);
  g.task.notices.push_back(fmt::format("To be repaired: {}{}{}", constraint.name.empty() ? "" : constraint.name + ": ", constraint.sentence, values.empty() ? "" : " (now " + values + ")"));
}

}  // namespace

void check_start(Grounding& g) {
  const Assignments start = start_of(g.task);
  std::map<std::pair<Id<program::Rule>, std::uint32_t>, std::size_t> broken;
  for (Rule& rule : g.task.rules) {
    const ValueId holds = truth(g.task, rule.formula, start);
    if (holds == true_ || rule.of_steps) continue;
    const auto& repair = g.demands.repair;
    rule.repaired = rule.rule && std::any_of(repair.begin(), repair.end(), [&](const auto& r) { return r.what == rule.rule; });
    if (!rule.repaired && g.program.direction != program::Direction::first) mend(g, rule, start);
    if (rule.repaired || ++broken[{rule.rule, rule.clause}] > most_instances) continue;
    const Constraint& constraint = g.task.constraints[rule.constraint];
    const std::string name = rule.rule ? fmt::format("the rule `{}`", constraint.name) : "the keep";
    auto& diagnostic = g.diagnostics.report(constraint.span, diag::rule_broken_at_start, name, constraint.sentence);
    if (constraint.formula != constraint.sentence) diagnostic.hint(fmt::format("it says here: {}", constraint.formula));
    const std::string values = values_of(g, rule.formula, start);
    if (values.empty()) {
      diagnostic.hint("facts alone decide it, and no step changes a fact: the files have to say something else");
      continue;
    }
    diagnostic.hint("at the start " + values);
    if (holds == unknown) diagnostic.hint("look, and write what you see into a file for `exm plan … --state STATE.json`");
    if (rule.rule && holds == false_) diagnostic.hint(fmt::format("`repair {}` in the maintenance makes it a wish", constraint.name));
  }
}

}  // namespace exm::task
