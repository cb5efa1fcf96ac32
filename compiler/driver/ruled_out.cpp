#include "compiler/driver/ruled_out.h"

#include <algorithm>
#include <set>

#include "compiler/ground/grounding.h"
#include "compiler/solve/solve.h"

namespace exm {

namespace {

/// The search is tried with a part of its bound: it was all in vain already.
constexpr std::uint64_t smaller = 4;

using task::Operator;
using task::Requirement;
using task::Task;

std::set<Id<task::Constraint>> all_of(const Impossible& impossible) {
  std::set<Id<task::Constraint>> all;
  for (const auto& set : impossible.conflicts) all.insert(set.begin(), set.end());
  return all;
}

/// The variables that a conflict speaks of.
std::set<Id<task::Variable>> spoken_of(const Task& task, const Impossible& impossible) {
  const auto named = all_of(impossible);
  std::vector<Id<task::Variable>> found;
  const auto collect = [&](Id<task::Constraint> constraint, task::NodeId formula) {
    if (named.count(constraint)) collect_variables(task, formula, found);
  };
  for (const auto& rule : task.rules) collect(rule.constraint, rule.formula);
  for (const auto& wish : task.wishes) collect(wish.constraint, wish.formula);
  for (const Operator& op : task.operators)
    for (const Requirement& r : op.requires_) collect(r.constraint, r.formula);
  for (std::size_t v = 0; v < task.variables.size(); ++v)
    if (const auto id = task.variables.id(v); named.count(task.variables[id].restoration)) found.push_back(id);
  return {found.begin(), found.end()};
}

bool is_never(const Task& task, const Requirement& r) {
  const task::Node& node = task.formulas.nodes[r.formula.index];
  return node.op == task::NodeOp::constant && (node.a == task::false_.index || node.a == task::unknown.index);
}

bool is_ruled_out(const Task& task, const Operator& op) {
  return std::any_of(op.requires_.begin(), op.requires_.end(), [&](const Requirement& r) { return is_never(task, r); });
}

bool changes(const Operator& op, const std::set<Id<task::Variable>>& variables) {
  std::vector<task::Assignment> assignments = op.during;
  task::collect_assignments(op.effects, assignments);
  return std::any_of(assignments.begin(), assignments.end(), [&](const task::Assignment& a) { return variables.count(a.variable) > 0; });
}

bool names_what_is_never(const Task& task, const Impossible& impossible) {
  const auto named = all_of(impossible);
  return std::any_of(task.operators.begin(), task.operators.end(), [&](const Operator& op) {
    return std::any_of(op.requires_.begin(), op.requires_.end(), [&](const Requirement& r) { return is_never(task, r) && named.count(r.constraint); });
  });
}

}  // namespace

std::optional<RuledOut> with_what_facts_rule_out(const program::Program& program, const Task& task, const Impossible& impossible,
                                                 const program::Wishes* with, const Limits& limits) {
  Limits fuller = limits;
  fuller.ruled_out = true;
  Diagnostics unheard;
  auto made = ground(program, task.maintenance, with, fuller, unheard);
  if (!made) return {};
  const auto variables = spoken_of(task, impossible);
  std::erase_if(made->operators.items(), [&](const Operator& op) { return is_ruled_out(*made, op) && !changes(op, variables); });
  if (made->operators.size() == task.operators.size()) return {};
  Solution solution = solve(*made, limits.part(smaller));
  auto* found = std::get_if<Impossible>(&solution);
  if (found == nullptr || !names_what_is_never(*made, *found)) return {};
  return RuledOut{std::move(*made), std::move(*found)};
}

}  // namespace exm
