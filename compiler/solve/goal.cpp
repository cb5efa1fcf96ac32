#include "compiler/solve/goal.h"

#include <algorithm>
#include <utility>

namespace exm::planning {

namespace {

std::optional<std::uint32_t> failing_wish(const Model& model, const Goal& goal, const State& state) {
  for (std::uint32_t w : goal.wishes) {
    const auto& wish = model.task.wishes[w];
    if (model.holds(wish.constraint) && model.evaluate.truth(wish.formula, state) != Truth::yes) return w;
  }
  return std::nullopt;
}

/// What is only to be put back excuses nothing else from being put back.
bool fails_wish_of_the_maintenance(const Model& model, const Goal& goal, const State& state) {
  return std::any_of(goal.wishes.begin(), goal.wishes.end(), [&](std::uint32_t w) {
    const auto& wish = model.task.wishes[w];
    return !wish.restores && model.holds(wish.constraint) && model.evaluate.truth(wish.formula, state) != Truth::yes;
  });
}

/// A rule under repair is a wish too.
bool fails_repair(const Model& model, const State& state) {
  return std::any_of(model.task.rules.begin(), model.task.rules.end(), [&](const task::Rule& rule) {
    return rule.repaired && model.holds(rule.constraint) && model.evaluate.truth(rule.formula, state) != Truth::yes;
  });
}

}  // namespace

std::optional<Missing> missing(const Model& model, const Goal& goal, State& state, const Bound& bound) {
  if (const auto w = failing_wish(model, goal, state)) return Missing{Missing::Kind::wish, *w};
  for (std::uint32_t r = 0; r < model.rules.size(); ++r)
    if (model.rules[r].latent && model.task.rules[r].repaired && !bound[r] && model.holds(model.task.rules[r].constraint))
      return Missing{Missing::Kind::rule, r};
  for (Var v : goal.variables) {
    if (!model.restorable(v)) continue;
    const Val restore = model.task.variables[Id<task::Variable>(v)].restore.index;
    if (state[v] == restore) continue;
    const Val is = std::exchange(state[v], restore);
    const bool achieved = model.wished[v] && (fails_wish_of_the_maintenance(model, goal, state) || fails_repair(model, state));
    state[v] = is;
    if (!achieved) return Missing{Missing::Kind::variable, v};
  }
  return std::nullopt;
}

}  // namespace exm::planning
