// Conditions taken apart: one instance for each object that an outermost forall ranges over.
#include <algorithm>

#include "compiler/ground/grounding.h"

namespace exm::task {

namespace {

using program::Expr;
using program::Op;

struct Splitter {
  Grounding& g;
  Split split;
  std::vector<Instance> instances;

  void take(const Expr& expr, Terms& frame, NodeId condition, const std::string& condition_text, std::vector<program::Value>& binding) {
    if (expr.op == Op::forall && take_forall(expr, frame, condition, condition_text, binding)) return;
    if (expr.op == Op::and_ && split == Split::foralls_and_ands && g.b.is(condition, true_)) {
      for (const Expr& operand : expr.operands) take(operand, frame, condition, condition_text, binding);
      return;
    }
    Instance instance{g.b.implies(condition, g.x.formula(expr, frame)), binding, frame, {}, !binding.empty(), condition};
    instance.text = (condition_text.empty() ? "" : condition_text + " implies ") + g.x.written(expr, frame);
    instances.push_back(std::move(instance));
  }

  bool take_forall(const Expr& expr, Terms& frame, NodeId condition, const std::string& condition_text, std::vector<program::Value>& binding) {
    const auto elements = g.x.elements(expr, frame);
    const bool all_constant = std::all_of(elements.begin(), elements.end(), [&](const Member& m) { return g.b.constant_value(m.value).has_value(); });
    if (!all_constant) return false;
    const Term before = frame[expr.local];
    for (const Member& element : elements) {
      frame[expr.local] = {false, element.value, {}};
      const NodeId where = g.x.formula(expr.operands[1], frame);
      const NodeId belongs = g.b.node(NodeOp::and_, {condition, element.guard, where});
      if (g.b.is(belongs, false_)) continue;
      std::string text = condition_text;
      if (!g.b.constant_value(where)) text += (text.empty() ? "" : " and ") + g.x.written(expr.operands[1], frame);
      binding.push_back(g.task.values[g.b.constant_value(element.value)->index]);
      take(expr.operands[2], frame, belongs, text, binding);
      binding.pop_back();
    }
    frame[expr.local] = before;
    return true;
  }
};

}  // namespace

std::vector<Instance> instances_of(Grounding& g, const Expr& condition, const Terms& frame, Split split) {
  Splitter splitter{g, split, {}};
  Terms terms = frame;
  std::vector<program::Value> binding;
  splitter.take(condition, terms, g.b.yes(), {}, binding);
  return std::move(splitter.instances);
}

}  // namespace exm::task
