#include "compiler/solve/rules.h"

#include <algorithm>

namespace exm::planning {

namespace {

Var first_write(const task::Effect& effect) {
  if (!effect.assignments.empty()) return effect.assignments.front().variable.index;
  for (const auto& part : effect.parts)
    if (const Var v = first_write(part); v != ~0u) return v;
  return ~0u;
}

void apply_fault(const Model& model, const task::Effect& effect, State& state, std::vector<std::pair<Var, Val>>& undo) {
  for (const auto& a : effect.assignments) {
    if (a.when && model.evaluate.truth(a.when, state) == Truth::no) continue;
    undo.emplace_back(a.variable.index, state[a.variable.index]);
    state[a.variable.index] = model.evaluate.value(a.to, state);
  }
  for (const auto& part : effect.parts) apply_fault(model, part, state, undo);
}

/// Does the rule hold when up to `n` more instances of the fault, from the given one on, strike?
bool withstands(const Model& model, const task::Rule& rule, const task::Withstand& withstand, int n, std::size_t from, State& state) {
  if (n == 0) return true;
  const auto& faults = model.task.faults;
  for (std::size_t f = from; f < faults.size(); ++f) {
    if (faults[f].fault != withstand.fault || first_write(faults[f].effects) == ~0u) continue;
    std::vector<std::pair<Var, Val>> undo;
    apply_fault(model, faults[f].effects, state, undo);
    const bool good = model.evaluate.truth(rule.formula, state) == Truth::yes && withstands(model, rule, withstand, n - 1, f + 1, state);
    for (auto it = undo.rbegin(); it != undo.rend(); ++it) state[it->first] = it->second;
    if (!good) return false;
  }
  return true;
}

Truth holds(const Model& model, std::uint32_t r, State& state) {
  const auto& rule = model.task.rules[r];
  const Truth t = model.evaluate.truth(rule.formula, state);
  if (t != Truth::yes || rule.of_steps) return t;
  for (const auto& withstand : model.task.withstand)
    if (model.holds(withstand.constraint) && !withstands(model, rule, withstand, withstand.n, 0, state)) return Truth::no;
  return t;
}

/// Walks through all combinations of phases, one step after another.
struct Combinations {
  const Model& model;
  std::uint32_t rule;
  std::vector<Phases> floating;  // the focus first
  State& state;
  bool ever = false;             // it holds in some combination in which the focus has begun
  bool always = true;            // it holds in all
  bool at_end = true;            // it holds in all in which the focus has ended

  void visit(std::size_t i, bool begun, bool ended) {
    if (i == floating.size()) {
      const bool yes = holds(model, rule, state) == Truth::yes;
      ever = ever || (yes && begun);
      always = always && yes;
      at_end = at_end && (yes || !ended);
      return;
    }
    const auto& f = floating[i];
    for (std::size_t k = 0; k < f.values.size(); ++k) {
      for (std::size_t v = 0; v < f.variables.size(); ++v) state[f.variables[v]] = f.values[k][v];
      visit(i + 1, i == 0 ? k > 0 : begun, i == 0 ? k + 1 == f.values.size() : ended);
    }
    for (std::size_t v = 0; v < f.variables.size(); ++v) state[f.variables[v]] = f.values[0][v];
  }
};

}  // namespace

void bind(const Model& model, const State& state, Bound& bound) {
  for (std::uint32_t r = 0; r < model.rules.size(); ++r)
    if (model.rules[r].latent && !bound[r] && model.evaluate.truth(model.task.rules[r].formula, state) == Truth::yes) bound[r] = true;
}

std::optional<std::uint32_t> broken_rule(const Model& model, State& base, std::span<const UnderWay> running, std::size_t focus,
                                         const Bound& bound) {
  for (std::uint32_t r : model.operators[running[focus].op].rules) {
    if (!model.holds(model.task.rules[r].constraint)) continue;
    const auto& seen = model.rules[r].variables;
    Combinations all{model, r, {}, base};
    all.floating.push_back(phases(running[focus].begun, seen, base));
    for (std::size_t i = 0; i < running.size(); ++i)
      if (i != focus && share(model.operators[running[i].op].writes, seen)) all.floating.push_back(phases(running[i].begun, seen, base));
    if (std::any_of(all.floating.begin(), all.floating.end(), [](const Phases& p) { return p.values.empty(); })) return r;
    all.visit(0, false, false);
    const bool binds = !model.rules[r].latent || bound[r];
    if (binds ? !all.always : all.ever && !all.at_end) return r;
  }
  return std::nullopt;
}

std::optional<std::uint32_t> broken_rule(const Model& model, State& state, const Bound& bound) {
  for (std::uint32_t r = 0; r < model.rules.size(); ++r) {
    if (!model.holds(model.task.rules[r].constraint) || (model.rules[r].latent && !bound[r])) continue;
    if (holds(model, r, state) != Truth::yes) return r;
  }
  return std::nullopt;
}

}  // namespace exm::planning
