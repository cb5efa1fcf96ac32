#include "compiler/solve/why.h"

#include <optional>

namespace exm::planning {

namespace {

Why of_rule(const Model& model, std::uint32_t rule, std::uint32_t step) {
  return {Why::Kind::rule, model.task.rules[rule].constraint, {}, step};
}

/// What breaks first when all steps but `left_out` are done in their order; `disruption` where nothing does.
Why without(const Model& model, const Goal& goal, const State& from, const std::vector<FoundStep>& steps, std::uint32_t left_out) {
  State state = from;
  Bound bound(model.rules.size(), false);
  bind(model, state, bound);
  for (std::uint32_t s = 0; s < steps.size(); ++s) {
    if (s == left_out) continue;
    for (const auto& r : model.task.operators[steps[s].op].requires_)
      if (model.evaluate.truth(r.formula, state) != Truth::yes) return {Why::Kind::requirement, r.constraint, {}, s};
    const UnderWay step{steps[s].op.index, begin(model, steps[s].op.index, state)};
    if (const auto rule = broken_rule(model, state, {&step, 1}, 0, bound)) return of_rule(model, *rule, s);
    finish(step.begun, state);
    bind(model, state, bound);
  }
  const auto lacks = missing(model, goal, state, bound);
  if (!lacks) return {Why::Kind::disruption, {}, {}, left_out};
  if (lacks->kind == Missing::Kind::wish) {
    const auto& wish = model.task.wishes[lacks->index];
    return {wish.restores ? Why::Kind::restoration : Why::Kind::wish, wish.constraint, wish.restores, left_out};
  }
  if (lacks->kind == Missing::Kind::rule) return of_rule(model, lacks->index, left_out);
  return {Why::Kind::restoration, model.task.variables[Id<task::Variable>(lacks->index)].restoration, Id<task::Variable>(lacks->index),
          left_out};
}

/// The variable that a step puts back, where that is all it does: each of its values was known to be another, and is then
/// the one to be restored.
std::optional<Var> puts_back(const Model& model, const FoundStep& step, const State& before, const State& after) {
  std::optional<Var> first;
  for (Var v : model.operators[step.op.index].writes) {
    const Val restore = model.task.variables[Id<task::Variable>(v)].restore.index;
    if (!model.restorable(v) || before[v] == 0 || before[v] == restore || after[v] != restore) return std::nullopt;
    if (!first) first = v;
  }
  return first;
}

}  // namespace

void explain(const Model& model, const Goal& goal, const State& from, std::vector<FoundStep>& steps) {
  State state = from;
  for (std::uint32_t s = 0; s < steps.size(); ++s) {
    const State before = state;
    finish(begin(model, steps[s].op.index, before), state);
    steps[s].why = without(model, goal, from, steps, s);
    // That a later step wants it so is true too, but the first reason is that it was so.
    if (steps[s].why.kind == Why::Kind::wish) continue;
    if (const auto v = puts_back(model, steps[s], before, state))
      steps[s].why = {Why::Kind::restoration, model.task.variables[Id<task::Variable>(*v)].restoration, Id<task::Variable>(*v), s};
  }
}

}  // namespace exm::planning
