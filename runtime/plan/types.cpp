#include "runtime/plan/types.h"

#include <algorithm>

#include "runtime/plan/paths.h"

namespace exm::plan {

namespace {

using Tag = Type::Kind;

/// A type, or any (of `unknown`, `none`, an empty set), or what is wrong.
struct Told {
  std::optional<Type> type;  // nothing: any
  std::string wrong;
};

Told wrong(std::string why) { return {std::nullopt, std::move(why)}; }
Told plain(Tag kind) { return {Type{kind, {}, {}, {}}, ""}; }

Told of_value(const Value& value) {
  switch (value.type) {
    case Value::Type::unknown: case Value::Type::none: return {};
    case Value::Type::boolean: return plain(Tag::boolean);
    case Value::Type::integer: return plain(Tag::integer);
    case Value::Type::text: return plain(Tag::text);
    case Value::Type::duration: return plain(Tag::duration);
    case Value::Type::version: return plain(Tag::version);
    case Value::Type::ip: return plain(Tag::ip);
    case Value::Type::cidr: return plain(Tag::cidr);
    case Value::Type::path: return plain(Tag::path);
    case Value::Type::reference: return plain(Tag::reference);
    case Value::Type::set: break;
  }
  Told out = plain(Tag::set);
  for (const auto& e : value.elements)
    if (const Told element = of_value(e); element.type && out.type->element.empty()) out.type->element.push_back(*element.type);
  return out;
}

const Type& bare(const Type& type) { return type.kind == Tag::optional && !type.element.empty() ? bare(type.element.front()) : type; }

/// Can values of the two be equal? A text stands for an enum's name, a text and whatever else is written as text is not.
bool alike(const Type& a, const Type& b) {
  const Type &x = bare(a), &y = bare(b);
  const auto collection = [](Tag k) { return k == Tag::set || k == Tag::list; };
  if (collection(x.kind) && collection(y.kind)) return x.element.empty() || y.element.empty() || alike(x.element[0], y.element[0]);
  const auto name = [](Tag k) { return k == Tag::text || k == Tag::enumeration; };
  return x.kind == y.kind || (name(x.kind) && name(y.kind));
}

bool ordered(const Type& type) {
  const Tag k = bare(type).kind;
  return k == Tag::integer || k == Tag::duration || k == Tag::version;
}

Told tell(const Plan& plan, const Expression& e);

Told all_of(const Plan& plan, const Expression& e, Tag wanted, const char* what) {
  for (const auto& operand : e.operands) {
    Told t = tell(plan, operand);
    if (!t.wrong.empty()) return t;
    if (t.type && bare(*t.type).kind != wanted && !(wanted == Tag::integer && bare(*t.type).kind == Tag::duration))
      return wrong(std::string("expected ") + what + " as each operand");
  }
  return {};
}

Told tell_comparison(const Plan& plan, const Expression& e) {
  const Told a = tell(plan, e.operands[0]), b = tell(plan, e.operands[1]);
  if (!a.wrong.empty()) return a;
  if (!b.wrong.empty()) return b;
  if (e.op == Operator::in) {
    if (e.operands[1].op != Operator::set && e.operands[1].op != Operator::variable && b.type && bare(*b.type).kind != Tag::set)
      return wrong("the right side of `in` is a set or a variable");
    if (a.type && b.type) {
      const Type& set = bare(*b.type);
      if (set.kind != Tag::set && set.kind != Tag::list) return wrong("the right side of `in` is no set");
      if (!set.element.empty() && !alike(*a.type, set.element[0])) return wrong("`in` looks for a value of another type");
    }
    return plain(Tag::boolean);
  }
  if (a.type && b.type && !alike(*a.type, *b.type)) return wrong("values of different types are compared");
  const bool equality = e.op == Operator::equal || e.op == Operator::not_equal;
  if (!equality && ((a.type && !ordered(*a.type)) || (b.type && !ordered(*b.type))))
    return wrong("only ints, durations and versions have an order");
  return plain(Tag::boolean);
}

Told tell_if(const Plan& plan, const Expression& e) {
  const Told c = tell(plan, e.operands[0]), a = tell(plan, e.operands[1]), b = tell(plan, e.operands[2]);
  for (const auto* t : {&c, &a, &b})
    if (!t->wrong.empty()) return *t;
  if (c.type && bare(*c.type).kind != Tag::boolean) return wrong("the condition of `if` is no bool");
  if (a.type && b.type && !alike(*a.type, *b.type)) return wrong("the branches of `if` have different types");
  return a.type ? a : b;
}

Told tell_set(const Plan& plan, const Expression& e) {
  Told out = plain(Tag::set);
  for (const auto& operand : e.operands) {
    const Told t = tell(plan, operand);
    if (!t.wrong.empty()) return t;
    if (!t.type) continue;
    if (out.type->element.empty()) out.type->element.push_back(*t.type);
    if (!alike(out.type->element[0], *t.type)) return wrong("the elements of a set have different types");
  }
  return out;
}

Told tell(const Plan& plan, const Expression& e) {
  switch (e.op) {
    case Operator::constant: return of_value(e.value);
    case Operator::variable: {
      const auto type = type_of_variable(plan, e.text);
      return type ? Told{*type, ""} : wrong("there is no variable `" + e.text + "`");
    }
    case Operator::argument: return wrong("the argument `" + e.text + "` is not given");
    case Operator::object: return wrong("there is no object for slot " + std::to_string(e.slot));
    case Operator::and_: case Operator::or_: case Operator::not_: {
      const Told t = all_of(plan, e, Tag::boolean, "a bool");
      return t.wrong.empty() ? plain(Tag::boolean) : t;
    }
    case Operator::count: {
      const Told t = all_of(plan, e, Tag::boolean, "a bool");
      return t.wrong.empty() ? plain(Tag::integer) : t;
    }
    case Operator::sum: case Operator::add: case Operator::subtract: case Operator::multiply: case Operator::divide: {
      const Told t = all_of(plan, e, Tag::integer, "a number");
      if (!t.wrong.empty()) return t;
      const Told first = e.operands.empty() ? Told{} : tell(plan, e.operands[0]);
      return first.type ? first : plain(Tag::integer);
    }
    case Operator::known: {
      const Told t = tell(plan, e.operands[0]);
      return t.wrong.empty() ? plain(Tag::boolean) : t;
    }
    case Operator::set: return tell_set(plan, e);
    case Operator::if_: return tell_if(plan, e);
    default: return tell_comparison(plan, e);
  }
}

}  // namespace

std::optional<Type> type_of_variable(const Plan& plan, const std::string& path) {
  const auto [object, state] = split_variable(path);
  const auto it = plan.objects.find(object);
  if (it == plan.objects.end()) return std::nullopt;
  if (state == "exists") return Type{Type::Kind::boolean, {}, {}, {}};
  const auto kind = plan.kinds.find(it->second.kind);
  if (kind == plan.kinds.end()) return std::nullopt;
  const auto declared = kind->second.states.find(state);
  if (declared == kind->second.states.end()) return std::nullopt;
  return declared->second.type;
}

bool fits(const Type& type, const Value& value) {
  if (value.type == Value::Type::unknown) return true;
  if (value.type == Value::Type::none) return type.kind == Tag::optional;
  const Type& t = bare(type);
  if (t.kind == Tag::enumeration)
    return value.type == Value::Type::text && std::find(t.names.begin(), t.names.end(), value.text) != t.names.end();
  const Told told = of_value(value);
  return told.type && alike(t, *told.type);
}

std::string wrong_condition(const Plan& plan, const Expression& expression) {
  const Told t = tell(plan, expression);
  if (!t.wrong.empty()) return t.wrong;
  return t.type && bare(*t.type).kind != Tag::boolean ? "expected a condition" : "";
}

std::string wrong_value(const Plan& plan, const Type& target, const Expression& expression) {
  if (expression.op == Operator::constant) return fits(target, expression.value) ? "" : "the value does not fit the variable's type";
  const Told t = tell(plan, expression);
  if (!t.wrong.empty()) return t.wrong;
  return t.type && !alike(target, *t.type) ? "the value does not fit the variable's type" : "";
}

}  // namespace exm::plan
