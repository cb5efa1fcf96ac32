// Expressions: each gets its type, or poison once something about it has been reported.
#include <fmt/format.h>

#include <algorithm>

#include "compiler/check/checker.h"

namespace exm::checking {

Expr poison(Span span) {
  Expr e;
  e.span = span;
  return e;
}

bool is_poison(const Expr& expr) { return expr.type.tag == Type::Tag::poison; }

Expr constant_expr(Value value, Type type, Span span) {
  Expr e;
  e.value = std::move(value);
  e.type = std::move(type);
  e.span = span;
  return e;
}

void Checker::mismatch(Span span, const Type& expected, const Type& found) {
  diagnostics_.report(span, diag::wrong_type, text(expected), text(found));
}

Expr Checker::expect(const ast::Expr& ast, Scope& scope, const Type& wanted, Fit fit) {
  Expr e = infer(ast, scope, &wanted);
  if (fits(e.type, wanted, fit)) {
    if (is_poison(e)) e.type = wanted.tag == Type::Tag::poison ? e.type : wanted;
    return e;
  }
  mismatch(ast.span, wanted, e.type);
  return poison(ast.span);
}

Expr Checker::condition(const ast::Expr& ast, Scope& scope) { return expect(ast, scope, simple(Type::Tag::boolean)); }

Expr Checker::collection(const ast::Expr& ast, Scope& scope) {
  Expr e = infer(ast, scope);
  const auto tag = e.type.tag;
  if (tag == Type::Tag::poison || tag == Type::Tag::set || tag == Type::Tag::list) return e;
  diagnostics_.report(ast.span, diag::wrong_type, "a set or a list", text(e.type));
  return poison(ast.span);
}

Expr Checker::infer(const ast::Expr& ast, Scope& scope, const Type* hint) {
  constexpr std::size_t deepest = 600;
  if (depth_ >= deepest) {
    diagnostics_.report(ast.span, diag::too_deep, deepest);
    return poison(ast.span);
  }
  ++depth_;
  Expr e = infer_by_kind(ast, scope, hint);
  --depth_;
  return e;
}

Expr Checker::infer_by_kind(const ast::Expr& ast, Scope& scope, const Type* hint) {
  using Kind = ast::ExprKind;
  const auto constant_of = [&](Value::Tag tag, Type::Tag type_tag) {
    Value v;
    v.tag = tag;
    v.number = ast.number;
    return constant_expr(std::move(v), simple(type_tag), ast.span);
  };
  switch (ast.kind) {
    case Kind::integer: return constant_of(Value::Tag::integer, Type::Tag::integer);
    case Kind::duration: return constant_of(Value::Tag::duration, Type::Tag::duration);
    case Kind::boolean: return constant_of(Value::Tag::boolean, Type::Tag::boolean);
    case Kind::none: return constant_expr({Value::Tag::none, 0, {}, {}, {}}, hint != nullptr && hint->tag == Type::Tag::optional ? *hint : simple(Type::Tag::none), ast.span);
    case Kind::unknown: return constant_expr({}, hint != nullptr ? *hint : Type{}, ast.span);
    case Kind::text: return text_expr(ast, scope, hint);
    case Kind::name: return name(ast, scope, hint);
    case Kind::member: return member(ast, scope);
    case Kind::call: return call(ast, scope);
    case Kind::list: case Kind::set: return elements(ast, scope, hint);
    case Kind::not_: return logical(ast, scope, Op::not_);
    case Kind::negate: return arithmetic(ast, scope, Op::negate);
    case Kind::binary: return binary(ast, scope);
    case Kind::if_: return if_expr(ast, scope, hint);
    case Kind::forall: case Kind::exists: case Kind::count: case Kind::sum: case Kind::filter: case Kind::map:
      return quantifier(ast, scope, hint);
    case Kind::range: {
      Expr e;
      e.op = Op::range;
      e.span = ast.span;
      e.type = list_type(simple(Type::Tag::integer));
      for (const ast::Expr& end : ast.operands) e.operands.push_back(expect(end, scope, simple(Type::Tag::integer)));
      return e;
    }
    case Kind::secret: {
      if (!scope.command) diagnostics_.report(ast.span, diag::only_in_commands, "secret");
      Expr e = constant_expr({Value::Tag::text, 0, ast.text, {}, {}}, simple(Type::Tag::text), ast.span);
      e.op = Op::secret;
      return e;
    }
  }
  return poison(ast.span);
}

bool Checker::check_format(const ast::TextPart& part, const Type& type) {
  if (part.format.empty() || type.tag == Type::Tag::poison) return true;
  const bool digits = part.format.size() <= 3 && part.format.find_first_not_of("0123456789") == std::string::npos;
  if (type.tag == Type::Tag::integer && digits && (part.format.size() <= 2 || part.format[0] == '0')) return true;
  auto& report = diagnostics_.report(part.span, diag::bad_format, part.format, text(type));
  if (type.tag == Type::Tag::integer) report.hint("a width, such as `3` or `03`");
  else report.hint("only numbers have one, such as `${i:03}`");
  return false;
}

Expr Checker::text_expr(const ast::Expr& ast, Scope& scope, const Type* hint) {
  Expr e;
  e.op = Op::text;
  e.span = ast.span;
  e.type = simple(Type::Tag::text);
  bool constant_only = true;
  for (const ast::TextPart& part : ast.parts) {
    program::TextPart made;
    made.literal = part.literal;
    if (!part.value.empty()) {
      Expr value = infer(part.value[0], scope);
      if (value.type.tag == Type::Tag::none) mismatch(part.span, simple(Type::Tag::text), value.type);
      if (check_format(part, value.type)) made.format = part.format;
      constant_only = constant_only && value.op == Op::constant;
      made.value.push_back(std::move(value));
    }
    e.parts.push_back(std::move(made));
  }
  if (constant_only && !scope.command) {
    const bool broken = std::any_of(e.parts.begin(), e.parts.end(), [](const program::TextPart& p) { return !p.value.empty() && is_poison(p.value[0]); });
    if (broken) return poison(ast.span);
    Value v;
    v.tag = Value::Tag::text;
    for (const program::TextPart& part : e.parts) {
      v.text += part.literal;
      if (!part.value.empty()) v.text += program::in_text(program_, part.value[0].value, part.format);
    }
    e = constant_expr(std::move(v), simple(Type::Tag::text), ast.span);
  }
  return hint != nullptr ? coerced_text(std::move(e), *hint) : e;
}

namespace {
/// Made of nothing but constants and what they lead to.
bool is_closed(const Expr& expr) {
  if (expr.op == Op::local || expr.op == Op::secret || expr.op == Op::run_started) return false;
  const auto part_is_closed = [](const program::TextPart& part) { return part.value.empty() || is_closed(part.value[0]); };
  return std::all_of(expr.operands.begin(), expr.operands.end(), is_closed) && std::all_of(expr.parts.begin(), expr.parts.end(), part_is_closed);
}
}  // namespace

Expr Checker::coerced_text(Expr e, const Type& wanted) {
  using Tag = Type::Tag;
  const Type& type = needed(wanted);
  if (e.op == Op::text && type.tag != Tag::text && is_closed(e) && !program::reads_state(program_, e)) {
    if (Value v = constant_in(e, {}); v.tag == Value::Tag::text) e = constant_expr(std::move(v), e.type, e.span);
  }
  if (type.tag == Tag::path && e.op == Op::text) {  // a path made of pieces
    e.type = type;
    return e;
  }
  if (e.op != Op::constant) return e;
  static const std::map<Tag, std::string_view> forms = {{Tag::version, "a version (numbers between dots)"},
                                                        {Tag::ip, "an IP address"},
                                                        {Tag::cidr, "a network (`10.0.0.0/24`)"},
                                                        {Tag::path, "a path"},
                                                        {Tag::duration, "a duration (`15m`, `1h30m`)"}};
  if (const auto form = forms.find(type.tag); form != forms.end()) {
    if (const auto value = read_value(type, e.value.text)) return constant_expr(*value, type, e.span);
    diagnostics_.report(e.span, diag::bad_value, e.value.text, form->second);
    return poison(e.span);
  }
  if (type.tag == Tag::object && type.kind) {  // an object by its name
    if (const auto object = find_object(e.value.text, type.kind)) return constant_object(*object, e.span);
    std::vector<std::string> known;
    for (const Object& o : program_.objects)
      if (o.kind == type.kind && known.size() < 5000) known.push_back(o.name);
    unknown(e.span, program_.kinds[type.kind].name, e.value.text, known);
    return poison(e.span);
  }
  if (type.tag == Tag::enumeration) {
    if (const auto value = read_value(type, e.value.text)) {
      diagnostics_.report(e.span, diag::wrong_type, text(type), "a text").hint("without quotes: `" + e.value.text + "`");
      return poison(e.span);
    }
  }
  return e;
}

Expr Checker::elements(const ast::Expr& ast, Scope& scope, const Type* hint) {
  const Type* wanted = hint != nullptr ? &needed(*hint) : nullptr;
  const bool wants_set = wanted != nullptr && wanted->tag == Type::Tag::set;
  const bool wants_list = wanted != nullptr && wanted->tag == Type::Tag::list;
  Expr e;
  e.op = ast.kind == ast::ExprKind::set || wants_set ? Op::set : Op::list;
  e.span = ast.span;
  Type element = wants_set || wants_list ? element_of(*wanted) : Type{};
  const bool given = wants_set || wants_list;
  const bool silent = hint != nullptr && hint->tag == Type::Tag::poison;
  for (const ast::Expr& item : ast.operands) {
    const bool first = element.tag == Type::Tag::poison;
    Expr value = infer(item, scope, first && !silent && !given ? nullptr : &element);
    if (first && !given) {
      element = value.type;
    } else if (!fits(value.type, element)) {
      mismatch(item.span, element, value.type);
      value = poison(item.span);
    }
    e.operands.push_back(std::move(value));
  }
  e.type = e.op == Op::set ? set_type(element) : list_type(element);
  return e;
}

Expr Checker::if_expr(const ast::Expr& ast, Scope& scope, const Type* hint) {
  Expr e;
  e.op = Op::if_;
  e.span = ast.span;
  e.operands.push_back(condition(ast.operands[0], scope));
  const bool second_first = hint == nullptr && leans(ast.operands[1], scope) && !leans(ast.operands[2], scope);
  const ast::Expr& first = ast.operands[second_first ? 2 : 1];
  const ast::Expr& second = ast.operands[second_first ? 1 : 2];
  Expr a = infer(first, scope, hint);
  Expr b = infer(second, scope, hint != nullptr ? hint : &a.type);
  e.type = is_poison(a) ? b.type : a.type;
  if (a.type.tag == Type::Tag::none && b.type.tag != Type::Tag::optional && !is_poison(b)) e.type = optional_of(b.type);
  else if (b.type.tag == Type::Tag::none && a.type.tag != Type::Tag::optional && !is_poison(a)) e.type = optional_of(a.type);
  else if (fits(a.type, b.type)) e.type = is_poison(b) ? a.type : b.type;
  else if (!fits(b.type, a.type)) {
    mismatch(second.span, a.type, b.type);
    return poison(ast.span);
  }
  if (second_first) std::swap(a, b);
  e.operands.push_back(std::move(a));
  e.operands.push_back(std::move(b));
  return e;
}

Expr Checker::quantifier(const ast::Expr& ast, Scope& scope, const Type* hint) {
  using Kind = ast::ExprKind;
  static const std::map<Kind, Op> ops = {{Kind::forall, Op::forall}, {Kind::exists, Op::exists}, {Kind::count, Op::count},
                                         {Kind::sum, Op::sum},       {Kind::filter, Op::filter}, {Kind::map, Op::map}};
  Expr e;
  e.op = ops.at(ast.kind);
  e.span = ast.span;
  e.operands.push_back(collection(ast.collection[0], scope));
  const Type element = element_of(e.operands[0].type);
  e.local = static_cast<std::uint32_t>(scope.locals.size());
  e.value.text = ast.variable.text;
  scope.locals.push_back({ast.variable.text, element, ast.variable.span});
  scope.size = std::max(scope.size, e.local + 1);
  e.operands.push_back(ast.where.empty() ? constant_expr(program::boolean(true), simple(Type::Tag::boolean), ast.span) : condition(ast.where[0], scope));
  switch (e.op) {
    case Op::forall: case Op::exists:
      e.operands.push_back(condition(ast.operands[0], scope));
      e.type = simple(Type::Tag::boolean);
      break;
    case Op::count: e.type = simple(Type::Tag::integer); break;
    case Op::filter: e.type = set_type(element); break;
    case Op::map: {
      const bool known_element = hint != nullptr && hint->tag == Type::Tag::set;
      e.operands.push_back(infer(ast.operands[0], scope, known_element ? &element_of(*hint) : nullptr));
      e.type = set_type(e.operands[2].type);
      break;
    }
    default: {  // sum
      e.operands.push_back(infer(ast.operands[0], scope));
      e.type = e.operands[2].type;
      const auto tag = e.type.tag;
      if (tag == Type::Tag::poison || tag == Type::Tag::integer || tag == Type::Tag::duration) break;
      diagnostics_.report(ast.operands[0].span, diag::wrong_type, "`int` or `duration`", text(e.type));
      e = poison(ast.span);
    }
  }
  scope.locals.pop_back();
  return e;
}

}  // namespace exm::checking
