// Building formulas: equal nodes are shared, constants folded.
#pragma once

#include <cstdint>
#include <span>
#include <unordered_map>

#include "compiler/ground/task.h"

namespace exm::task {

/// Adds values and nodes to a task, which may hold some already. A task has one builder at a time.
class Builder {
 public:
  explicit Builder(Task& task);
  ValueId value(const program::Value& value);
  NodeId constant(ValueId value);
  NodeId constant(const program::Value& value_) { return constant(value(value_)); }
  NodeId variable(Id<Variable> variable);
  /// Folds: `and` with a known false, `not not x`, equal constants, counts of constants, …; the operands keep their order.
  NodeId node(NodeOp op, std::span<const NodeId> operands);
  NodeId node(NodeOp op, std::initializer_list<NodeId> operands) { return node(op, std::span(operands.begin(), operands.size())); }

  NodeId yes() { return constant(true_); }
  NodeId no() { return constant(false_); }
  NodeId not_(NodeId a) { return node(NodeOp::not_, {a}); }
  NodeId both(NodeId a, NodeId b) { return node(NodeOp::and_, {a, b}); }
  NodeId implies(NodeId a, NodeId b) { return node(NodeOp::or_, {not_(a), b}); }

  /// The value of a constant node.
  std::optional<ValueId> constant_value(NodeId node) const;
  bool is(NodeId node, ValueId value) const { return constant_value(node) == value; }
  const Task& task() const { return task_; }

 private:
  NodeId intern(NodeOp op, std::uint32_t a, std::span<const NodeId> operands);
  NodeId junction(NodeOp op, std::span<const NodeId> operands);
  NodeId comparison(NodeOp op, std::span<const NodeId> operands);
  NodeId membership(std::span<const NodeId> operands);
  NodeId arithmetic(NodeOp op, std::span<const NodeId> operands);
  NodeId total(std::span<const NodeId> operands);
  NodeId counted(std::span<const NodeId> operands);
  NodeId collected(std::span<const NodeId> operands);
  NodeId choice(std::span<const NodeId> operands);

  Task& task_;
  std::unordered_multimap<std::size_t, std::uint32_t> values_;
  std::unordered_multimap<std::size_t, std::uint32_t> nodes_;
};

/// `a == b` of two constants: false_, true_ or unknown.
ValueId equal_constants(ValueId a, ValueId b);
/// `a < b` or `a <= b` of two constants.
ValueId ordered_constants(const Task& task, NodeOp op, ValueId a, ValueId b);
/// `a in set` of two constants.
ValueId member_constants(const Task& task, ValueId a, ValueId set);
/// `a + b`, … of two constants; nothing where it overflows, divides by zero or is no number.
std::optional<program::Value> calculate(NodeOp op, const program::Value& a, const program::Value& b);

}  // namespace exm::task
