#include "compiler/solve/model.h"

#include <algorithm>
#include <functional>

namespace exm::planning {

namespace {

void sort_unique(std::vector<std::uint32_t>& v) {
  std::sort(v.begin(), v.end());
  v.erase(std::unique(v.begin(), v.end()), v.end());
}

void collect(const task::Task& task, NodeId node, std::vector<Var>& out) {
  if (!node) return;
  const auto& n = task.formulas.nodes[node.index];
  if (n.op == task::NodeOp::variable) out.push_back(n.a);
  for (std::uint32_t i = 0; i < n.count; ++i) collect(task, task.formulas.operands[n.first + i], out);
}

void collect_assignment(const task::Task& task, const task::Assignment& a, OperatorInfo& info) {
  info.writes.push_back(a.variable.index);
  collect(task, a.to, info.reads);
  collect(task, a.when, info.reads);
}

void collect_effect(const task::Task& task, const task::Effect& effect, OperatorInfo& info) {
  for (const auto& a : effect.assignments) collect_assignment(task, a, info);
  for (const auto& part : effect.parts) collect_effect(task, part, info);
}

OperatorInfo describe(const task::Task& task, const task::Operator& op) {
  OperatorInfo info;
  for (const auto& r : op.requires_) collect(task, r.formula, info.reads);
  for (const auto& a : op.during) collect_assignment(task, a, info);
  collect_effect(task, op.effects, info);
  for (auto v : op.reads) info.reads.push_back(v.index);
  collect(task, op.on, info.reads);
  if (op.on) {
    const auto& n = task.formulas.nodes[op.on.index];
    if (n.op == task::NodeOp::constant) info.on = task.values[n.a].object.index;
  }
  sort_unique(info.writes);
  sort_unique(info.reads);
  return info;
}

/// What faults read that a rule has to withstand decides about the rule as well.
void add_of_faults(const task::Task& task, std::vector<Var>& variables) {
  for (const auto& fault : task.faults) {
    OperatorInfo info;
    const bool counts = std::any_of(task.withstand.begin(), task.withstand.end(), [&](const auto& w) { return w.fault == fault.fault; });
    if (counts) collect_effect(task, fault.effects, info);
    variables.insert(variables.end(), info.reads.begin(), info.reads.end());
  }
  sort_unique(variables);
}

}  // namespace

std::vector<Var> variables_of(const task::Task& task, NodeId node) {
  std::vector<Var> out;
  collect(task, node, out);
  sort_unique(out);
  return out;
}

std::vector<Id<task::Constraint>> from_the_same_place(const task::Task& task, Id<task::Constraint> constraint) {
  const auto& mine = task.constraints[constraint];
  std::vector<Id<task::Constraint>> out;
  for (std::uint32_t c = 0; c < task.constraints.size(); ++c) {
    const auto& other = task.constraints[Id<task::Constraint>(c)];
    if (other.kind == mine.kind && other.span.source == mine.span.source && other.span.begin == mine.span.begin) out.emplace_back(c);
  }
  return out;
}

bool share(const std::vector<std::uint32_t>& a, const std::vector<std::uint32_t>& b) {
  auto i = a.begin();
  auto j = b.begin();
  while (i != a.end() && j != b.end()) {
    if (*i == *j) return true;
    *i < *j ? ++i : ++j;
  }
  return false;
}

bool races(const OperatorInfo& a, const OperatorInfo& b) {
  return share(a.writes, b.writes) || share(a.writes, b.reads) || share(a.reads, b.writes);
}

Model::Model(const task::Task& t) : task(t), evaluate(t) {
  const std::size_t n = t.variables.size();
  start.reserve(n);
  for (const auto& v : t.variables) start.push_back(v.start.index);
  rules_of.resize(n);
  writers_of.resize(n);
  disrupts_of.resize(n);
  wished.assign(n, false);
  dropped.assign(t.constraints.size(), false);
  for (std::uint32_t r = 0; r < t.rules.size(); ++r) {
    RuleInfo info;
    info.variables = variables_of(t, t.rules[r].formula);
    if (!t.rules[r].of_steps) add_of_faults(t, info.variables);
    for (Var v : info.variables) {
      rules_of[v].push_back(r);
      if (t.rules[r].repaired) wished[v] = true;
    }
    info.latent = (t.rules[r].of_steps || t.rules[r].repaired) && evaluate.truth(t.rules[r].formula, start) != Truth::yes;
    rules.push_back(std::move(info));
  }
  for (std::uint32_t d = 0; d < t.disrupts_when.size(); ++d)
    for (Var v : variables_of(t, t.disrupts_when[d].formula)) disrupts_of[v].push_back(d);
  for (const auto& wish : t.wishes) {
    if (wish.restores) continue;
    for (Var v : variables_of(t, wish.formula)) wished[v] = true;
  }
  for (std::uint32_t o = 0; o < t.operators.size(); ++o) {
    OperatorInfo info = describe(t, t.operators[Id<task::Operator>(o)]);
    for (Var v : info.writes) {
      writers_of[v].push_back(o);
      info.rules.insert(info.rules.end(), rules_of[v].begin(), rules_of[v].end());
    }
    sort_unique(info.rules);
    operators.push_back(std::move(info));
  }
}

bool Model::restorable(Var v) const {
  const auto& variable = task.variables[Id<task::Variable>(v)];
  return variable.free == task::Variable::Free::no && holds(variable.restoration);
}

}  // namespace exm::planning
