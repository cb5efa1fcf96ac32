#include "compiler/solve/measure.h"

#include <algorithm>
#include <set>
#include <utility>

#include "compiler/solve/cost.h"
#include "compiler/solve/phases.h"

namespace exm::planning {

using program::Measure;

namespace {

/// A step's begin or end. At one time ends come first; ties go by the order of the steps.
struct Event {
  Seconds at;
  bool begins;
  std::uint32_t step;
  auto operator<=>(const Event&) const = default;
};

std::vector<Event> events(const std::vector<FoundStep>& steps) {
  std::vector<Event> out;
  for (std::uint32_t s = 0; s < steps.size(); ++s) {
    out.push_back({steps[s].start, true, s});
    out.push_back({steps[s].end, steps[s].end == steps[s].start, s});
  }
  std::stable_sort(out.begin(), out.end());
  return out;
}

/// Runs the timeline; calls `during` with each span of time and the state in it, and gives the last state.
template <class F>
State play(const Model& model, const std::vector<FoundStep>& steps, const F& during) {
  State base = model.start;
  std::vector<std::pair<std::uint32_t, Begun>> running;
  std::vector<bool> begun(steps.size(), false);
  Seconds now = 0;
  for (const auto& event : events(steps)) {
    if (event.at > now) {
      State state = base;
      for (const auto& [s, b] : running) enter(b, state);
      during(event.at - now, state);
      now = event.at;
    }
    if (!begun[event.step]) {
      begun[event.step] = true;
      running.emplace_back(event.step, begin(model, steps[event.step].op.index, base));
      continue;
    }
    const auto it = std::find_if(running.begin(), running.end(), [&](const auto& r) { return r.first == event.step; });
    finish(it->second, base);
    running.erase(it);
  }
  return base;
}

/// Those that differ at the end because a wish would not hold without: they need not be restored.
std::vector<bool> achieved(const Model& model, const std::vector<Var>& changing, State end) {
  std::vector<bool> out(end.size(), false);
  for (Var v : changing) {
    const Val restore = model.task.variables[Id<task::Variable>(v)].restore.index;
    if (!model.wished[v] || end[v] == restore) continue;
    const Val is = std::exchange(end[v], restore);
    for (const auto& wish : model.task.wishes) out[v] = out[v] || (!wish.restores && model.evaluate.truth(wish.formula, end) != Truth::yes);
    for (const auto& rule : model.task.rules) out[v] = out[v] || (rule.repaired && model.evaluate.truth(rule.formula, end) != Truth::yes);
    end[v] = is;
  }
  return out;
}

}  // namespace

Measures measure(const Model& model, const std::vector<FoundStep>& steps) {
  std::set<Var> written;
  Measures out;
  for (const auto& step : steps) {
    const auto& op = model.task.operators[step.op];
    written.insert(model.operators[step.op.index].writes.begin(), model.operators[step.op.index].writes.end());
    out.duration = std::max(out.duration, step.end);
    out.cost += op.cost;
    for (const auto& d : op.disrupts) out.disruption += d.lasts;
  }
  const std::vector<Var> changing(written.begin(), written.end());
  const State end = play(model, steps, [](Seconds, const State&) {});
  const Meter meter(model, changing, model.start, achieved(model, changing, end));
  play(model, steps, [&](Seconds time, const State& state) {
    out.disruption += meter.disrupted(state) * time;
    out.away += meter.away(state) * time;
  });
  return out;
}

}  // namespace exm::planning
