#include "runtime/verify/supposed.h"

#include <algorithm>

namespace exm::model {

using plan::Operator;

/// A variable that is asked for and has no value yet; or -1.
int Supposed::asked(const Compiled& formula, const Values& world, const std::set<int>& decided) const {
  int found = -1;
  if (formula.op == Operator::known) {
    each_variable(formula, [&](int v) {
      const bool unknown = v >= 0 && world[v].type == plan::Value::Type::unknown;
      if (unknown && values_.count(v) > 0 && decided.count(v) == 0) found = v;
    });
  }
  for (const Compiled& operand : formula.operands) {
    if (found < 0) found = asked(operand, world, decided);
  }
  return found;
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

bool Supposed::holds(const Compiled& formula, const Values& world, const std::set<int>& decided) const {
  if (formula.op == Operator::and_) {
    return std::all_of(formula.operands.begin(), formula.operands.end(),
                       [&](const Compiled& part) { return holds(part, world, decided); });
  }
  const int v = asked(formula, world, decided);
  if (v < 0) return truth(formula, world) == Truth::yes;
  std::set<int> more = decided;
  more.insert(v);
  Values values = values_.at(v);
  values.push_back(plan::unknown());
  return std::all_of(values.begin(), values.end(), [&](const plan::Value& value) {
    Values there = world;
    there[v] = value;
    return holds(formula, there, more);
  });
}

}  // namespace exm::model
