#include "compiler/solve/component.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "compiler/solve/bounds.h"
#include "compiler/solve/least.h"
#include "compiler/solve/order.h"
#include "compiler/solve/schedule.h"
#include "compiler/solve/search.h"
#include "compiler/solve/why.h"

namespace exm::planning {

namespace {

Group all_wishes(const Component& component) {
  Group all;
  for (const auto& group : component) all.insert(all.end(), group.begin(), group.end());
  std::sort(all.begin(), all.end());
  return all;
}

Sequence search_for(const Model& model, const Group& wishes, const Group& kept, const State& from, const Bound& bound,
                    const Limits& limits, Relevant& used) {
  used = relevant(model, wishes, from);
  Search problem{used.operators, {wishes, used.variables}, from, bound, limits};
  problem.goal.wishes.insert(problem.goal.wishes.end(), kept.begin(), kept.end());
  return search(model, problem);
}

struct Serial {
  bool found = false;
  std::vector<std::uint32_t> operators;
  std::set<Var> variables;
};

/// One group after another, each with its own restoration. A group that can't be planned yet is tried again after the others.
Serial one_after_another(const Model& model, const Component& component, const Limits& limits) {
  Serial out;
  State state = model.start;
  Bound bound(model.rules.size(), false);
  bind(model, state, bound);
  std::vector<const Group*> left;
  for (const auto& group : component) left.push_back(&group);
  Group kept;
  while (!left.empty()) {
    bool progress = false;
    for (std::size_t i = 0; i < left.size(); ++i) {
      Relevant used;
      const Sequence found = search_for(model, *left[i], kept, state, bound, limits, used);
      if (found.answer != Sequence::Answer::found) continue;
      out.operators.insert(out.operators.end(), found.operators.begin(), found.operators.end());
      out.variables.insert(used.variables.begin(), used.variables.end());
      state = found.end;
      bind(model, state, bound);
      kept.insert(kept.end(), left[i]->begin(), left[i]->end());
      left.erase(left.begin() + static_cast<std::ptrdiff_t>(i));
      progress = true;
      break;
    }
    if (!progress) return {};
  }
  out.found = true;
  return out;
}

/// A first search that needs more than this part of the states is left for a coarser or a finer one.
constexpr std::uint64_t hopeful = 20;

/// A proof that nothing is better is tried for so few groups.
constexpr std::size_t few_groups = 3;

/// Each wish a group of its own: many wishes that share a variable can be met one after another all the same.
Component one_by_one(const Component& component) {
  Component out;
  for (std::uint32_t wish : all_wishes(component)) out.push_back({wish});
  return out;
}

bool on_one_host(const Model& model, const std::vector<std::uint32_t>& operators) {
  return std::all_of(operators.begin(), operators.end(), [&](std::uint32_t o) {
    return model.operators[o].on != ~0u && model.operators[o].on == model.operators[operators.front()].on;
  });
}

GaveUp gave_up(const Limits& limits) {
  if (limits.stop.stop_requested()) return {"the time limit (raise it with --time-limit)"};
  return {fmt::format("{} states of one search (raise it with --search-states)", limits.search_states)};
}

/// Is there no plan even for one group alone, with nothing to be restored that a wish reads? Then there is none at all.
std::optional<Group> impossible_alone(const Model& model, const Component& component, const Limits& limits) {
  for (const auto& group : component) {
    Relevant used;
    Bound bound(model.rules.size(), false);
    Model relaxed = model;
    for (Var v = 0; v < model.start.size(); ++v)
      if (const auto c = model.task.variables[Id<task::Variable>(v)].restoration; model.wished[v] && c) relaxed.dropped[c.index] = true;
    if (search_for(relaxed, group, {}, model.start, bound, limits, used).answer == Sequence::Answer::exhausted) return group;
  }
  return std::nullopt;
}

}  // namespace

std::variant<Planned, NoPlan, GaveUp> plan(const Model& model, const Component& component, const Limits& limits) {
  Serial serial = one_after_another(model, component, limits.part(hopeful));
  bool least_sequence = serial.found && component.size() == 1;
  if (!serial.found && all_wishes(component).size() > component.size())
    serial = one_after_another(model, one_by_one(component), limits.part(hopeful));
  if (!serial.found) {
    if (const auto group = impossible_alone(model, component, limits)) return NoPlan{*group};
    Relevant used;
    Bound bound(model.rules.size(), false);
    const Sequence found = search_for(model, all_wishes(component), {}, model.start, bound, limits, used);
    if (found.answer == Sequence::Answer::exhausted) return NoPlan{all_wishes(component)};
    if (found.answer == Sequence::Answer::bound) return gave_up(limits);
    serial = {true, found.operators, {used.variables.begin(), used.variables.end()}};
    least_sequence = true;
  }

  Planned out;
  out.goal = {all_wishes(component), {serial.variables.begin(), serial.variables.end()}};
  // Steps that were not taken count too: side by side they could be better than what one host does alone.
  out.single_host = least_sequence && on_one_host(model, relevant(model, all_wishes(component), model.start).operators);
  Bound bound(model.rules.size(), false);
  const Bounds least = bounds(model, component, limits.part(hopeful));
  Schedule timeline = schedule(model, {serial.operators, out.goal, model.start, bound, least.resources, limits.part(hopeful)});
  if (timeline.steps.size() != serial.operators.size()) return GaveUp{"no timeline was found for the steps"};
  bool proven = least_sequence && out.single_host;
  if (!proven && component.size() <= few_groups) {
    Least tried = prove_least(model, component, out.goal, least.resources, timeline, limits);
    if (tried.answer == Least::Answer::better) {
      timeline = std::move(tried.better);
      for (const auto& step : timeline.steps) {
        const auto& writes = model.operators[step.op].writes;
        serial.variables.insert(writes.begin(), writes.end());
      }
      out.goal.variables.assign(serial.variables.begin(), serial.variables.end());
    }
    proven = tried.answer != Least::Answer::bound;
  }
  Bound at_start = bound;
  bind(model, model.start, at_start);
  auto steps = order(model, {timeline.steps, out.goal, model.start, at_start, limits.search_states * 10});
  if (!steps) return GaveUp{fmt::format("{} states of one rule (raise it with --search-states)", limits.search_states * 10)};
  out.steps = std::move(*steps);
  explain(model, out.goal, model.start, out.steps);
  out.cost = timeline.cost;
  out.least = proven;
  const bool disruption_first = !model.task.minimize.empty() && model.task.minimize.front() == program::Measure::disruption;
  if (least.shortest && (!disruption_first || least.least_disruption == out.cost[program::Measure::disruption])) {
    out.shortest_known = true;
    out.shortest = *least.shortest;
  }
  return out;
}

}  // namespace exm::planning
