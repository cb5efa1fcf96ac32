// The evaluation of formulas in a state: strong Kleene logic, intervals for counts and sums.
#include <algorithm>

#include "compiler/solve/model.h"

namespace exm::planning {

using task::NodeOp;

namespace {
constexpr Val no = 1, yes = 2;

Val to_value(Truth t) { return t == Truth::yes ? yes : t == Truth::no ? no : 0; }
Truth to_truth(Val v) { return v == yes ? Truth::yes : v == no ? Truth::no : Truth::unknown; }
Truth negate(Truth t) { return t == Truth::yes ? Truth::no : t == Truth::no ? Truth::yes : t; }
Truth from_bool(bool b) { return b ? Truth::yes : Truth::no; }

Interval divide(Interval a, Interval b) {
  if (!a.known || !b.known || (b.low <= 0 && b.high >= 0)) return {};
  const std::int64_t all[] = {a.low / b.low, a.low / b.high, a.high / b.low, a.high / b.high};
  return {true, *std::min_element(all, all + 4), *std::max_element(all, all + 4)};
}

Interval multiply(Interval a, Interval b) {
  const std::int64_t all[] = {a.low * b.low, a.low * b.high, a.high * b.low, a.high * b.high};
  return {a.known && b.known, *std::min_element(all, all + 4), *std::max_element(all, all + 4)};
}
}  // namespace

bool Evaluator::is_number(NodeId node) const {
  const auto& n = at(node);
  switch (n.op) {
    case NodeOp::count: case NodeOp::sum: case NodeOp::add: case NodeOp::subtract: case NodeOp::multiply: case NodeOp::divide:
      return true;
    case NodeOp::if_:
      return is_number(operand(n, 1)) || is_number(operand(n, 2));
    case NodeOp::constant: {
      const auto tag = task_.values[n.a].tag;
      return tag == program::Value::Tag::integer || tag == program::Value::Tag::duration;
    }
    default:
      return false;
  }
}

Truth Evaluator::truth(NodeId node, const State& state) const {
  const auto& n = at(node);
  switch (n.op) {
    case NodeOp::and_: case NodeOp::or_: {
      const Truth decisive = n.op == NodeOp::and_ ? Truth::no : Truth::yes;
      Truth all = negate(decisive);
      for (std::uint32_t i = 0; i < n.count; ++i) {
        const Truth t = truth(operand(n, i), state);
        if (t == decisive) return decisive;
        if (t == Truth::unknown) all = Truth::unknown;
      }
      return all;
    }
    case NodeOp::not_:
      return negate(truth(operand(n, 0), state));
    case NodeOp::equal: case NodeOp::less: case NodeOp::less_equal:
      return compare(n, state);
    case NodeOp::in:
      return member(n, state);
    case NodeOp::known: {
      const NodeId of = operand(n, 0);
      if (!is_number(of)) return from_bool(value(of, state) != 0);
      const Interval i = interval(of, state);
      return from_bool(i.known && i.low == i.high);
    }
    default:
      return to_truth(value(node, state));
  }
}

Val Evaluator::value(NodeId node, const State& state) const {
  const auto& n = at(node);
  switch (n.op) {
    case NodeOp::constant:
      return n.a;
    case NodeOp::variable:
      return state[n.a];
    case NodeOp::if_: {
      const Truth t = truth(operand(n, 0), state);
      if (t != Truth::unknown) return value(operand(n, t == Truth::yes ? 1 : 2), state);
      const Val a = value(operand(n, 1), state), b = value(operand(n, 2), state);
      return a == b ? a : 0;
    }
    case NodeOp::and_: case NodeOp::or_: case NodeOp::not_: case NodeOp::equal: case NodeOp::less: case NodeOp::less_equal:
    case NodeOp::in: case NodeOp::known:
      return to_value(truth(node, state));
    default: {  // a number: only one that stands in the files is a value
      const Interval i = interval(node, state);
      if (!i.known || i.low != i.high) return 0;
      for (std::size_t v = 0; v < task_.values.size(); ++v)
        if (task_.values[v].tag == program::Value::Tag::integer && task_.values[v].number == i.low) return static_cast<Val>(v);
      return 0;
    }
  }
}

Interval Evaluator::interval(NodeId node, const State& state) const {
  const auto& n = at(node);
  switch (n.op) {
    case NodeOp::count: {
      Interval all{true, 0, 0};
      for (std::uint32_t i = 0; i < n.count; ++i) {
        const Truth t = truth(operand(n, i), state);
        all.low += t == Truth::yes;
        all.high += t != Truth::no;
      }
      return all;
    }
    case NodeOp::sum: case NodeOp::add: {
      Interval all{true, 0, 0};
      for (std::uint32_t i = 0; i < n.count; ++i) {
        const Interval part = n.op == NodeOp::sum ? sum_operand(operand(n, i), state) : interval(operand(n, i), state);
        all = {all.known && part.known, all.low + part.low, all.high + part.high};
      }
      return all;
    }
    case NodeOp::subtract: {
      const Interval a = interval(operand(n, 0), state), b = interval(operand(n, 1), state);
      return {a.known && b.known, a.low - b.high, a.high - b.low};
    }
    case NodeOp::multiply:
      return multiply(interval(operand(n, 0), state), interval(operand(n, 1), state));
    case NodeOp::divide:
      return divide(interval(operand(n, 0), state), interval(operand(n, 1), state));
    case NodeOp::if_: {
      const Truth t = truth(operand(n, 0), state);
      if (t != Truth::unknown) return interval(operand(n, t == Truth::yes ? 1 : 2), state);
      const Interval a = interval(operand(n, 1), state), b = interval(operand(n, 2), state);
      return a.known && b.known && a.low == a.high && a.low == b.low && b.low == b.high ? a : Interval{};
    }
    default: {
      const auto& v = task_.values[value(node, state)];
      const bool number = v.tag == program::Value::Tag::integer || v.tag == program::Value::Tag::duration;
      return {number, v.number, v.number};
    }
  }
}

/// Right under a sum, an `if` whose condition is unknown gives all that it may be.
Interval Evaluator::sum_operand(NodeId node, const State& state) const {
  const auto& n = at(node);
  if (n.op != NodeOp::if_ || truth(operand(n, 0), state) != Truth::unknown) return interval(node, state);
  const Interval a = interval(operand(n, 1), state), b = interval(operand(n, 2), state);
  return {a.known && b.known, std::min(a.low, b.low), std::max(a.high, b.high)};
}

Truth Evaluator::compare(const task::Node& n, const State& state) const {
  const NodeId left = operand(n, 0), right = operand(n, 1);
  if (is_number(left) || is_number(right)) {
    const Interval a = interval(left, state), b = interval(right, state);
    if (!a.known || !b.known) return n.op == NodeOp::equal ? values_equal(value(left, state), value(right, state)) : Truth::unknown;
    if (n.op == NodeOp::equal) {
      if (a.low == a.high && b.low == b.high) return from_bool(a.low == b.low);
      return a.high < b.low || b.high < a.low ? Truth::no : Truth::unknown;
    }
    const std::int64_t slack = n.op == NodeOp::less ? 0 : 1;
    if (a.high < b.low + slack) return Truth::yes;
    return a.low >= b.high + slack ? Truth::no : Truth::unknown;
  }
  const Val a = value(left, state), b = value(right, state);
  if (n.op == NodeOp::equal) return values_equal(a, b);
  if (a == 0 || b == 0) return Truth::unknown;
  const int order = program::compare(task_.values[a], task_.values[b]);
  return from_bool(n.op == NodeOp::less ? order < 0 : order <= 0);
}

Truth Evaluator::values_equal(Val a, Val b) const {
  if (a == 0 || b == 0) return Truth::unknown;
  if (a == b) return Truth::yes;
  const auto &x = task_.values[a], &y = task_.values[b];
  const bool versions = x.tag == program::Value::Tag::version && y.tag == program::Value::Tag::version;
  return from_bool(versions && program::compare(x, y) == 0);  // 1.2 is 1.2.0
}

Truth Evaluator::member(const task::Node& n, const State& state) const {
  const Val element = value(operand(n, 0), state);
  const auto& set = at(operand(n, 1));
  Truth any = Truth::no;
  const auto consider = [&](Val candidate) {
    const Truth t = values_equal(element, candidate);
    if (t == Truth::yes || (t == Truth::unknown && any == Truth::no)) any = t;
    return any == Truth::yes;
  };
  if (set.op == NodeOp::set) {
    for (std::uint32_t i = 0; i < set.count; ++i)
      if (consider(value(operand(set, i), state))) break;
    return any;
  }
  const Val whole = value(operand(n, 1), state);
  if (whole == 0 || element == 0) return Truth::unknown;
  for (const auto& e : task_.values[whole].elements) {
    if (e == task_.values[element]) return Truth::yes;
    if (e.tag == program::Value::Tag::unknown) any = Truth::unknown;
  }
  return any;
}

}  // namespace exm::planning
