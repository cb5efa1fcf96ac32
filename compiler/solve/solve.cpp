#include "compiler/solve/solve.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <numeric>

#include "compiler/solve/alike.h"
#include "compiler/solve/component.h"
#include "compiler/solve/conflict.h"
#include "compiler/solve/measure.h"

namespace exm {

using program::Measure;
using namespace planning;

namespace {

struct Whole {
  std::vector<FoundStep> steps;
  std::vector<FoundSlots> slots;
  std::vector<Renaming> renamings;
  Cost cost;  // as the searches count it
  bool least = true;
  bool shortest_known = true;
  Seconds shortest = 0;
};

/// Gives the index of its first step.
std::uint32_t append(Whole& whole, const Planned& part) {
  const auto offset = static_cast<std::uint32_t>(whole.steps.size());
  const auto first_slots = static_cast<std::uint32_t>(whole.slots.size());
  whole.slots.insert(whole.slots.end(), part.slots.begin(), part.slots.end());
  for (FoundStep step : part.steps) {
    for (auto& a : step.after) a += offset;
    for (auto& a : step.only_late) a += offset;
    for (auto& slot : step.acquires) slot += first_slots;
    for (auto& slot : step.releases) slot += first_slots;
    step.why.of += offset;
    whole.steps.push_back(std::move(step));
  }
  whole.cost = whole.cost + part.cost;
  whole.least = whole.least && part.least;
  whole.shortest_known = whole.shortest_known && part.shortest_known;
  whole.shortest = std::max(whole.shortest, part.shortest);
  return offset;
}

/// A component that is like one before it takes over the plan of that one.
void append_twin(Whole& whole, const Alike& alike, const Planned& plan, std::uint32_t offset, std::size_t component) {
  std::uint32_t twin = append(whole, alike.renamed(plan, component));
  const auto renaming = static_cast<std::uint32_t>(whole.renamings.size());
  whole.renamings.push_back(alike.renaming(component));
  for (std::uint32_t s = 0; s < plan.steps.size(); ++s) whole.steps[twin++].twin = Twin{offset + s, renaming};
}

bool use_the_same(const Model& model, const FoundStep& a, const FoundStep& b) {
  const auto &x = model.task.operators[a.op].uses, &y = model.task.operators[b.op].uses;
  return std::find_first_of(x.begin(), x.end(), y.begin(), y.end()) != x.end();
}

/// With a limit on steps at once, components wait for each other: in the order of their own timelines.
void fit(const Model& model, const std::vector<FoundSlots>& slots, std::vector<FoundStep>& steps) {
  if (!model.task.at_most) return;
  std::vector<std::uint32_t> free;
  for (const auto& kind : slots) free.push_back(kind.n);
  std::vector<std::uint32_t> waiting(steps.size());
  std::iota(waiting.begin(), waiting.end(), 0u);
  std::stable_sort(waiting.begin(), waiting.end(), [&](auto a, auto b) { return steps[a].start < steps[b].start; });
  std::vector<bool> ended(steps.size(), false);
  std::vector<std::uint32_t> running;
  for (Seconds now = 0; !waiting.empty() || !running.empty();) {
    std::erase_if(waiting, [&](std::uint32_t s) {
      const bool may = running.size() < static_cast<std::size_t>(*model.task.at_most) &&
                       std::none_of(running.begin(), running.end(), [&](std::uint32_t r) { return use_the_same(model, steps[r], steps[s]); }) &&
                       std::all_of(steps[s].acquires.begin(), steps[s].acquires.end(), [&](std::uint32_t slot) { return free[slot] > 0; }) &&
                       std::all_of(steps[s].after.begin(), steps[s].after.end(), [&](std::uint32_t a) { return ended[a]; });
      if (!may) return false;
      for (std::uint32_t slot : steps[s].acquires) --free[slot];
      steps[s].end = now + steps[s].end - steps[s].start;
      steps[s].start = now;
      running.push_back(s);
      return true;
    });
    if (running.empty()) return;
    now = steps[running.front()].end;
    for (std::uint32_t r : running) now = std::min(now, steps[r].end);
    std::erase_if(running, [&](std::uint32_t r) {
      if (steps[r].end > now) return false;
      for (std::uint32_t slot : steps[r].releases) ++free[slot];
      ended[r] = true;
      return true;
    });
  }
}

/// By start; ties keep their order. Indexes follow.
void sort_by_start(std::vector<FoundStep>& steps) {
  std::vector<std::uint32_t> by(steps.size()), place(steps.size());
  std::iota(by.begin(), by.end(), 0u);
  std::stable_sort(by.begin(), by.end(), [&](auto a, auto b) { return steps[a].start < steps[b].start; });
  for (std::uint32_t i = 0; i < by.size(); ++i) place[by[i]] = i;
  std::vector<FoundStep> sorted;
  for (std::uint32_t i : by) {
    FoundStep step = std::move(steps[i]);
    for (auto& a : step.after) a = place[a];
    for (auto& a : step.only_late) a = place[a];
    std::sort(step.after.begin(), step.after.end());
    step.why.of = place[step.why.of];
    if (step.twin) step.twin->step = place[step.twin->step];
    sorted.push_back(std::move(step));
  }
  steps = std::move(sorted);
}

/// Users feel something from the start that a step could end which serves no wish: no search has looked at it.
bool more_could_help(const Model& model) {
  const auto& task = model.task;
  std::vector<Var> felt;
  for (const auto& d : task.disrupts_when)
    if (model.evaluate.truth(d.formula, model.start) != Truth::no)
      for (Var v : variables_of(task, d.formula)) felt.push_back(v);
  if (felt.empty()) return false;
  std::vector<std::uint32_t> wishes(task.wishes.size());
  std::iota(wishes.begin(), wishes.end(), 0u);
  const auto used = relevant(model, wishes, model.start).operators;
  return std::any_of(felt.begin(), felt.end(), [&](Var v) {
    const auto& writers = model.writers_of[v];
    return std::any_of(writers.begin(), writers.end(), [&](std::uint32_t o) { return !std::binary_search(used.begin(), used.end(), o); });
  });
}

/// What is proven of the measures, in the order in which they count. The searches don't count what a wish reads as away: where
/// it was put back after all, the plan is away for longer than they say, and from there on nothing is proven.
void judge(const Model& model, const Whole& whole, std::size_t components, Found& found) {
  const bool least = whole.least && components <= 1 && !more_could_help(model);
  for (const Measure m : model.task.minimize) {
    const std::int64_t is = found.measures.of(m);
    const bool shortest = m == Measure::duration && whole.shortest_known && is <= whole.shortest;
    if (is == 0 || shortest || (least && is == whole.cost[m])) {
      found.least.push_back(m);
      continue;
    }
    if (m == Measure::duration && whole.shortest_known && whole.shortest > 0) found.bounds[m] = whole.shortest;
    return;
  }
}

/// The window, and all that is asked for: without any of the wishes less would do.
std::vector<Id<task::Constraint>> too_long(const task::Task& task) {
  std::vector<Id<task::Constraint>> out{task.longest_constraint};
  for (const auto& wish : task.wishes) out.push_back(wish.constraint);
  return out;
}

/// The task with duration before all else; of other measures nothing is proven then.
Solution solve_shortest(const task::Task& task, const Limits& limits) {
  task::Task urgent = task;
  const auto at = std::find(urgent.minimize.begin(), urgent.minimize.end(), Measure::duration);
  std::rotate(urgent.minimize.begin(), at, at + 1);
  Solution out = solve(urgent, limits);
  if (auto* found = std::get_if<Found>(&out)) {
    found->least.clear();
    found->bounds.clear();
  }
  return out;
}

}  // namespace

Solution solve(const task::Task& task, const Limits& limits) {
  Model model(task);
  auto parts = components(model);
  const bool repairs = std::any_of(task.rules.begin(), task.rules.end(), [](const auto& r) { return r.repaired; });
  if (parts.empty() && repairs) parts.push_back({Group{}});
  Whole whole;
  const Alike alike(model, parts);
  std::map<std::size_t, std::pair<Planned, std::uint32_t>> plans;  // of those that others are like, and where they begin
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (alike.first(i) != i) {
      const auto& [first, offset] = plans.at(alike.first(i));
      append_twin(whole, alike, first, offset, i);
      continue;
    }
    auto planned = plan(model, parts[i], limits);
    if (const auto* none = std::get_if<NoPlan>(&planned)) return conflicts(model, none->wishes, limits);
    if (const auto* bound = std::get_if<GaveUp>(&planned)) return *bound;
    const std::uint32_t offset = append(whole, std::get<Planned>(planned));
    plans.emplace(i, std::pair(std::move(std::get<Planned>(planned)), offset));
  }
  fit(model, whole.slots, whole.steps);
  sort_by_start(whole.steps);
  Found found;
  found.steps = std::move(whole.steps);
  found.slots = std::move(whole.slots);
  found.renamings = std::move(whole.renamings);
  found.measures = measure(model, found.steps);
  judge(model, whole, parts.size(), found);
  if (task.longest > 0 && found.measures.duration > task.longest) {
    // What users feel less may take longer, so "too long" is proven only where duration comes first.
    if (task.minimize.front() != Measure::duration) return solve_shortest(task, limits);
    const bool proven = std::find(found.least.begin(), found.least.end(), Measure::duration) != found.least.end();
    if (proven) {
      const WayOut longer{WayOut::Kind::longer, {task.longest_constraint}, task.longest, found.measures.duration};
      return Impossible{{too_long(task)}, {longer}};
    }
    return GaveUp{fmt::format("the shortest plan found takes {} s, the longest window {} s, and no shorter one is excluded",
                              found.measures.duration, task.longest)};
  }
  return found;
}

}  // namespace exm
