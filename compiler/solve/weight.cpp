#include "compiler/solve/weight.h"

#include <algorithm>
#include <map>
#include <set>

namespace exm::planning {

using program::Measure;
using task::NodeOp;

namespace {

/// Seconds and steps below two million, three measures in 63 bits.
constexpr int bits = 21;

/// The truths that a formula may have, one bit each.
using Truths = unsigned;
constexpr Truths may_be(Truth t) { return 1u << static_cast<unsigned>(t); }
constexpr Truths anything = may_be(Truth::no) | may_be(Truth::yes) | may_be(Truth::unknown);

/// What is known of some variables, whatever the others are.
class Partly {
 public:
  Partly(const Model& model, const std::map<Var, Val>& known) : model_(model), known_(known), state_(model.start) {
    for (const auto& [v, value] : known) state_[v] = value;
  }

  Truths truths(NodeId id) const {
    const auto& n = model_.task.formulas.nodes[id.index];
    const auto operand = [&](std::uint32_t i) { return truths(model_.task.formulas.operands[n.first + i]); };
    if (n.op == NodeOp::not_) return turned(operand(0));
    if (n.op == NodeOp::and_ || n.op == NodeOp::or_) {
      Truths out = may_be(n.op == NodeOp::and_ ? Truth::yes : Truth::no);
      for (std::uint32_t i = 0; i < n.count; ++i) out = n.op == NodeOp::and_ ? both(out, operand(i)) : turned(both(turned(out), turned(operand(i))));
      return out;
    }
    const auto read = variables_of(model_.task, id);
    const bool all_known = std::all_of(read.begin(), read.end(), [&](Var v) { return known_.contains(v); });
    return all_known ? may_be(model_.evaluate.truth(id, state_)) : anything;
  }

 private:
  static Truths turned(Truths t) {
    return (t & may_be(Truth::unknown)) | (t & may_be(Truth::no) ? may_be(Truth::yes) : 0) | (t & may_be(Truth::yes) ? may_be(Truth::no) : 0);
  }
  static Truths both(Truths a, Truths b) {
    Truths out = (a | b) & may_be(Truth::no);
    if ((a & may_be(Truth::yes)) && (b & may_be(Truth::yes))) out |= may_be(Truth::yes);
    const Truths not_no = may_be(Truth::yes) | may_be(Truth::unknown);
    if (((a | b) & may_be(Truth::unknown)) && (a & not_no) && (b & not_no)) out |= may_be(Truth::unknown);
    return out;
  }

  const Model& model_;
  const std::map<Var, Val>& known_;
  State state_;
};

/// The values that a requirement asks for in so many words.
void asked_for(const Model& model, NodeId id, std::map<Var, Val>& known, bool yes = true) {
  const auto& f = model.task.formulas;
  const auto& n = f.nodes[id.index];
  const auto operand = [&](std::uint32_t i) { return f.operands[n.first + i]; };
  if (n.op == NodeOp::not_) return asked_for(model, operand(0), known, !yes);
  if (n.op == NodeOp::variable) known[n.a] = yes ? 2u : 1u;
  if (n.op == (yes ? NodeOp::and_ : NodeOp::or_))
    for (std::uint32_t i = 0; i < n.count; ++i) asked_for(model, operand(i), known, yes);
  if (n.op != NodeOp::equal || !yes) return;
  const auto &a = f.nodes[operand(0).index], &b = f.nodes[operand(1).index];
  if (a.op == NodeOp::variable && b.op == NodeOp::constant) known[a.a] = b.a;
  if (b.op == NodeOp::variable && a.op == NodeOp::constant) known[b.a] = a.a;
}

/// What is sure to hold while the operator is under way.
std::map<Var, Val> while_under_way(const Model& model, std::uint32_t op, const std::set<Var>& changing) {
  const auto& o = model.task.operators[Id<task::Operator>(op)];
  std::map<Var, Val> known;
  for (Var v = 0; v < model.start.size(); ++v)
    if (!changing.contains(v)) known[v] = model.start[v];
  for (const auto& r : o.requires_)
    if (model.holds(r.constraint)) asked_for(model, r.formula, known);
  for (const auto& a : o.during) {
    const auto& to = model.task.formulas.nodes[a.to.index];
    if (a.when || to.op != NodeOp::constant) known.erase(a.variable.index);
    else known[a.variable.index] = to.a;
  }
  return known;
}

}  // namespace

std::optional<Weight> weigh(const Model& model, const Cost& cost) {
  Weight out = 0;
  int places = 0;
  for (const Measure m : model.task.minimize) {
    if (m == Measure::away || places == 3) break;
    if (cost[m] < 0 || cost[m] >= (Weight{1} << bits)) return std::nullopt;
    out = (out << bits) + cost[m];
    ++places;
  }
  return out;
}

std::optional<std::vector<Weight>> least_weights(const Model& model, const Search& problem) {
  const std::set<Var> changing(problem.goal.variables.begin(), problem.goal.variables.end());
  std::vector<Weight> out;
  Cost total;
  for (const std::uint32_t op : problem.operators) {
    const auto& o = model.task.operators[Id<task::Operator>(op)];
    const auto known = while_under_way(model, op, changing);
    const Partly partly(model, known);
    std::set<std::uint32_t> disrupted;
    for (const auto& d : model.task.disrupts_when)
      if (!(partly.truths(d.formula) & may_be(Truth::no))) disrupted.insert(d.whose.index);
    Cost cost;
    cost[Measure::disruption] = static_cast<std::int64_t>(disrupted.size()) * o.takes;
    for (const auto& d : o.disrupts) cost[Measure::disruption] += d.lasts;
    cost[Measure::duration] = o.takes;
    cost[Measure::cost] = o.cost;
    const auto weight = weigh(model, cost);
    if (!weight) return std::nullopt;
    out.push_back(*weight);
    total = total + cost;
  }
  if (!weigh(model, total)) return std::nullopt;
  return out;
}

}  // namespace exm::planning
