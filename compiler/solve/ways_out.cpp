#include "compiler/solve/ways_out.h"

#include <algorithm>
#include <set>

#include "compiler/ground/formulas.h"
#include "compiler/solve/component.h"

namespace exm::planning {

using Kind = task::Constraint::Kind;
using task::NodeOp;

namespace {

/// So many ways are told, and so many are tried.
constexpr std::size_t most_told = 3, most_tried = 12;

bool has_plan(const task::Task& task, const std::vector<bool>& dropped, const Limits& limits) {
  Model model(task);
  model.dropped = dropped;
  const auto parts = components(model);
  return !parts.empty() && std::all_of(parts.begin(), parts.end(),
                                       [&](const Component& part) { return std::holds_alternative<Planned>(plan(model, part, limits)); });
}

/// A formula whose counts need `by` less, or may be `by` more.
class Lowering {
 public:
  Lowering(task::Task& task, std::int64_t by) : builder_(task), task_(task), by_(by) {}

  NodeId lowered(NodeId node) {
    const task::Node n = task_.formulas.nodes[node.index];
    std::vector<NodeId> operands;
    for (std::uint32_t i = 0; i < n.count; ++i) operands.push_back(task_.formulas.operands[n.first + i]);
    if (n.op == NodeOp::less || n.op == NodeOp::less_equal) return comparison(node, n.op, operands);
    if (n.op != NodeOp::and_ && n.op != NodeOp::or_) return node;
    for (NodeId& operand : operands) operand = lowered(operand);
    return builder_.node(n.op, operands);
  }

  /// What the count that was changed first needed before, and needs now; nothing where there is no count.
  std::optional<std::pair<std::int64_t, std::int64_t>> change() const { return change_; }

 private:
  NodeId comparison(NodeId node, NodeOp op, std::vector<NodeId> sides) {
    for (const bool least : {true, false}) {  // `n <= count`: at least n; `count <= n`: at most n
      const NodeId number = sides[least ? 0 : 1], counted = sides[least ? 1 : 0];
      const auto constant = builder_.constant_value(number);
      const NodeOp of = task_.formulas.nodes[counted.index].op;
      if (!constant || (of != NodeOp::count && of != NodeOp::sum)) continue;
      program::Value value = task_.values[constant->index];
      if (value.tag != program::Value::Tag::integer || (least && value.number < by_)) continue;
      const std::int64_t before = value.number;
      value.number += least ? -by_ : by_;
      if (!change_) change_ = {before, value.number};
      sides[least ? 0 : 1] = builder_.constant(value);
      return builder_.node(op, sides);
    }
    return node;
  }

  task::Builder builder_;
  task::Task& task_;
  std::int64_t by_;
  std::optional<std::pair<std::int64_t, std::int64_t>> change_;
};

class Ways {
 public:
  Ways(const Model& model, const Limits& limits) : model_(model), limits_(limits.part(4)) {}

  std::vector<WayOut> of(const std::vector<std::vector<Id<task::Constraint>>>& conflicts) {
    std::set<std::pair<std::uint32_t, std::uint32_t>> places;
    std::vector<Id<task::Constraint>> counts;
    for (const auto& conflict : conflicts)
      for (const auto c : conflict) {
        const auto& constraint = model_.task.constraints[c];
        if (!places.emplace(constraint.span.source, constraint.span.begin).second) continue;
        if (counts_something(c)) counts.push_back(c);
        try_one(c, constraint.kind);
      }
    for (const auto c : counts) fewer({c});
    if (found_.empty() && counts.size() > 1) fewer(counts);
    return std::move(found_);
  }

 private:
  void try_one(Id<task::Constraint> c, Kind kind) {
    switch (kind) {
      case Kind::forbid: return without(c, WayOut::Kind::allowed);
      case Kind::restoration: return without(c, WayOut::Kind::left);
      case Kind::at_most: return more_at_once(c);
      default: return;
    }
  }

  bool counts_something(Id<task::Constraint> c) const {
    task::Task task = model_.task;
    Lowering lowering(task, 1);
    for (const auto& rule : model_.task.rules)
      if (rule.constraint == c) lowering.lowered(rule.formula);
    return lowering.change().has_value();
  }

  bool enough() { return found_.size() >= most_told || ++tried_ > most_tried; }

  void without(Id<task::Constraint> c, WayOut::Kind kind) {
    if (enough()) return;
    std::vector<bool> dropped = model_.dropped;
    for (const auto same : alike(c)) dropped[same.index] = true;
    if (has_plan(model_.task, dropped, limits_)) found_.push_back({kind, {c}, 0, 0});
  }

  void more_at_once(Id<task::Constraint> c) {
    if (enough()) return;
    task::Task task = model_.task;
    ++*task.at_most;
    if (has_plan(task, model_.dropped, limits_)) found_.push_back({WayOut::Kind::more_at_once, {c}, *model_.task.at_most, *task.at_most});
  }

  /// The least that the counts have to give way, together. A restoration or requirement that stands beside a count is not touched.
  void fewer(const std::vector<Id<task::Constraint>>& counts) {
    for (std::int64_t by = 1;; ++by) {
      task::Task task = model_.task;
      Lowering lowering(task, by);
      for (const auto c : counts)
        for (const auto same : alike(c))
          for (auto& rule : task.rules)
            if (rule.constraint == same) rule.formula = lowering.lowered(rule.formula);
      const auto change = lowering.change();
      if (!change || enough()) return;
      if (!has_plan(task, model_.dropped, limits_)) continue;
      found_.push_back({WayOut::Kind::fewer, counts, change->first, change->second});
      return;
    }
  }

  /// A state is left by itself; all else is changed in the files, for all objects.
  std::vector<Id<task::Constraint>> alike(Id<task::Constraint> c) const {
    if (model_.task.constraints[c].kind == Kind::restoration) return {c};
    return from_the_same_place(model_.task, c);
  }

  const Model& model_;
  Limits limits_;
  std::vector<WayOut> found_;
  std::size_t tried_ = 0;
};

}  // namespace

std::vector<WayOut> ways_out(const Model& model, const std::vector<std::vector<Id<task::Constraint>>>& conflicts, const Limits& limits) {
  return Ways(model, limits).of(conflicts);
}

}  // namespace exm::planning
