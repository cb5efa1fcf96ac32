#include "runtime/verify/counted.h"

#include <algorithm>

namespace exm::model {

using plan::Operator;

namespace {

bool counts(const Compiled& e) {
  return e.op == Operator::count || e.op == Operator::sum;
}

}  // namespace

std::optional<Counted> counted(const Compiled& formula) {
  if (formula.op == Operator::and_) {
    for (const Compiled& part : formula.operands) {
      if (auto found = counted(part)) return found;
    }
    return std::nullopt;
  }
  if (formula.operands.size() != 2 || counts(formula.operands[0]) == counts(formula.operands[1])) return std::nullopt;
  const bool left = counts(formula.operands[0]);
  const Compiled& side = formula.operands[left ? 1 : 0];
  bool fixed = true;
  each_variable(side, [&](int) { fixed = false; });
  const plan::Value limit = fixed ? evaluate(side, Values()) : plan::unknown();
  if (limit.type != plan::Value::Type::integer) return std::nullopt;
  Counted found{formula.operands[left ? 0 : 1], false, limit.number};
  switch (formula.op) {
    case Operator::greater_equal:
      found.at_most = !left;
      return found;
    case Operator::less_equal:
      found.at_most = left;
      return found;
    case Operator::greater:
    case Operator::less: {
      found.at_most = (formula.op == Operator::less) == left;
      found.limit += found.at_most ? -1 : 1;
      return found;
    }
    default:
      return std::nullopt;
  }
}

std::optional<std::int64_t> worst(const Compiled& e, const Values& values, bool most) {
  if (e.op == Operator::count) {
    return std::count_if(e.operands.begin(), e.operands.end(), [&](const Compiled& term) {
      const Truth holds = truth(term, values);
      return most ? holds != Truth::no : holds == Truth::yes;
    });
  }
  if (e.op == Operator::sum) {
    std::int64_t total = 0;
    for (const Compiled& term : e.operands) {
      const auto value = worst(term, values, most);
      if (!value || __builtin_add_overflow(total, *value, &total)) return std::nullopt;
    }
    return total;
  }
  if (e.op == Operator::if_) {
    const Truth holds = truth(e.operands[0], values);
    const auto yes = worst(e.operands[1], values, most), no = worst(e.operands[2], values, most);
    if (holds == Truth::yes || !yes) return yes;
    if (holds == Truth::no || !no) return no;
    return most ? std::max(*yes, *no) : std::min(*yes, *no);
  }
  const plan::Value value = evaluate(e, values);
  return value.type == plan::Value::Type::integer ? std::optional(value.number) : std::nullopt;
}

}  // namespace exm::model
