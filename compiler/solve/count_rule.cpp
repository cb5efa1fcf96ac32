#include "compiler/solve/count_rule.h"

namespace exm::planning {

std::optional<CountRule> count_rule(const Model& model, NodeId formula) {
  const auto& f = model.task.formulas;
  const auto& n = f.nodes[formula.index];
  if (n.op != task::NodeOp::less_equal && n.op != task::NodeOp::less) return std::nullopt;
  const auto& low = f.nodes[f.operands[n.first].index];
  const auto& count = f.nodes[f.operands[n.first + 1].index];
  if (low.op != task::NodeOp::constant || count.op != task::NodeOp::count) return std::nullopt;
  const auto& value = model.task.values[low.a];
  if (value.tag != program::Value::Tag::integer) return std::nullopt;
  const std::int64_t needed = value.number + (n.op == task::NodeOp::less ? 1 : 0);
  return CountRule{count.count - needed, {f.operands.begin() + count.first, f.operands.begin() + count.first + count.count}};
}

}  // namespace exm::planning
