#include <algorithm>
#include <charconv>

#include "compiler/parse/builder.h"

namespace exm::parsing {

namespace {

using ast::BinaryOp;
using ast::Expr;
using ast::ExprKind;

/// How strongly an operator binds; the grammar leaves them in a row.
enum Strength : int { loosest, implies_, or_, and_, not_, compare, range, add, multiply, unary };

struct Operator {
  int strength = loosest;
  BinaryOp op = BinaryOp::and_;
};

Operator operator_of(std::string_view sign) {
  switch (sign[0]) {
    case 'i': return sign == "in" ? Operator{compare, BinaryOp::in} : Operator{implies_, BinaryOp::implies};
    case 'o': return {or_, BinaryOp::or_};
    case 'a': return {and_, BinaryOp::and_};
    case 'n': return {compare, BinaryOp::not_in};
    case '=': return {compare, BinaryOp::equal};
    case '!': return {compare, BinaryOp::not_equal};
    case '<': return {compare, sign.size() == 2 ? BinaryOp::less_equal : BinaryOp::less};
    case '>': return {compare, sign.size() == 2 ? BinaryOp::greater_equal : BinaryOp::greater};
    case '+': return {add, BinaryOp::add};
    case '-': return {add, BinaryOp::subtract};
    case '*': return {multiply, BinaryOp::multiply};
    case '/': return {multiply, BinaryOp::divide};
    default: return {range, BinaryOp::add};  // `..`, which is no BinaryOp
  }
}

}  // namespace

Expr Builder::start(Ref node, ExprKind kind) const {
  Expr e;
  e.kind = kind;
  e.span = span(node);
  return e;
}

bool Builder::too_deep(std::size_t depth, Span at) {
  if (depth <= max_depth) return false;
  if (!reported_depth_) complain({at.source, at.begin, at.begin + 1}, diag::too_deep, max_depth);
  reported_depth_ = true;
  return true;
}

/// A row of operands and operators, an `expression` or a `collection`.
Expr Builder::expression(Ref node) {
  Sequence row{first(node), node};
  return binary(row, loosest);
}

std::optional<Expr> Builder::optional_expression(Ref node, NodeKind wrapper) {
  const Ref found = child(node, wrapper);
  if (found == none) return std::nullopt;
  return kind(found) == NodeKind::expression ? expression(found) : expression_in(node, wrapper);
}

/// The expression, or the single operand, in a child of that kind.
Expr Builder::expression_in(Ref node, NodeKind wrapper) {
  const Ref inner = first(child(node, wrapper));
  return kind(inner) == NodeKind::operand ? operand(inner) : expression(inner);
}

Expr Builder::binary(Sequence& rest, int weakest) {
  Expr left = prefixed(rest, weakest);
  std::size_t depth = depth_;
  bool compared = false;
  while (rest.at != none) {
    const Ref sign = rest.at;
    const Operator op = operator_of(text(sign));
    if (op.strength < weakest) break;
    if (compared && op.strength == compare) complain(span(sign), diag::chained_comparison).hint("join two comparisons with `and`");
    compared = op.strength == compare;
    rest.at = after(rest.at, rest.parent);
    Expr right;
    if (++unary_ > max_depth) {
      too_deep(unary_, span(sign));
      rest.at = none;
    } else {
      right = binary(rest, op.strength == implies_ ? op.strength : op.strength + 1);
    }
    --unary_;
    depth = std::max(depth, depth_) + 1;
    if (too_deep(depth, span(sign))) {
      rest.at = none;
      break;
    }
    Expr both;
    both.kind = op.strength == range ? ExprKind::range : ExprKind::binary;
    both.op = op.op;
    both.span = {source_, left.span.begin, std::max(left.span.end, right.span.end)};
    both.operands.reserve(2);
    both.operands.push_back(std::move(left));
    both.operands.push_back(std::move(right));
    left = std::move(both);
  }
  depth_ = std::min(depth, max_depth);
  return left;
}

Expr Builder::prefixed(Sequence& rest, int weakest) {
  if (rest.at == none) return {};
  const Ref node = rest.at;
  rest.at = after(rest.at, rest.parent);
  if (kind(node) != NodeKind::prefix) return operand(node);

  const bool is_not = text(node) == "not";
  Expr e = start(node, is_not ? ExprKind::not_ : ExprKind::negate);
  if (is_not && weakest > not_) complain(span(node), diag::needs_brackets, "not").hint("write `(not …)`");
  if (++unary_ > max_depth) {
    too_deep(unary_, span(node));
    rest.at = none;
  }
  const bool another = rest.at != none && kind(rest.at) == NodeKind::prefix;
  if (!is_not) e.operands.push_back(prefixed(rest, unary));
  else if (another && text(rest.at) == "not") e.operands.push_back(prefixed(rest, not_));
  else e.operands.push_back(binary(rest, compare));
  --unary_;
  ++depth_;
  e.span.end = std::max(e.span.end, e.operands[0].span.end);
  return e;
}

Expr Builder::operand(Ref node) {
  Expr e = primary(first(node));
  for (Ref m = after(first(node), node); m != none; m = after(m, node)) {
    if (too_deep(++depth_, span(m))) {
      --depth_;
      break;
    }
    Expr outer = start(m, ExprKind::member);
    outer.span.begin = e.span.begin;
    const Ref word = first(m);
    outer.text = member_name(word);
    outer.text_span = span(word);
    outer.operands.push_back(std::move(e));
    e = std::move(outer);
  }
  return e;
}

/// A name, or a text for one that is no word.
std::string Builder::member_name(Ref node) {
  if (kind(node) != NodeKind::text) return std::string(text(node));
  const std::size_t depth = depth_;
  const Expr quoted = any_text(node);
  depth_ = depth;
  std::string name;
  for (const ast::TextPart& part : quoted.parts) {
    if (!part.value.empty()) complain(part.span, diag::expected, "the name of a member, without `${…}`");
    name += part.literal;
  }
  return name;
}

Expr Builder::primary(Ref node) {
  depth_ = 1;
  switch (kind(node)) {
    case NodeKind::reference: return reference(node);
    case NodeKind::text:
    case NodeKind::block: return any_text(node);
    case NodeKind::integer: {
      Expr e = start(node, ExprKind::integer);
      e.number = integer(node);
      return e;
    }
    case NodeKind::duration: {
      Expr e = start(node, ExprKind::duration);
      e.number = duration(node);
      return e;
    }
    case NodeKind::brackets: return brackets(node);
    case NodeKind::list: return several(node, ExprKind::list);
    case NodeKind::set: return braces(node);
    case NodeKind::filter: return quantified(node, ExprKind::filter);
    case NodeKind::if_expression: return several(node, ExprKind::if_);
    case NodeKind::forall: return quantified(node, ExprKind::forall);
    case NodeKind::exists: return quantified(node, ExprKind::exists);
    case NodeKind::count: return quantified(node, ExprKind::count);
    case NodeKind::sum: return quantified(node, ExprKind::sum);
    default: return start(node, ExprKind::none);
  }
}

Expr Builder::reference(Ref node) {
  const Ref word = first(node);
  const std::string_view name = text(word);
  const Ref given = after(word, node);
  Expr e = given == none ? start(node, ExprKind::name) : several(given, ExprKind::call);
  e.span = span(node);
  e.text_span = span(word);
  if (given == none && (name == "true" || name == "false")) {
    e.kind = ExprKind::boolean;
    e.number = name == "true" ? 1 : 0;
  } else if (given == none && name == "none") {
    e.kind = ExprKind::none;
  } else if (given == none && name == "unknown") {
    e.kind = ExprKind::unknown;
  } else {
    e.text = name;
  }
  return e;
}

Expr Builder::brackets(Ref node) {
  Expr e = expression(first(node));
  e.span = span(node);
  return e;
}

/// All the expressions in it are its operands.
Expr Builder::several(Ref node, ExprKind kind) {
  Expr e = start(node, kind);
  std::size_t deepest = 0;
  each_child(node, [&](Ref c) {
    e.operands.push_back(expression(c));
    deepest = std::max(deepest, depth_);
  });
  depth_ = deepest + 1;
  return e;
}

Expr Builder::braces(Ref node) {
  const Ref inner = first(node);
  const Ref second = inner == none ? none : after(inner, node);
  if (second == none || kind(second) != NodeKind::for_part) return several(node, ExprKind::set);
  Expr e = start(node, ExprKind::map);
  e.operands.push_back(expression(inner));
  const std::size_t depth = depth_;
  bind(second, e);
  depth_ = std::max(depth, depth_) + 1;
  return e;
}

Expr Builder::quantified(Ref node, ExprKind kind) {
  Expr e = start(node, kind);
  bind(node, e);
  return e;
}

/// `x in C where P`, and what else stands in the node is what it is about.
void Builder::bind(Ref node, Expr& to) {
  std::size_t deepest = 0;
  each_child(node, [&](Ref c) {
    depth_ = 0;
    if (kind(c) == NodeKind::identifier) to.variable = name(c);
    else if (kind(c) == NodeKind::collection) to.collection.push_back(expression(c));
    else if (kind(c) == NodeKind::where) to.where.push_back(expression(first(c)));
    else if (kind(c) == NodeKind::expression) to.operands.push_back(expression(c));
    deepest = std::max(deepest, depth_);
  });
  depth_ = deepest + 1;
}

// ------------------------------------------------------------------------------------------------ numbers

namespace {
constexpr std::int64_t too_big = std::int64_t{1} << 53;  // what plan files can hold

std::int64_t seconds_in(char unit) {
  switch (unit) {
    case 'd': return 86400;
    case 'h': return 3600;
    case 'm': return 60;
    default: return 1;
  }
}
}  // namespace

std::int64_t Builder::integer(Ref node) {
  const std::string_view digits = text(node);
  std::int64_t number = 0;
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (read.ec == std::errc() && number < too_big) return number;
  complain(span(node), diag::number_too_big, digits.substr(0, 60));
  return 0;
}

std::int64_t Builder::duration(Ref node) {
  std::int64_t total = 0;
  std::int64_t number = 0;
  for (const char c : text(node)) {
    if (c >= '0' && c <= '9') {
      number = std::min(number * 10 + (c - '0'), too_big);
      continue;
    }
    const std::int64_t unit = seconds_in(c);
    total = number > too_big / unit ? too_big : std::min(total + number * unit, too_big);
    number = 0;
  }
  if (total < too_big) return total;
  complain(span(node), diag::number_too_big, text(node).substr(0, 60));
  return 0;
}

}  // namespace exm::parsing
