#include "compiler/solve/admission.h"

#include <algorithm>

namespace exm::planning {

namespace {

bool is_constant(const Model& model, const task::Assignment& a) {
  return !a.when && model.task.formulas.nodes[a.to.index].op == task::NodeOp::constant;
}

bool is_constant(const Model& model, const task::Effect& effect) {
  return std::all_of(effect.assignments.begin(), effect.assignments.end(), [&](const auto& a) { return is_constant(model, a); }) &&
         std::all_of(effect.parts.begin(), effect.parts.end(), [&](const auto& p) { return is_constant(model, p); });
}

bool is_constant(const Model& model, const task::Operator& op) {
  return op.reads.empty() && (!op.on || model.task.formulas.nodes[op.on.index].op == task::NodeOp::constant) &&
         std::all_of(op.during.begin(), op.during.end(), [&](const auto& a) { return is_constant(model, a); }) &&
         is_constant(model, op.effects);
}

void append_variables(const task::Effect& effect, std::vector<Var>& out) {
  for (const auto& a : effect.assignments) out.push_back(a.variable.index);
  for (const auto& part : effect.parts) append_variables(part, out);
}

}  // namespace

Admission::Admission(const Model& model) : model_(model), known_(model.operators.size()) {
  latent_ = std::any_of(model.rules.begin(), model.rules.end(), [](const RuleInfo& r) { return r.latent; });
}

Admission::Known& Admission::known(std::uint32_t op) {
  Known& k = known_[op];
  if (k.prepared) return k;
  k.prepared = true;
  const auto& o = model_.task.operators[Id<task::Operator>(op)];
  k.constant = is_constant(model_, o);
  if (k.constant) k.begun = begin(model_, op, model_.start);
  k.depends = model_.operators[op].reads;
  for (std::uint32_t r : model_.operators[op].rules) {
    const auto& seen = model_.rules[r].variables;
    k.depends.insert(k.depends.end(), seen.begin(), seen.end());
  }
  if (!model_.task.withstand.empty())
    for (const auto& fault : model_.task.faults) append_variables(fault.effects, k.depends);
  std::sort(k.depends.begin(), k.depends.end());
  k.depends.erase(std::unique(k.depends.begin(), k.depends.end()), k.depends.end());
  return k;
}

const Begun& Admission::begun(std::uint32_t op, const State& state) {
  Known& k = known(op);
  if (!k.constant) k.begun = begin(model_, op, state);
  return k.begun;
}

bool Admission::decide(std::uint32_t op, State& state, const Bound& bound) {
  for (const auto& r : model_.task.operators[Id<task::Operator>(op)].requires_)
    if (model_.holds(r.constraint) && model_.evaluate.truth(r.formula, state) != Truth::yes) return false;
  const UnderWay step{op, begun(op, state)};
  return step.begun.possible && !broken_rule(model_, state, {&step, 1}, 0, bound);
}

bool Admission::may_begin(std::uint32_t op, State& state, const Bound& bound) {
  if (latent_) return decide(op, state, bound);
  Known& k = known(op);
  key_.clear();
  for (Var v : k.depends) key_.push_back(state[v]);
  const auto it = k.answers.find(key_);
  if (it != k.answers.end()) return it->second;
  const bool answer = decide(op, state, bound);
  k.answers.emplace(key_, answer);
  return answer;
}

}  // namespace exm::planning
