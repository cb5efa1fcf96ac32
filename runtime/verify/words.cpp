#include "runtime/verify/words.h"

#include <string_view>

namespace exm {
namespace {

using plan::Expression;
using plan::Operator;
using plan::Value;

std::string_view sign(Operator op) {
  switch (op) {
    case Operator::and_:
      return "and";
    case Operator::or_:
      return "or";
    case Operator::equal:
      return "==";
    case Operator::not_equal:
      return "!=";
    case Operator::less:
      return "<";
    case Operator::less_equal:
      return "<=";
    case Operator::greater:
      return ">";
    case Operator::greater_equal:
      return ">=";
    case Operator::in:
      return "in";
    case Operator::add:
      return "+";
    case Operator::subtract:
      return "-";
    case Operator::multiply:
      return "*";
    case Operator::divide:
      return "/";
    case Operator::not_:
      return "not";
    case Operator::known:
      return "known";
    case Operator::count:
      return "count";
    case Operator::sum:
      return "sum";
    default:
      return "";
  }
}

std::string joined(const std::vector<Expression>& operands, std::string_view between) {
  std::string text;
  for (const Expression& operand : operands) {
    if (!text.empty()) text += between;
    text += words(operand);
  }
  return text;
}

/// In brackets where it is more than one word.
std::string operand_words(const Expression& e) {
  const bool plain = e.operands.empty() || e.op == Operator::known || e.op == Operator::count ||
                     e.op == Operator::sum || e.op == Operator::set;
  return plain ? words(e) : "(" + words(e) + ")";
}

std::string infix(const Expression& e) {
  const std::string between = " " + std::string(sign(e.op)) + " ";
  std::string text;
  for (const Expression& operand : e.operands) {
    const bool comparison = (e.op == Operator::and_ || e.op == Operator::or_) && operand.op != Operator::and_ &&
                            operand.op != Operator::or_;
    text += (text.empty() ? "" : between) + (comparison ? words(operand) : operand_words(operand));
  }
  return text;
}

}  // namespace

std::string words(const Value& value) {
  switch (value.type) {
    case Value::Type::unknown:
      return "unknown";
    case Value::Type::none:
      return "none";
    case Value::Type::boolean:
      return value.number != 0 ? "true" : "false";
    case Value::Type::integer:
      return std::to_string(value.number);
    case Value::Type::duration:
      return std::to_string(value.number) + "s";
    case Value::Type::set: {
      std::string text;
      for (const Value& element : value.elements) text += (text.empty() ? "" : ", ") + words(element);
      return "{" + text + "}";
    }
    default:
      return value.text;
  }
}

std::string words(const Expression& e) {
  switch (e.op) {
    case Operator::constant:
      return words(e.value);
    case Operator::variable:
      return e.text;
    case Operator::argument:
      return "$" + e.text;
    case Operator::object:
      return "$" + std::to_string(e.slot);
    case Operator::not_:
      return e.operands.empty() ? "not" : "not " + operand_words(e.operands[0]);
    case Operator::set:
      return "{" + joined(e.operands, ", ") + "}";
    case Operator::count:
    case Operator::sum:
    case Operator::known:
      return std::string(sign(e.op)) + "(" + joined(e.operands, ", ") + ")";
    case Operator::if_:
      if (e.operands.size() < 3) return "if";
      return "if " + operand_words(e.operands[0]) + " then " + operand_words(e.operands[1]) + " else " +
             operand_words(e.operands[2]);
    default:
      return infix(e);
  }
}

std::string words(const std::vector<std::pair<std::string, Value>>& values) {
  std::string text;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (i > 0) text += i + 1 == values.size() ? " and " : ", ";
    text += values[i].first + " is " + words(values[i].second);
  }
  return text;
}

}  // namespace exm
