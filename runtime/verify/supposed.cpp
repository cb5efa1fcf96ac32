#include "runtime/verify/supposed.h"

#include <algorithm>

namespace exm::model {
namespace {

using plan::Operator;

constexpr std::size_t most_cases = 2'000;

std::set<int> variables_of(const Compiled& formula) {
  std::set<int> variables;
  each_variable(formula, [&](int v) {
    if (v >= 0) variables.insert(v);
  });
  return variables;
}

}  // namespace

void Supposed::add(int variable, const Values& values) {
  Values& known = values_[variable];
  for (const plan::Value& value : values) {
    const bool there = std::any_of(known.begin(), known.end(), [&](const plan::Value& v) { return same(v, value); });
    if (!there) known.push_back(value);
  }
}

bool Supposed::among(int variable, const Values& world) const {
  return world[variable].type == plan::Value::Type::unknown && values_.count(variable) > 0;
}

std::vector<Values> Supposed::cases(const std::set<int>& variables, const Values& world) const {
  std::vector<Values> all{world};
  for (const int v : variables) {
    if (!among(v, world)) continue;
    const std::size_t so_far = all.size();
    for (std::size_t i = 0; i < so_far; ++i) {
      for (const plan::Value& value : values_.at(v)) {
        all.push_back(all[i]);
        all.back()[v] = value;
      }
    }
    if (all.size() > most_cases) return {};
  }
  return all;
}

void Supposed::take(const Step& step, const Values& world) {
  for (const Block& block : step.blocks) {
    for (const Assignment& a : block.assignments) {
      std::set<int> read = variables_of(a.to);
      if (a.when) read.merge(variables_of(*a.when));
      read.insert(a.variable);
      const auto all = cases(read, world);
      anything_ = anything_ || all.empty();
      for (const Values& there : all) {
        const Truth when = a.when ? truth(*a.when, there) : Truth::yes;
        if (when != Truth::no) add(a.variable, {evaluate(a.to, there)});
        if (when != Truth::yes) add(a.variable, {there[a.variable]});
      }
    }
  }
}

bool Supposed::asked_for(const Compiled& formula, const Values& world) const {
  const auto asked = formula.op == Operator::known ? variables_of(formula) : std::set<int>{};
  return std::any_of(asked.begin(), asked.end(), [&](int v) { return among(v, world); }) ||
         std::any_of(formula.operands.begin(), formula.operands.end(),
                     [&](const Compiled& operand) { return asked_for(operand, world); });
}

bool Supposed::asked_for(const Step& step, const Values& world) const {
  const auto asks = [&](const Assignment& a) {
    return asked_for(a.to, world) || (a.when && asked_for(*a.when, world));
  };
  return std::any_of(step.during.begin(), step.during.end(), asks) ||
         std::any_of(step.blocks.begin(), step.blocks.end(), [&](const Block& block) {
           return std::any_of(block.assignments.begin(), block.assignments.end(), asks);
         });
}

bool Supposed::holds(const Compiled& formula, const Values& world) const {
  if (formula.op == Operator::and_) {
    return std::all_of(formula.operands.begin(), formula.operands.end(),
                       [&](const Compiled& part) { return holds(part, world); });
  }
  if (!asked_for(formula, world)) return truth(formula, world) == Truth::yes;
  const auto all = cases(variables_of(formula), world);
  return !anything_ && !all.empty() &&
         std::all_of(all.begin(), all.end(), [&](const Values& there) { return truth(formula, there) == Truth::yes; });
}

}  // namespace exm::model
