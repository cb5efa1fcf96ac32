// Building formulas: equal nodes are shared, constants folded.
#pragma once

#include <span>
#include <unordered_map>

#include "compiler/ground/task.h"

namespace exm::task {

/// Adds values and nodes to a task.
class Builder {
 public:
  explicit Builder(Task& task);
  ValueId value(const program::Value& value);
  NodeId constant(ValueId value);
  NodeId variable(Id<Variable> variable);
  /// Folds: `and` with a known false, `not not x`, equal constants, counts of constants, …; the operands keep their order.
  NodeId node(NodeOp op, std::span<const NodeId> operands);

 private:
  Task& task_;
  std::unordered_multimap<std::size_t, std::uint32_t> values_;
  std::unordered_multimap<std::size_t, std::uint32_t> nodes_;
};

}  // namespace exm::task
