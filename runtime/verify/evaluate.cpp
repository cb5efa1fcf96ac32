#include "runtime/verify/evaluate.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string_view>

namespace exm {
namespace {

using plan::Operator;
using plan::Value;
using Type = plan::Value::Type;

Truth truth_of(bool b) {
  return b ? Truth::yes : Truth::no;
}
Truth negated(Truth t) {
  return t == Truth::unknown ? t : truth_of(t == Truth::no);
}
Truth truth_of(const Value& v) {
  return v.type == Type::boolean ? truth_of(v.number != 0) : Truth::unknown;
}
Value value_of(Truth t) {
  return t == Truth::unknown ? plan::unknown() : plan::boolean(t == Truth::yes);
}

bool numeric(Type t) {
  return t == Type::integer || t == Type::duration;
}
bool dotted(Type t) {
  return t == Type::version;
}
bool textual(Type t) {
  return t == Type::text || t == Type::ip || t == Type::cidr || t == Type::path || t == Type::reference || dotted(t);
}

/// The next number of a version, without leading zeros; nothing left is an empty text, which stands for 0.
std::string_view next_number(std::string_view& rest) {
  const auto dot = rest.find('.');
  std::string_view number = rest.substr(0, dot);
  rest = dot == std::string_view::npos ? std::string_view{} : rest.substr(dot + 1);
  number.remove_prefix(std::min(number.find_first_not_of('0'), number.size()));
  return number;
}

int compare_dotted(std::string_view a, std::string_view b) {
  while (!a.empty() || !b.empty()) {
    const auto x = next_number(a), y = next_number(b);
    if (x.size() != y.size()) return x.size() < y.size() ? -1 : 1;
    if (const int c = x.compare(y); c != 0) return c < 0 ? -1 : 1;
  }
  return 0;
}

bool ip_v4(const Value& v) {
  return v.type == Type::ip && v.text.find(':') == std::string::npos;
}

/// The order of two known values, where they have one.
std::optional<int> compare(const Value& a, const Value& b) {
  if (numeric(a.type) && numeric(b.type)) return a.number < b.number ? -1 : a.number > b.number ? 1 : 0;
  if (dotted(a.type) && dotted(b.type)) return compare_dotted(a.text, b.text);
  if (ip_v4(a) && ip_v4(b)) return compare_dotted(a.text, b.text);
  return std::nullopt;
}

Truth in_elements(const Value& v, const std::vector<Value>& elements) {
  Truth found = Truth::no;
  for (const Value& element : elements) {
    const Truth t = equal(v, element);
    if (t == Truth::yes) return t;
    if (t == Truth::unknown) found = t;
  }
  return found;
}

Truth equal_sets(const std::vector<Value>& a, const std::vector<Value>& b) {
  Truth all = Truth::yes;
  for (const auto& [from, to] : {std::pair{&a, &b}, std::pair{&b, &a}}) {
    for (const Value& v : *from) {
      const Truth t = in_elements(v, *to);
      if (t == Truth::no) return t;
      if (t == Truth::unknown) all = t;
    }
  }
  return all;
}

/// What is known of an expression: its value, or for a number the least and the greatest that it can be.
struct Known {
  Value value;
  Type type = Type::unknown;  // of a number; else unknown
  std::int64_t low = 0, high = 0;
};

Known exactly(const Value& v) {
  if (numeric(v.type)) return {v, v.type, v.number, v.number};
  return {v, Type::unknown, 0, 0};
}

Known between(Type type, std::int64_t low, std::int64_t high) {
  if (low == high) return exactly({type, low, {}, {}});
  return {plan::unknown(), type, low, high};
}

Known find(const Compiled& e, const Values& values);

const Value* leaf(const Compiled& e, const Values& values) {
  if (e.op == Operator::constant) return &e.value;
  if (e.op != Operator::variable) return nullptr;
  static const Value nothing;
  return e.variable < 0 ? &nothing : &values[static_cast<std::size_t>(e.variable)];
}

Truth equal_known(const Known& a, const Known& b) {
  if (a.type == Type::unknown || b.type == Type::unknown) return equal(a.value, b.value);
  if (a.high < b.low || b.high < a.low) return Truth::no;
  return a.low == a.high && b.low == b.high ? Truth::yes : Truth::unknown;
}

Truth less_known(const Known& a, const Known& b) {
  if (a.type != Type::unknown && b.type != Type::unknown) {
    return a.high < b.low ? Truth::yes : a.low >= b.high ? Truth::no : Truth::unknown;
  }
  if (a.value.type == Type::unknown || b.value.type == Type::unknown) return Truth::unknown;
  const auto order = compare(a.value, b.value);
  return order ? truth_of(*order < 0) : Truth::unknown;
}

Truth equal_sides(const Compiled& e, const Values& values) {
  const Value *a = leaf(e.operands[0], values), *b = leaf(e.operands[1], values);
  if (a && b) return equal(*a, *b);
  return equal_known(find(e.operands[0], values), find(e.operands[1], values));
}

Truth in_sides(const Compiled& e, const Values& values) {
  const Value v = find(e.operands[0], values).value;
  const Compiled& right = e.operands[1];
  std::vector<Value> elements;
  if (right.op == Operator::set) {
    for (const Compiled& element : right.operands) elements.push_back(find(element, values).value);
    return in_elements(v, elements);
  }
  const Value set = find(right, values).value;
  return set.type == Type::set ? in_elements(v, set.elements) : Truth::unknown;
}

Truth junction(const Compiled& e, const Values& values, Truth decisive) {
  Truth all = negated(decisive);
  for (const Compiled& operand : e.operands) {
    const Truth t = truth(operand, values);
    if (t == decisive) return t;
    if (t == Truth::unknown) all = t;
  }
  return all;
}

Truth less_sides(const Compiled& e, std::size_t left, std::size_t right, const Values& values) {
  return less_known(find(e.operands[left], values), find(e.operands[right], values));
}

Known count(const Compiled& e, const Values& values) {
  std::int64_t low = 0, high = 0;
  for (const Compiled& operand : e.operands) {
    const Truth t = truth(operand, values);
    low += t == Truth::yes;
    high += t != Truth::no;
  }
  return between(Type::integer, low, high);
}

/// The number type of a sum or difference: a duration where either side is one.
Type joint(Type a, Type b) {
  return a == Type::duration || b == Type::duration ? Type::duration : Type::integer;
}

Known add(const Known& a, const Known& b) {
  if (a.type == Type::unknown || b.type == Type::unknown) return {};
  std::int64_t low = 0, high = 0;
  if (__builtin_add_overflow(a.low, b.low, &low) || __builtin_add_overflow(a.high, b.high, &high)) return {};
  return between(joint(a.type, b.type), low, high);
}

Known subtract(const Known& a, const Known& b) {
  if (a.type == Type::unknown || b.type == Type::unknown) return {};
  std::int64_t low = 0, high = 0;
  if (__builtin_sub_overflow(a.low, b.high, &low) || __builtin_sub_overflow(a.high, b.low, &high)) return {};
  return between(joint(a.type, b.type), low, high);
}

Known multiply(const Known& a, const Known& b) {
  if (a.type == Type::unknown || b.type == Type::unknown) return {};
  std::int64_t corners[4];
  std::size_t i = 0;
  for (const auto x : {a.low, a.high}) {
    for (const auto y : {b.low, b.high}) {
      if (__builtin_mul_overflow(x, y, &corners[i++])) return {};
    }
  }
  const auto [low, high] = std::minmax_element(std::begin(corners), std::end(corners));
  return between(joint(a.type, b.type), *low, *high);
}

Known divide(const Known& a, const Known& b) {
  if (a.type == Type::unknown || b.type == Type::unknown || b.low != b.high || b.low == 0) return {};
  if (b.low == -1) return subtract(between(a.type, 0, 0), a);
  const Type type = a.type == b.type ? Type::integer : a.type;
  return between(type, std::min(a.low / b.low, a.high / b.low), std::max(a.low / b.low, a.high / b.low));
}

/// Right under a sum, an `if` whose condition is unknown is anything between its branches.
Known summand(const Compiled& e, const Values& values) {
  if (e.op != Operator::if_ || truth(e.operands[0], values) != Truth::unknown) return find(e, values);
  const Known a = find(e.operands[1], values), b = find(e.operands[2], values);
  if (a.type == Type::unknown || b.type == Type::unknown) return {};
  return between(joint(a.type, b.type), std::min(a.low, b.low), std::max(a.high, b.high));
}

Known sum(const Compiled& e, const Values& values) {
  if (e.operands.empty()) return between(Type::integer, 0, 0);
  Known total = summand(e.operands[0], values);
  for (std::size_t i = 1; i < e.operands.size(); ++i) total = add(total, summand(e.operands[i], values));
  return total;
}

Known fold(const Compiled& e, const Values& values, Known (*step)(const Known&, const Known&)) {
  Known total = find(e.operands[0], values);
  for (std::size_t i = 1; i < e.operands.size(); ++i) total = step(total, find(e.operands[i], values));
  return total;
}

Known choice(const Compiled& e, const Values& values) {
  const Truth condition = truth(e.operands[0], values);
  if (condition != Truth::unknown) return find(e.operands[condition == Truth::yes ? 1 : 2], values);
  const Known a = find(e.operands[1], values), b = find(e.operands[2], values);
  return equal_known(a, b) == Truth::yes ? a : Known{};
}

Known set(const Compiled& e, const Values& values) {
  Value v{Type::set, 0, {}, {}};
  for (const Compiled& operand : e.operands) {
    v.elements.push_back(find(operand, values).value);
    if (v.elements.back().type == Type::unknown) return {};
  }
  return exactly(v);
}

Known find(const Compiled& e, const Values& values) {
  if (const Value* v = leaf(e, values)) return exactly(*v);
  switch (e.op) {
    case Operator::count:
      return count(e, values);
    case Operator::sum:
      return sum(e, values);
    case Operator::add:
      return fold(e, values, add);
    case Operator::subtract:
      return e.operands.size() == 1 ? subtract(between(Type::integer, 0, 0), find(e.operands[0], values))
                                    : fold(e, values, subtract);
    case Operator::multiply:
      return fold(e, values, multiply);
    case Operator::divide:
      return fold(e, values, divide);
    case Operator::if_:
      return choice(e, values);
    case Operator::set:
      return set(e, values);
    case Operator::argument:
    case Operator::object:
      return {};  // a slot that nobody filled
    default:
      return exactly(value_of(truth(e, values)));
  }
}

}  // namespace

Truth equal(const Value& a, const Value& b) {
  if (a.type == Type::unknown || b.type == Type::unknown) return Truth::unknown;
  if (a.type == Type::none || b.type == Type::none) return truth_of(a.type == b.type);
  if (dotted(a.type) || dotted(b.type)) {
    return textual(a.type) && textual(b.type) ? truth_of(compare_dotted(a.text, b.text) == 0) : Truth::unknown;
  }
  if (textual(a.type) && textual(b.type)) return truth_of(a.text == b.text);
  if (a.type == Type::set && b.type == Type::set) return equal_sets(a.elements, b.elements);
  if (a.type == b.type || (numeric(a.type) && numeric(b.type))) return truth_of(a.number == b.number);
  return Truth::unknown;  // the loader refuses this; here it proves nothing
}

bool same(const Value& a, const Value& b) {
  return (a.type == Type::unknown && b.type == Type::unknown) || equal(a, b) == Truth::yes;
}

Truth truth(const Compiled& e, const Values& values) {
  switch (e.op) {
    case Operator::and_:
      return junction(e, values, Truth::no);
    case Operator::or_:
      return junction(e, values, Truth::yes);
    case Operator::not_:
      return negated(truth(e.operands[0], values));
    case Operator::equal:
      return equal_sides(e, values);
    case Operator::not_equal:
      return negated(equal_sides(e, values));
    case Operator::less:
      return less_sides(e, 0, 1, values);
    case Operator::greater:
      return less_sides(e, 1, 0, values);
    case Operator::less_equal:
      return negated(less_sides(e, 1, 0, values));
    case Operator::greater_equal:
      return negated(less_sides(e, 0, 1, values));
    case Operator::in:
      return in_sides(e, values);
    case Operator::known:
      return truth_of(find(e.operands[0], values).value.type != Type::unknown);
    default: {
      if (const Value* v = leaf(e, values)) return truth_of(*v);
      return truth_of(find(e, values).value);
    }
  }
}

Value evaluate(const Compiled& e, const Values& values) {
  return find(e, values).value;
}

std::optional<Range> range(const Compiled& e, const Values& values) {
  const Known known = find(e, values);
  if (known.type == Type::unknown) return std::nullopt;
  return Range{known.low, known.high};
}

namespace {

/// The expression with numbered variables, and just their values.
std::pair<Compiled, Values> look(const plan::Expression& expression, const World& world) {
  Values values;
  Compiled compiled = compile(expression, [&](const std::string& path) {
    const auto at = world.find(path);
    values.push_back(at == world.end() ? plan::unknown() : at->second);
    return static_cast<int>(values.size()) - 1;
  });
  return {std::move(compiled), std::move(values)};
}

}  // namespace

Value evaluate(const plan::Expression& expression, const World& world) {
  const auto [compiled, values] = look(expression, world);
  return evaluate(compiled, values);
}

Truth truth(const plan::Expression& expression, const World& world) {
  const auto [compiled, values] = look(expression, world);
  return truth(compiled, values);
}

}  // namespace exm
