#include "compiler/solve/cost.h"

#include <algorithm>

namespace exm::planning {

using program::Measure;

Rank rank(const Model& model, const Cost& cost) {
  Rank out{};
  for (std::size_t i = 0; i < out.size() && i < model.task.minimize.size(); ++i) out[i] = cost[model.task.minimize[i]];
  return out;
}

Meter::Meter(const Model& model, std::span<const Var> changing, const State& state, const std::vector<bool>& exempt) : model_(model) {
  std::vector<bool> changes(state.size(), false);
  for (Var v : changing) changes[v] = true;
  for (const auto& d : model.task.disrupts_when) {
    const auto read = variables_of(model.task, d.formula);
    if (std::any_of(read.begin(), read.end(), [&](Var v) { return changes[v]; }))
      disrupts_.push_back({d.formula, d.whose.index});
    else if (model.evaluate.truth(d.formula, state) != Truth::no)
      always_.push_back(d.whose.index);
  }
  std::sort(always_.begin(), always_.end());
  always_.erase(std::unique(always_.begin(), always_.end()), always_.end());
  std::erase_if(disrupts_, [&](const Disrupts& d) { return std::binary_search(always_.begin(), always_.end(), d.object); });
  std::stable_sort(disrupts_.begin(), disrupts_.end(), [](const Disrupts& a, const Disrupts& b) { return a.object < b.object; });
  for (Var v : changing) {
    if (!model.restorable(v) || exempt[v]) continue;
    const auto& variable = model.task.variables[Id<task::Variable>(v)];
    watched_.push_back({v, variable.restore.index, variable.object.index});
  }
  std::stable_sort(watched_.begin(), watched_.end(), [](const Watched& a, const Watched& b) { return a.object < b.object; });
}

std::int64_t Meter::disrupted(const State& state) const {
  auto n = static_cast<std::int64_t>(always_.size());
  std::uint32_t counted = ~0u;
  for (const auto& d : disrupts_) {
    if (d.object == counted || model_.evaluate.truth(d.formula, state) == Truth::no) continue;
    counted = d.object;
    ++n;
  }
  return n;
}

std::int64_t Meter::away(const State& state) const {
  std::int64_t n = 0;
  std::uint32_t counted = ~0u;
  for (const auto& w : watched_) {
    if (w.object == counted || state[w.variable] == w.restore) continue;
    counted = w.object;
    ++n;
  }
  return n;
}

Cost Meter::step(std::uint32_t op, const State& state) const {
  const auto& o = model_.task.operators[Id<task::Operator>(op)];
  Cost cost;
  cost[Measure::disruption] = disrupted(state) * o.takes;
  for (const auto& d : o.disrupts) cost[Measure::disruption] += d.lasts;
  cost[Measure::duration] = o.takes;
  cost[Measure::cost] = o.cost;
  cost[Measure::away] = away(state) * o.takes;
  return cost;
}

}  // namespace exm::planning
