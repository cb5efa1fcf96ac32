#include "runtime/adapter/effects.h"

#include <algorithm>

namespace exm {
namespace {

const plan::Value nothing_known;

bool known_false(const plan::Value& value) {
  return value.type == plan::Value::Type::boolean && value.number == 0;
}

void collect(const plan::Effect& effect, const World& world, const Evaluate& evaluate, std::vector<Changes>& groups) {
  if (effect.kind == plan::Effect::Kind::together) {
    if (!effect.assignments.empty()) groups.push_back(resolve(effect.assignments, world, evaluate));
    return;
  }
  for (const auto& part : effect.parts) collect(part, world, evaluate, groups);
}

void collect_written(const plan::Effect& effect, std::vector<std::string>& variables) {
  for (const auto& assignment : effect.assignments) variables.push_back(assignment.variable);
  for (const auto& part : effect.parts) collect_written(part, variables);
}

}  // namespace

Changes resolve(const std::vector<plan::Assignment>& assignments, const World& world, const Evaluate& evaluate) {
  Changes changes;
  for (const auto& assignment : assignments) {
    bool doubtful = false;
    if (assignment.when) {
      const plan::Value met = evaluate(*assignment.when, world);
      if (known_false(met)) continue;
      doubtful = met.type == plan::Value::Type::unknown;
    }
    changes.push_back({assignment.variable, evaluate(assignment.to, world), doubtful});
  }
  return changes;
}

std::vector<Changes> resolve(const plan::Effect& effect, const World& world, const Evaluate& evaluate) {
  std::vector<Changes> groups;
  collect(effect, world, evaluate, groups);
  return groups;
}

const plan::Value& after(const Change& change, const plan::Value& before) {
  return change.doubtful && !(before == change.value) ? nothing_known : change.value;
}

void take_effect(const Changes& changes, World& world) {
  for (const auto& change : changes) {
    auto& value = world[change.variable];
    value = plan::Value(after(change, value));
  }
}

void take_effect(const std::vector<Changes>& groups, World& world) {
  for (const auto& changes : groups) take_effect(changes, world);
}

const plan::Value& value_of(const World& world, const std::string& variable) {
  auto found = world.find(variable);
  return found == world.end() ? nothing_known : found->second;
}

std::vector<std::string> written(const plan::Template& shape) {
  std::vector<std::string> variables;
  for (const auto& assignment : shape.during) variables.push_back(assignment.variable);
  collect_written(shape.effects, variables);
  std::sort(variables.begin(), variables.end());
  variables.erase(std::unique(variables.begin(), variables.end()), variables.end());
  return variables;
}

void reads(const plan::Expression& expression, std::vector<std::string>& variables) {
  if (expression.op == plan::Operator::variable) variables.push_back(expression.text);
  for (const auto& operand : expression.operands) reads(operand, variables);
}

}  // namespace exm
