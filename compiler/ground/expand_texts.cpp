// Texts with what is put into them, for titles and sentences.
#include <set>

#include "compiler/check/evaluator.h"
#include "compiler/ground/expand.h"

namespace exm::task {

using program::Expr;
using program::Op;
using program::Value;

std::string Expander::written(const Expr& expr, const Terms& frame) const {
  program::Frame values;
  for (const Term& term : frame) values.push_back(constant(term).value_or(Value{}));
  return program::to_text(world_.program, expr, values);
}

std::string Expander::words(const Expr& expr, Terms& frame) {
  if (expr.op != Op::text) {
    const auto value = constant(expand(expr, frame));
    return value && value->tag != Value::Tag::unknown ? program::in_text(world_.program, *value, {}) : written(expr, frame);
  }
  std::string result;
  for (const program::TextPart& part : expr.parts) {
    result += part.literal;
    if (part.value.empty()) continue;
    const auto value = constant(expand(part.value[0], frame));
    if (value && value->tag != Value::Tag::unknown) result += program::in_text(world_.program, *value, part.format);
    else result += written(part.value[0], frame);
  }
  return result;
}

void Expander::collect_reads(const Expr& expr, Terms& frame, std::vector<Id<Variable>>& reads, const Expr*& unknown_part) {
  if (expr.op == Op::secret || expr.op == Op::run_started) return;
  if (expr.op == Op::text) {
    for (const program::TextPart& part : expr.parts)
      for (const Expr& value : part.value) collect_reads(value, frame, reads, unknown_part);
    return;
  }
  const Term term = expand(expr, frame);
  if (term.collection) {
    for (const Member& member : term.members) {
      collect_variables(b_.task(), member.guard, reads);
      collect_variables(b_.task(), member.value, reads);
    }
    return;
  }
  if (b_.is(term.node, unknown)) unknown_part = &expr;
  collect_variables(b_.task(), term.node, reads);
}

void collect_variables(const Task& task, NodeId formula, std::vector<Id<Variable>>& into) {
  std::vector<NodeId> open{formula};
  std::set<NodeId> seen;
  std::set<Id<Variable>> known(into.begin(), into.end());
  while (!open.empty()) {
    const NodeId top = open.back();
    const Node& node = task.formulas.nodes[top.index];
    open.pop_back();
    if (!seen.insert(top).second) continue;
    if (node.op == NodeOp::variable && known.insert(Id<Variable>(node.a)).second) into.push_back(Id<Variable>(node.a));
    for (std::uint32_t i = node.count; i-- > 0;) open.push_back(task.formulas.operands[node.first + i]);
  }
}

}  // namespace exm::task
