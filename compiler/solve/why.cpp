#include "compiler/solve/why.h"

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
  if (lacks->kind == Missing::Kind::wish) return {Why::Kind::wish, model.task.wishes[lacks->index].constraint, {}, left_out};
  if (lacks->kind == Missing::Kind::rule) return of_rule(model, lacks->index, left_out);
  return {Why::Kind::restoration, model.task.variables[Id<task::Variable>(lacks->index)].restoration, Id<task::Variable>(lacks->index),
          left_out};
}

}  // namespace

void explain(const Model& model, const Goal& goal, const State& from, std::vector<FoundStep>& steps) {
  for (std::uint32_t s = 0; s < steps.size(); ++s) steps[s].why = without(model, goal, from, steps, s);
}

}  // namespace exm::planning
