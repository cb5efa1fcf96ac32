#include "runtime/plain/value.h"

#include <algorithm>
#include <map>
#include <tuple>

namespace exm::plain {

namespace {

bool is_number(Type type) { return type == Type::number || type == Type::duration; }
Truth known_as(bool b) { return b ? Truth::yes : Truth::no; }
Truth opposite(Truth t) { return t == Truth::unknown ? t : known_as(t == Truth::no); }

/// A version's numbers without leading zeros, each with its length before it so that they compare as numbers do, and
/// without zeros at the end: 15.0 is 15.
std::vector<std::pair<std::size_t, std::string>> numbers_of(const std::string& version) {
  std::vector<std::pair<std::size_t, std::string>> parts{{0, ""}};
  for (const char c : version) {
    if (c == '.')
      parts.emplace_back();
    else if (c != '0' || parts.back().first > 0)
      parts.back() = {parts.back().first + 1, parts.back().second + c};
  }
  while (!parts.empty() && parts.back().first == 0) parts.pop_back();
  return parts;
}

Truth equal(Value a, Value b) {
  if (a->type == Type::unknown || b->type == Type::unknown) return Truth::unknown;
  if (is_number(a->type) && is_number(b->type)) return known_as(a->number == b->number);
  if (a->type != b->type && a->type != Type::none && b->type != Type::none) return Truth::unknown;  // no plan compares these
  return known_as(a == b);
}

/// What is known of a formula: its value; of a number that is not known, the least and the most that it can be.
struct Known {
  Value value = unknown();
  bool number = false;
  std::int64_t least = 0, most = 0;
  Type type = Type::number;  // of a number
};

Known exactly(Value v) { return {v, is_number(v->type), v->number, v->number, v->type}; }
Known between(std::int64_t least, std::int64_t most, Type type = Type::number) {
  return {least == most ? constant(type, least) : unknown(), true, least, most, type};
}

Known look(const Formula& f, const World& world);

Truth equal(const Known& a, const Known& b) {
  if (!a.number || !b.number) return equal(a.value, b.value);
  if (a.most < b.least || b.most < a.least) return Truth::no;
  return a.least == a.most && b.least == b.most ? Truth::yes : Truth::unknown;
}

/// Numbers, durations and versions have an order.
Truth less(const Known& a, const Known& b) {
  if (a.number && b.number) return a.most < b.least ? Truth::yes : a.least >= b.most ? Truth::no : Truth::unknown;
  if (a.value->type != Type::version || b.value->type != Type::version) return Truth::unknown;
  return known_as(numbers_of(a.value->text) < numbers_of(b.value->text));
}

/// One step of a calculation, on the least and the most that both sides can be. What gets too large is unknown.
Known calculate(Op op, const Known& a, const Known& b) {
  const std::int64_t large = std::int64_t{1} << (op == Op::times ? 31 : 61);
  const auto fine = [&](const Known& k) { return k.number && k.least > -large && k.most < large; };
  if (!fine(a) || !fine(b) || (op == Op::over && (b.least != b.most || b.least == 0))) return {};
  std::vector<std::int64_t> found;
  for (const std::int64_t x : {a.least, a.most})
    for (const std::int64_t y : {b.least, b.most})
      found.push_back(op == Op::minus ? x - y : op == Op::times ? x * y : op == Op::over ? x / y : x + y);
  const Type type = op != Op::over ? std::max(a.type, b.type) : a.type == b.type ? Type::number : a.type;
  return between(*std::min_element(found.begin(), found.end()), *std::max_element(found.begin(), found.end()), type);
}

/// Right under `sum` an `if` whose condition is unknown is anything between its branches; elsewhere it is what both are.
Known choice(const Formula& f, const World& world, bool under_sum) {
  const Truth condition = truth(f.parts[0], world);
  if (condition != Truth::unknown) return look(f.parts[condition == Truth::yes ? 1 : 2], world);
  const Known a = look(f.parts[1], world), b = look(f.parts[2], world);
  if (under_sum && a.number && b.number) return between(std::min(a.least, b.least), std::max(a.most, b.most), std::max(a.type, b.type));
  return equal(a, b) == Truth::yes ? a : Known{};
}

Known calculation(const Formula& f, const World& world) {
  const auto part = [&](const Formula& p) { return f.op == Op::sum && p.op == Op::choice ? choice(p, world, true) : look(p, world); };
  if (f.parts.empty()) return f.op == Op::sum ? between(0, 0) : Known{};
  Known total = part(f.parts[0]);
  for (std::size_t i = 1; i < f.parts.size(); ++i) total = calculate(f.op, total, part(f.parts[i]));
  return total;
}

Known look(const Formula& f, const World& world) {
  switch (f.op) {
    case Op::constant: return exactly(f.value);
    case Op::variable: return exactly(world[static_cast<std::size_t>(f.variable)]);
    case Op::choice: return choice(f, world, false);
    case Op::sum: case Op::plus: case Op::minus: case Op::times: case Op::over: return calculation(f, world);
    case Op::set: {
      std::vector<Value> elements;
      for (const Formula& part : f.parts) elements.push_back(evaluate(part, world));
      return exactly(constant(Type::set, 0, "", elements));
    }
    default: {
      const Truth t = truth(f, world);
      return t == Truth::unknown ? Known{} : exactly(boolean(t == Truth::yes));
    }
  }
}

/// `and` is no as soon as one part is, `or` is yes.
Truth junction(const Formula& f, const World& world, Truth decisive) {
  Truth all = opposite(decisive);
  for (const Formula& part : f.parts) {
    const Truth t = truth(part, world);
    if (t == decisive) return t;
    if (t == Truth::unknown) all = t;
  }
  return all;
}

}  // namespace

Value constant(Type type, std::int64_t number, const std::string& text, std::vector<Value> elements) {
  if (std::any_of(elements.begin(), elements.end(), [](Value e) { return e->type == Type::unknown; })) return unknown();
  static std::map<std::tuple<Type, std::int64_t, std::string, std::vector<Value>>, Constant> all;
  std::string plain = text;
  if (type == Type::version) {
    plain.clear();
    for (const auto& [digits, n] : numbers_of(text)) plain += (plain.empty() ? "" : ".") + (digits == 0 ? "0" : n);
  }
  std::sort(elements.begin(), elements.end());
  elements.erase(std::unique(elements.begin(), elements.end()), elements.end());
  return &all.try_emplace({type, number, plain, elements}, Constant{type, number, plain, elements}).first->second;
}

Value unknown() {
  static const Value it = constant(Type::unknown);
  return it;
}

Value boolean(bool b) {
  static const Value no = constant(Type::boolean, 0), yes = constant(Type::boolean, 1);
  return b ? yes : no;
}

std::string words(Value value) {
  if (value->type == Type::unknown) return "unknown";
  if (value->type == Type::none) return "none";
  if (value->type == Type::boolean) return value->number != 0 ? "true" : "false";
  std::string all = is_number(value->type) ? std::to_string(value->number) : value->text;
  for (const Value element : value->elements) all += (all.empty() ? "" : ", ") + words(element);
  return all;
}

Truth truth(const Formula& f, const World& world) {
  const auto left = [&] { return look(f.parts[0], world); };
  const auto right = [&] { return look(f.parts[1], world); };
  switch (f.op) {
    case Op::all: return junction(f, world, Truth::no);
    case Op::any: return junction(f, world, Truth::yes);
    case Op::negation: return opposite(truth(f.parts[0], world));
    case Op::equal: return equal(left(), right());
    case Op::less: return less(left(), right());
    case Op::in: {
      const Value value = left().value, set = right().value;
      if (value == unknown() || set->type != Type::set) return Truth::unknown;
      return known_as(std::count(set->elements.begin(), set->elements.end(), value) > 0);
    }
    case Op::known: return known_as(left().value->type != Type::unknown);
    default: break;
  }
  const Value v = evaluate(f, world);
  return v->type == Type::boolean ? known_as(v->number != 0) : Truth::unknown;
}

Value evaluate(const Formula& f, const World& world) { return look(f, world).value; }

}  // namespace exm::plain
