#include "runtime/show/expression_words.h"

#include <fmt/format.h>

#include "runtime/show/words.h"

namespace exm::show {

namespace {

using plan::Operator;

const char* infix(Operator op) {
  switch (op) {
    case Operator::and_: return "and";
    case Operator::or_: return "or";
    case Operator::equal: return "==";
    case Operator::not_equal: return "!=";
    case Operator::less: return "<";
    case Operator::less_equal: return "<=";
    case Operator::greater: return ">";
    case Operator::greater_equal: return ">=";
    case Operator::in: return "in";
    case Operator::add: return "+";
    case Operator::subtract: return "-";
    case Operator::multiply: return "*";
    case Operator::divide: return "/";
    default: return "?";
  }
}

bool compares(Operator op) { return op >= Operator::equal && op <= Operator::in; }

/// In brackets, unless it is one piece or a comparison under `and`, `or`.
std::string operand(const plan::Expression& e, Operator within) {
  const bool call = e.op == Operator::count || e.op == Operator::sum || e.op == Operator::known || e.op == Operator::set;
  const bool loose = within == Operator::and_ || within == Operator::or_ || within == Operator::if_;
  const bool bare = e.operands.empty() || call || (loose && (compares(e.op) || e.op == Operator::not_));
  return bare ? expression_words(e) : "(" + expression_words(e) + ")";
}

std::string joined(const plan::Expression& e, std::string_view between) {
  std::string out;
  for (const auto& o : e.operands) out += (out.empty() ? "" : std::string(between)) + expression_words(o);
  return out;
}

}  // namespace

std::string expression_words(const plan::Expression& e) {
  switch (e.op) {
    case Operator::constant: return value_words(e.value);
    case Operator::variable: return e.text;
    case Operator::argument: return "$" + e.text;
    case Operator::object: return fmt::format("${}", e.slot);
    case Operator::not_: return "not " + (e.operands.empty() ? "" : operand(e.operands[0], e.op));
    case Operator::count: return "count(" + joined(e, ", ") + ")";
    case Operator::sum: return "sum(" + joined(e, ", ") + ")";
    case Operator::known: return "known(" + joined(e, ", ") + ")";
    case Operator::set: return "{" + joined(e, ", ") + "}";
    case Operator::if_:
      if (e.operands.size() != 3) return "?";
      return fmt::format("if {} then {} else {}", operand(e.operands[0], e.op), operand(e.operands[1], e.op), operand(e.operands[2], e.op));
    default: break;
  }
  if (e.operands.empty()) return e.op == Operator::and_ ? "true" : e.op == Operator::or_ ? "false" : "0";
  std::string out;
  for (const auto& o : e.operands) out += (out.empty() ? "" : fmt::format(" {} ", infix(e.op))) + operand(o, e.op);
  return out;
}

}  // namespace exm::show
