#include "compiler/solve/way_rules.h"

#include <algorithm>
#include <utility>

namespace exm::planning {

namespace {

bool less_is_done(const std::vector<bool>& a, const std::vector<bool>& b) {
  for (std::size_t u = 0; u < a.size(); ++u)
    if (a[u] && !b[u]) return false;
  return true;
}

bool holds_after(const Model& model, NodeId formula, const Begun& begun, State& state) {
  std::vector<std::pair<Var, Val>> before;
  for (const auto& w : writes_of(begun)) before.emplace_back(w.variable, state[w.variable]);
  finish(begun, state);
  const bool good = model.evaluate.truth(formula, state) == Truth::yes;
  for (const auto& [v, value] : before) state[v] = value;
  return good;
}

bool keeps(const Model& model, std::uint32_t rule, const Begun& begun, State& state, bool binds) {
  const NodeId formula = model.task.rules[rule].formula;
  std::vector<Var> variables;
  const auto all = halfways(begun, model.rules[rule].variables, state, variables);
  if (all.empty()) return false;  // too many phases
  std::vector<Val> before;
  for (Var v : variables) before.push_back(state[v]);
  const auto put = [&](const std::vector<Val>& values) {
    for (std::size_t v = 0; v < variables.size(); ++v) state[variables[v]] = values[v];
  };
  const auto holds_now = [&] { return model.evaluate.truth(formula, state) == Truth::yes; };
  std::vector<const std::vector<bool>*> from;  // what is done where it comes to hold
  bool good = true;
  for (const auto& at : all) {
    put(at.shows);
    if (holds_now()) {
      if (!binds) from.push_back(&at.done);
    } else if (binds) {
      good = false;
      break;
    }
  }
  for (const auto& at : all) {
    if (!good || from.empty() || std::none_of(from.begin(), from.end(), [&](const auto* done) { return less_is_done(*done, at.done); })) continue;
    put(at.shows);
    good = holds_now();
  }
  put(before);
  if (!good || (!binds && from.empty())) return good;
  return holds_after(model, formula, begun, state);
}

}  // namespace

bool holds_already(const Model& model, const Begun& begun, const State& state) {
  bool some = false;
  for (const auto& w : writes_of(begun)) {
    if (w.value == 0) continue;
    some = true;
    if (state[w.variable] != w.value || !model.task.variables[Id<task::Variable>(w.variable)].probed) return false;
  }
  return some;
}

bool may_hold_already(const Model& model, std::uint32_t op, const State& state) {
  const auto may = [&](const auto& self, const task::Effect& effect) -> bool {
    for (const auto& a : effect.assignments) {
      const auto& to = model.task.formulas.nodes[a.to.index];
      if (!a.when && to.op == task::NodeOp::constant && to.a != 0 && state[a.variable.index] != to.a) return false;
    }
    return std::all_of(effect.parts.begin(), effect.parts.end(), [&](const auto& part) { return self(self, part); });
  };
  return may(may, model.task.operators[Id<task::Operator>(op)].effects);
}

bool keeps_rules(const Model& model, std::uint32_t op, const Begun& begun, State& state, const Bound& bound) {
  const auto& rules = model.operators[op].rules;
  return std::all_of(rules.begin(), rules.end(), [&](std::uint32_t r) {
    return !model.holds(model.task.rules[r].constraint) || keeps(model, r, begun, state, !model.rules[r].latent || bound[r]);
  });
}

}  // namespace exm::planning
