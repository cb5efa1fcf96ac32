#include "runtime/verify/linear.h"

#include <algorithm>

namespace exm::model {
namespace {

using plan::Operator;

/// The operator with its sides exchanged for `not`.
std::optional<Operator> opposite(Operator op) {
  switch (op) {
    case Operator::less:
      return Operator::greater_equal;
    case Operator::less_equal:
      return Operator::greater;
    case Operator::greater:
      return Operator::less_equal;
    case Operator::greater_equal:
      return Operator::less;
    case Operator::not_equal:
      return Operator::equal;
    default:
      return std::nullopt;
  }
}

bool counts(const Compiled& e) {
  return e.op == Operator::count || e.op == Operator::sum ||
         ((e.op == Operator::add || e.op == Operator::subtract) &&
          std::any_of(e.operands.begin(), e.operands.end(), counts));
}

void add_side(const Compiled& side, int sign, Linear& sum) {
  switch (side.op) {
    case Operator::count:
    case Operator::sum:  // operand by operand: under a sum, an `if` reads in its own way
      for (const Compiled& operand : side.operands) {
        sum.terms.push_back({sign, Compiled{side.op, {}, -1, {operand}}});
      }
      return;
    case Operator::add:
      for (const Compiled& operand : side.operands) add_side(operand, sign, sum);
      return;
    case Operator::subtract:
      for (std::size_t i = 0; i < side.operands.size(); ++i) {
        const bool taken_away = i > 0 || side.operands.size() == 1;
        add_side(side.operands[i], taken_away ? -sign : sign, sum);
      }
      return;
    default:
      sum.terms.push_back({sign, side});
  }
}

/// `more` is at least `less`, or more than it.
Linear at_least(const Compiled& more, const Compiled& less, bool strictly) {
  Linear sum;
  add_side(more, 1, sum);
  add_side(less, -1, sum);
  sum.constant = strictly ? -1 : 0;
  return sum;
}

}  // namespace

std::vector<Linear> linear(const Compiled& formula) {
  const Compiled* e = &formula;
  bool negated = false;
  for (; e->op == Operator::not_; e = &e->operands[0]) negated = !negated;
  const auto op = negated ? opposite(e->op) : std::optional<Operator>(e->op);
  if (!op || e->operands.size() != 2) return {};
  const Compiled &a = e->operands[0], &b = e->operands[1];
  if (!counts(a) && !counts(b)) return {};
  switch (*op) {
    case Operator::less:
      return {at_least(b, a, true)};
    case Operator::less_equal:
      return {at_least(b, a, false)};
    case Operator::greater:
      return {at_least(a, b, true)};
    case Operator::greater_equal:
      return {at_least(a, b, false)};
    case Operator::equal:
      return {at_least(a, b, false), at_least(b, a, false)};
    default:
      return {};
  }
}

std::int64_t least_of(const std::vector<Term>& terms, const Values& values) {
  std::int64_t total = 0;
  for (const Term& term : terms) {
    const auto known = range(term.formula, values);
    const std::int64_t least = !known ? hopeless : term.sign > 0 ? known->low : -known->high;
    total = std::max(hopeless, total + std::clamp(least, hopeless, -hopeless));
  }
  return total;
}

}  // namespace exm::model
