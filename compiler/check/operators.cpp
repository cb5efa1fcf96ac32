// Operators: which sides go together, and which side tells the other its type.
#include <fmt/format.h>

#include "compiler/check/checker.h"

namespace exm::checking {

bool Checker::leans(const ast::Expr& ast, const Scope& scope) const {
  using Kind = ast::ExprKind;
  switch (ast.kind) {
    case Kind::text: case Kind::none: case Kind::unknown: return true;
    case Kind::set: case Kind::list: return ast.operands.empty() || leans(ast.operands[0], scope);
    case Kind::if_: return leans(ast.operands[1], scope) && leans(ast.operands[2], scope);
    case Kind::name: {
      for (const program::Local& local : scope.locals)
        if (local.name == ast.text) return false;
      if (scope.constants && scope.constants->contains(ast.text)) return false;
      if (scope.self && has_member(scope.self, ast.text)) return false;
      return values_.find(ast.text) == nullptr;
    }
    default: return false;
  }
}

Expr Checker::binary(const ast::Expr& ast, Scope& scope) {
  using B = ast::BinaryOp;
  switch (ast.op) {
    case B::implies: return logical(ast, scope, Op::implies);
    case B::or_: return logical(ast, scope, Op::or_);
    case B::and_: return logical(ast, scope, Op::and_);
    case B::equal: return comparison(ast, scope, Op::equal);
    case B::not_equal: return comparison(ast, scope, Op::not_equal);
    case B::less: return comparison(ast, scope, Op::less);
    case B::less_equal: return comparison(ast, scope, Op::less_equal);
    case B::greater: return comparison(ast, scope, Op::greater);
    case B::greater_equal: return comparison(ast, scope, Op::greater_equal);
    case B::in: return membership(ast, scope, Op::in);
    case B::not_in: return membership(ast, scope, Op::not_in);
    case B::add: return arithmetic(ast, scope, Op::add);
    case B::subtract: return arithmetic(ast, scope, Op::subtract);
    case B::multiply: return arithmetic(ast, scope, Op::multiply);
    case B::divide: return arithmetic(ast, scope, Op::divide);
  }
  return poison(ast.span);
}

Expr Checker::logical(const ast::Expr& ast, Scope& scope, Op op) {
  Expr e;
  e.op = op;
  e.span = ast.span;
  e.type = simple(Type::Tag::boolean);
  for (const ast::Expr& operand : ast.operands) e.operands.push_back(condition(operand, scope));
  return e;
}

std::pair<Expr, Expr> Checker::sides(const ast::Expr& ast, Scope& scope) {
  const ast::Expr& left = ast.operands[0];
  const ast::Expr& right = ast.operands[1];
  if (leans(left, scope) && !leans(right, scope)) {
    Expr b = infer(right, scope);
    Expr a = infer(left, scope, &b.type);
    return {std::move(a), std::move(b)};
  }
  Expr a = infer(left, scope);
  Expr b = infer(right, scope, &a.type);
  return {std::move(a), std::move(b)};
}

Expr Checker::comparison(const ast::Expr& ast, Scope& scope, Op op) {
  Expr e;
  e.op = op;
  e.span = ast.span;
  e.type = simple(Type::Tag::boolean);
  for (const ast::Expr& operand : ast.operands) {
    if (operand.kind != ast::ExprKind::unknown) continue;
    diagnostics_.report(operand.span, diag::compares_unknown).hint("`known(x)` asks whether x is known");
    return poison(ast.span);
  }
  auto [a, b] = sides(ast, scope);
  if (is_poison(a) || is_poison(b)) return poison(ast.span);
  const bool ordered = op != Op::equal && op != Op::not_equal;
  const auto tag = needed(a.type).tag;
  if (!comparable(a.type, b.type)) {
    diagnostics_.report(ast.span, diag::not_comparable, text(a.type), text(b.type));
    return poison(ast.span);
  }
  if (ordered && tag != Type::Tag::integer && tag != Type::Tag::duration && tag != Type::Tag::version) {
    diagnostics_.report(ast.operands[0].span, diag::wrong_type, "`int`, `duration` or `version`, which have an order", text(a.type));
    return poison(ast.span);
  }
  e.operands.push_back(std::move(a));
  e.operands.push_back(std::move(b));
  return e;
}

Expr Checker::membership(const ast::Expr& ast, Scope& scope, Op op) {
  Expr e;
  e.op = op;
  e.span = ast.span;
  e.type = simple(Type::Tag::boolean);
  Expr element, set;
  if (leans(ast.operands[0], scope)) {
    set = infer(ast.operands[1], scope);
    element = infer(ast.operands[0], scope, is_poison(set) ? &set.type : &element_of(set.type));
  } else {
    element = infer(ast.operands[0], scope);
    const Type wanted = is_poison(element) ? element.type : set_type(element.type);
    set = infer(ast.operands[1], scope, &wanted);
  }
  if (is_poison(element) || is_poison(set)) return poison(ast.span);
  if (set.type.tag != Type::Tag::set && set.type.tag != Type::Tag::list) {
    diagnostics_.report(ast.operands[1].span, diag::wrong_type, "a set or a list", text(set.type));
    return poison(ast.span);
  }
  if (!comparable(element.type, element_of(set.type))) {
    diagnostics_.report(ast.span, diag::not_comparable, text(element.type), "the elements of " + text(set.type));
    return poison(ast.span);
  }
  e.operands.push_back(std::move(element));
  e.operands.push_back(std::move(set));
  return e;
}

Expr Checker::arithmetic(const ast::Expr& ast, Scope& scope, Op op) {
  using Tag = Type::Tag;
  Expr e;
  e.op = op;
  e.span = ast.span;
  for (const ast::Expr& operand : ast.operands) {
    e.operands.push_back(infer(operand, scope));
    const Expr& made = e.operands.back();
    if (is_poison(made)) return poison(ast.span);
    if (made.type.tag == Tag::integer || made.type.tag == Tag::duration) continue;
    auto& report = diagnostics_.report(operand.span, diag::wrong_type, "`int` or `duration`", text(made.type));
    if (made.type.tag == Tag::text) report.hint("texts are put together within quotes: \"${a}${b}\"");
    return poison(ast.span);
  }
  const Tag a = e.operands[0].type.tag;
  const Tag b = e.operands.size() > 1 ? e.operands[1].type.tag : a;
  const bool additive = op == Op::add || op == Op::subtract || op == Op::negate;
  const bool fitting = additive ? a == b : op == Op::multiply ? !(a == Tag::duration && b == Tag::duration) : !(a == Tag::integer && b == Tag::duration);
  if (!fitting) {
    mismatch(ast.operands[1].span, e.operands[0].type, e.operands[1].type);
    return poison(ast.span);
  }
  const bool a_number = op == Op::divide ? a == b : a == Tag::integer && b == Tag::integer;
  e.type = simple(a_number ? Tag::integer : Tag::duration);
  if (additive) e.type = e.operands[0].type;
  return e;
}

}  // namespace exm::checking
