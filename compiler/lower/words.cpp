// Titles, sentences and commands: literal parts, objects by their slots, values as holes. No quoting is done here.
#include "compiler/check/evaluator.h"
#include "compiler/lower/steps.h"
#include "compiler/lower/values.h"

namespace exm::lowering {

using program::Expr;
using program::Op;
using program::Value;

std::string Words::hint(const Expr& expr) const {
  switch (expr.op) {
    case Op::field: return program_.fields[expr.field].name;
    case Op::call: return program_.lets[expr.let].name;
    case Op::local: return expr.local < parameters_.size() ? parameters_[expr.local].name : "value";
    case Op::name:
    case Op::seconds:
    case Op::was: return hint(expr.operands[0]);
    default: return "value";
  }
}

Id<program::Object> Words::object(const Expr& expr, task::Terms& frame) {
  const auto value = x_.constant(x_.expand(expr.op == Op::name ? expr.operands[0] : expr, frame));
  return value && value->tag == Value::Tag::object ? value->object : Id<program::Object>();
}

std::string Words::text(const Expr& expr, task::Terms& frame) {
  if (expr.op != Op::text) return escaped(x_.words(expr, frame));
  std::string result;
  for (std::size_t i = 0; i < expr.parts.size(); ++i) {
    const program::TextPart& part = expr.parts[i];
    result += escaped(part.literal);
    if (part.value.empty()) continue;
    const Expr& of = part.value[0];
    const bool open = i + 1 < expr.parts.size() && !expr.parts[i + 1].literal.empty() && goes_on(expr.parts[i + 1].literal[0]);
    const auto value = x_.constant(x_.expand(of, frame));
    if (!value || value->tag == Value::Tag::unknown) {
      result += escaped(x_.written(of, frame));
    } else if (const auto it = object(of, frame); it && !open && shape_.name_slot(it) >= 0) {
      result += "$" + std::to_string(shape_.name_slot(it));
    } else {
      const std::string plain = program::in_text(program_, *value, part.format);
      result += open ? escaped(plain) : shape_.hole(plan::text(plain), hint(of));
    }
  }
  return result;
}

plan::Piece Words::piece(const Expr& expr, task::Terms& frame) {
  plan::Piece piece;
  if (expr.op == Op::secret) return {plan::Piece::Kind::secret, expr.value.text, {}, 0};
  if (expr.op == Op::run_started) return {plan::Piece::Kind::run, "started", {}, 0};
  if (const auto it = object(expr, frame)) {
    const int slot = shape_.name_slot(it);
    if (slot >= 0) return {plan::Piece::Kind::object, {}, {}, slot};
    return {plan::Piece::Kind::argument, shape_.hole(plan::text(program_.objects[it].name), program_.kinds[program_.objects[it].kind].name), {}, 0};
  }
  const auto value = x_.constant(x_.expand(expr, frame));
  piece.kind = plan::Piece::Kind::value;
  piece.value = value ? plan_value(program_, *value) : plan::unknown();
  if (piece.value.type == plan::Value::Type::unknown || piece.value.type == plan::Value::Type::none) return piece;
  piece.kind = plan::Piece::Kind::argument;
  piece.text = shape_.hole(piece.value, hint(expr));
  piece.value = {};
  return piece;
}

plan::Text Words::command(const Expr& expr, task::Terms& frame) {
  plan::Text text;
  auto add = [&](const std::string& literal) {
    if (literal.empty()) return;
    if (!text.empty() && text.back().kind == plan::Piece::Kind::text) text.back().text += literal;
    else text.push_back({plan::Piece::Kind::text, literal, {}, 0});
  };
  if (expr.op == Op::constant) add(expr.value.text);
  for (const program::TextPart& part : expr.parts) {
    add(part.literal);
    for (const Expr& value : part.value) text.push_back(piece(value, frame));
  }
  return text;
}

}  // namespace exm::lowering
