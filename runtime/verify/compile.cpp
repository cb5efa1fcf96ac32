// Expressions with numbers for variables.
#include "runtime/verify/evaluate.h"

namespace exm {

using plan::Operator;

namespace {

/// How few operands an operator can do with. The loader refuses fewer; here they make the expression unknown.
std::size_t least_operands(Operator op) {
  switch (op) {
    case Operator::if_:
      return 3;
    case Operator::equal:
    case Operator::not_equal:
    case Operator::less:
    case Operator::less_equal:
    case Operator::greater:
    case Operator::greater_equal:
    case Operator::in:
      return 2;
    case Operator::not_:
    case Operator::known:
    case Operator::add:
    case Operator::subtract:
    case Operator::multiply:
    case Operator::divide:
      return 1;
    default:
      return 0;
  }
}

}  // namespace

Compiled compile(const plan::Expression& e, const std::function<int(const std::string&)>& number) {
  if (e.operands.size() < least_operands(e.op)) return {};
  Compiled c{e.op, e.value, e.op == Operator::variable ? number(e.text) : -1, {}};
  c.operands.reserve(e.operands.size());
  for (const plan::Expression& operand : e.operands) c.operands.push_back(compile(operand, number));
  return c;
}

void each_variable(const Compiled& e, const std::function<void(int)>& use) {
  if (e.op == Operator::variable) use(e.variable);
  for (const Compiled& operand : e.operands) each_variable(operand, use);
}

Compiled renumbered(const Compiled& e, const std::function<int(int)>& number) {
  Compiled c{e.op, e.value, e.op == Operator::variable ? number(e.variable) : -1, {}};
  c.operands.reserve(e.operands.size());
  for (const Compiled& operand : e.operands) c.operands.push_back(renumbered(operand, number));
  return c;
}

}  // namespace exm
