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

/// All that the fault reads is read in `before`.
void apply_fault(const Model& model, const task::Effect& effect, const State& before, State& state, std::vector<std::pair<Var, Val>>& undo) {
  for (const auto& a : effect.assignments) {
    const Truth when = a.when ? model.evaluate.truth(a.when, before) : Truth::yes;
    if (when == Truth::no) continue;
    Val& value = state[a.variable.index];
    undo.emplace_back(a.variable.index, value);
    const Val to = model.evaluate.value(a.to, before);
    value = when == Truth::yes || value == to ? to : 0;
  }
  for (const auto& part : effect.parts) apply_fault(model, part, before, state, undo);
}

/// Does the rule hold when up to `n` more instances of the fault, from the given one on, strike?
bool withstands(const Model& model, const task::Rule& rule, const task::Withstand& withstand, int n, std::size_t from, State& state) {
  if (n == 0) return true;
  const auto& faults = model.task.faults;
  for (std::size_t f = from; f < faults.size(); ++f) {
    if (faults[f].fault != withstand.fault || first_write(faults[f].effects) == ~0u) continue;
    std::vector<std::pair<Var, Val>> undo;
    apply_fault(model, faults[f].effects, State(state), state, undo);
    const bool good = model.evaluate.truth(rule.formula, state) == Truth::yes && withstands(model, rule, withstand, n - 1, f + 1, state);
    for (auto it = undo.rbegin(); it != undo.rend(); ++it) state[it->first] = it->second;
    if (!good) return false;
  }
  return true;
}

/// Walks through all combinations of phases, one step after another.
struct Combinations {
  const Model& model;
  std::uint32_t rule;
  std::vector<Phases> floating;
  State& state;
  bool ever = false;   // the formula holds in some combination
  bool always = true;  // the rule holds in all

  void visit(std::size_t i) {
    if (i == floating.size()) {
      ever = ever || model.evaluate.truth(model.task.rules[rule].formula, state) == Truth::yes;
      always = always && holds(model, rule, state);
      return;
    }
    const auto& f = floating[i];
    for (std::size_t k = 0; k < f.values.size(); ++k) {
      for (std::size_t v = 0; v < f.variables.size(); ++v) state[f.variables[v]] = f.values[k][v];
      visit(i + 1);
    }
    for (std::size_t v = 0; v < f.variables.size(); ++v) state[f.variables[v]] = f.values[0][v];
  }
};

/// A rule that does not bind yet, and a step that is alone: where it holds when some of the effects are done, it has to
/// hold from then on, however many more are done, and wherever the step is cut off then.
bool keeps_what_it_makes(const Model& model, std::uint32_t rule, const Begun& begun, State& state) {
  std::vector<Var> variables;
  const auto all = halfways(begun, model.rules[rule].variables, state, variables);
  if (all.empty()) return false;
  const State base = state;
  const auto put = [&](const std::vector<Val>& values) {
    for (std::size_t v = 0; v < variables.size(); ++v) state[variables[v]] = values[v];
  };
  const auto binds = [&] { return model.evaluate.truth(model.task.rules[rule].formula, state) == Truth::yes; };
  std::vector<const std::vector<bool>*> from;  // what is done where it begins to bind
  for (const auto& at : all) {
    put(at.shows);
    if (binds()) from.push_back(&at.done);
  }
  bool kept = true;
  for (const auto& at : all) {
    const bool bound = std::any_of(from.begin(), from.end(), [&](const auto* done) {
      for (std::size_t u = 0; u < done->size(); ++u)
        if ((*done)[u] && !at.done[u]) return false;
      return true;
    });
    for (std::size_t i = 0; bound && kept && i < at.cut_off.size(); ++i) {
      put(at.cut_off[i]);
      kept = holds(model, rule, state);
    }
  }
  state = base;
  finish(begun, state);
  kept = kept && ((from.empty() && !binds()) || holds(model, rule, state));
  state = base;
  return kept;
}

}  // namespace

bool holds(const Model& model, std::uint32_t r, State& state) {
  const auto& rule = model.task.rules[r];
  if (model.evaluate.truth(rule.formula, state) != Truth::yes) return false;
  return rule.of_steps || std::all_of(model.task.withstand.begin(), model.task.withstand.end(), [&](const task::Withstand& withstand) {
           return !model.holds(withstand.constraint) || withstands(model, rule, withstand, withstand.n, 0, state);
         });
}

void bind(const Model& model, const State& state, Bound& bound) {
  for (std::uint32_t r = 0; r < model.rules.size(); ++r)
    if (model.rules[r].latent && !bound[r] && model.evaluate.truth(model.task.rules[r].formula, state) == Truth::yes) bound[r] = true;
}

std::optional<std::uint32_t> broken_rule(const Model& model, State& base, std::span<const UnderWay> running, std::size_t focus,
                                         const Bound& bound) {
  for (std::uint32_t r : model.operators[running[focus].op].rules) {
    if (!model.holds(model.task.rules[r].constraint)) continue;
    const auto& seen = model.rules[r].variables;
    const bool binds = !model.rules[r].latent || bound[r];
    Combinations all{model, r, {}, base};
    all.floating.push_back(phases(running[focus].begun, seen, base));
    for (std::size_t i = 0; i < running.size(); ++i)
      if (i != focus && share(model.operators[running[i].op].writes, seen)) all.floating.push_back(phases(running[i].begun, seen, base));
    if (std::any_of(all.floating.begin(), all.floating.end(), [](const Phases& p) { return p.values.empty(); })) return r;
    if (!binds && all.floating.size() == 1) {
      if (!keeps_what_it_makes(model, r, running[focus].begun, base)) return r;
      continue;
    }
    all.visit(0);
    // Before it binds, steps side by side must not make it hold at all: one that is cut off could undo it.
    if (binds ? !all.always : all.ever) return r;
  }
  return std::nullopt;
}

std::optional<std::uint32_t> broken_rule(const Model& model, State& state, const Bound& bound) {
  for (std::uint32_t r = 0; r < model.rules.size(); ++r) {
    if (!model.holds(model.task.rules[r].constraint) || (model.rules[r].latent && !bound[r])) continue;
    if (!holds(model, r, state)) return r;
  }
  return std::nullopt;
}

}  // namespace exm::planning
