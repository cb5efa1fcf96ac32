#include "compiler/ground/formula_value.h"

#include <algorithm>

#include "compiler/ground/formulas.h"

namespace exm::task {

namespace {

using program::Value;

/// A value, and for numbers the interval that it lies in.
struct Worth {
  ValueId value = unknown;
  bool number = false;
  std::int64_t low = 0;
  std::int64_t high = 0;
  bool exact() const { return number && low == high; }
};

Worth of_truth(bool yes) { return {yes ? true_ : false_, false, 0, 0}; }
Worth between(std::int64_t low, std::int64_t high) { return {unknown, true, low, high}; }

class Reader {
 public:
  Reader(const Task& task, const Assignments& state) : task_(task), state_(state) {}

  Worth worth(NodeId id) const {
    const Node& node = task_.formulas.nodes[id.index];
    switch (node.op) {
      case NodeOp::constant: return of_value(ValueId(node.a));
      case NodeOp::variable: return of_value(state_[node.a]);
      case NodeOp::not_: {
        const ValueId inner = worth(operand(node, 0)).value;
        return {inner == true_ ? false_ : inner == false_ ? true_ : unknown, false, 0, 0};
      }
      case NodeOp::and_: return junction(node, false_);
      case NodeOp::or_: return junction(node, true_);
      case NodeOp::equal: return {equal(worth(operand(node, 0)), worth(operand(node, 1))), false, 0, 0};
      case NodeOp::less:
      case NodeOp::less_equal: return ordered(node);
      case NodeOp::in: return member(node);
      case NodeOp::count: return counted(node);
      case NodeOp::sum: return total(node);
      case NodeOp::add:
      case NodeOp::subtract:
      case NodeOp::multiply:
      case NodeOp::divide: return calculated(node);
      case NodeOp::if_: return choice(node);
      case NodeOp::known: {
        const Worth w = worth(operand(node, 0));
        return of_truth(w.value != unknown || w.exact());
      }
      case NodeOp::set: break;
    }
    return {};
  }

 private:
  NodeId operand(const Node& node, std::uint32_t i) const { return task_.formulas.operands[node.first + i]; }

  Worth of_value(ValueId id) const {
    const Value& v = task_.values[id.index];
    const bool number = v.tag == Value::Tag::integer || v.tag == Value::Tag::duration;
    return {id, number, v.number, v.number};
  }

  Worth junction(const Node& node, ValueId decides) const {
    ValueId result = decides == false_ ? true_ : false_;
    for (std::uint32_t i = 0; i < node.count; ++i) {
      const ValueId one = worth(operand(node, i)).value;
      if (one == decides) return {decides, false, 0, 0};
      if (one == unknown) result = unknown;
    }
    return {result, false, 0, 0};
  }

  static ValueId equal(const Worth& a, const Worth& b) {
    if (!a.number || !b.number) return equal_constants(a.value, b.value);
    if (a.exact() && b.exact()) return a.low == b.low ? true_ : false_;
    return a.high < b.low || b.high < a.low ? false_ : unknown;
  }

  Worth ordered(const Node& node) const {
    const Worth a = worth(operand(node, 0)), b = worth(operand(node, 1));
    if (!a.number || !b.number) return {ordered_constants(task_, node.op, a.value, b.value), false, 0, 0};
    const bool strict = node.op == NodeOp::less;
    if (strict ? a.high < b.low : a.high <= b.low) return of_truth(true);
    if (strict ? a.low >= b.high : a.low > b.high) return of_truth(false);
    return {};
  }

  Worth member(const Node& node) const {
    const Worth element = worth(operand(node, 0));
    const Node& set = task_.formulas.nodes[operand(node, 1).index];
    if (set.op != NodeOp::set) return {member_constants(task_, element.value, worth(operand(node, 1)).value), false, 0, 0};
    ValueId result = false_;
    for (std::uint32_t i = 0; i < set.count; ++i) {
      const ValueId one = equal(element, worth(operand(set, i)));
      if (one == true_) return of_truth(true);
      if (one == unknown) result = unknown;
    }
    return {result, false, 0, 0};
  }

  Worth counted(const Node& node) const {
    std::int64_t low = 0, high = 0;
    for (std::uint32_t i = 0; i < node.count; ++i) {
      const ValueId one = worth(operand(node, i)).value;
      low += one == true_;
      high += one != false_;
    }
    return between(low, high);
  }

  /// Right under a sum, an `if` under an unknown condition is an interval.
  Worth summand(NodeId id) const {
    const Node& node = task_.formulas.nodes[id.index];
    if (node.op != NodeOp::if_ || worth(operand(node, 0)).value != unknown) return worth(id);
    const Worth a = worth(operand(node, 1)), b = worth(operand(node, 2));
    if (!a.number || !b.number) return {};
    return between(std::min(a.low, b.low), std::max(a.high, b.high));
  }

  Worth total(const Node& node) const {
    Worth sum = between(0, 0);
    for (std::uint32_t i = 0; i < node.count; ++i) {
      const Worth one = summand(operand(node, i));
      if (!one.number || __builtin_add_overflow(sum.low, one.low, &sum.low) || __builtin_add_overflow(sum.high, one.high, &sum.high)) return {};
    }
    return sum;
  }

  Worth calculated(const Node& node) const {
    const Worth a = worth(operand(node, 0)), b = worth(operand(node, 1));
    if (!a.number || !b.number) return {};
    Worth result = between(INT64_MAX, INT64_MIN);
    for (std::int64_t x : {a.low, a.high})
      for (std::int64_t y : {b.low, b.high}) {
        const auto value = calculate(node.op, {Value::Tag::integer, x, {}, {}, {}}, {Value::Tag::integer, y, {}, {}, {}});
        if (!value || (node.op == NodeOp::divide && b.low <= 0 && b.high >= 0)) return {};
        result.low = std::min(result.low, value->number);
        result.high = std::max(result.high, value->number);
      }
    return result;
  }

  Worth choice(const Node& node) const {
    const ValueId condition = worth(operand(node, 0)).value;
    if (condition != unknown) return worth(operand(node, condition == true_ ? 1 : 2));
    const Worth a = worth(operand(node, 1)), b = worth(operand(node, 2));
    return equal(a, b) == true_ ? a : Worth{};
  }

  const Task& task_;
  const Assignments& state_;
};

}  // namespace

Assignments start_of(const Task& task) {
  Assignments state;
  for (const Variable& variable : task.variables) state.push_back(variable.start);
  return state;
}

ValueId truth(const Task& task, NodeId formula, const Assignments& state) { return Reader(task, state).worth(formula).value; }

ValueId value(const Task& task, NodeId formula, const Assignments& state) {
  const Worth w = Reader(task, state).worth(formula);
  if (w.value != unknown || !w.exact()) return w.value;
  for (std::size_t i = 0; i < task.values.size(); ++i)
    if (task.values[i].tag == Value::Tag::integer && task.values[i].number == w.low) return ValueId(i);
  return unknown;
}

}  // namespace exm::task
