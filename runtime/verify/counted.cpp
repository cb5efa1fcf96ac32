#include "runtime/verify/counted.h"

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

std::optional<std::int64_t> worst(const Compiled& count, const Values& values, bool most) {
  const auto known = range(count, values);
  if (!known) return std::nullopt;
  return most ? known->high : known->low;
}

}  // namespace exm::model
