#include "compiler/solve/component.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
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

/// Which operators a search may choose from: all that can be of use, or only those that are likely to be.
enum class Choice { wide, narrow };

Sequence search_for(const Model& model, const Group& wishes, const Group& kept, const State& from, const Bound& bound,
                    const Limits& limits, Relevant& used, Choice choice = Choice::wide) {
  used = relevant(model, wishes, from, choice == Choice::narrow);
  Search problem{used.operators, {wishes, used.variables}, from, bound, limits};
  problem.goal.wishes.insert(problem.goal.wishes.end(), kept.begin(), kept.end());
  Sequence found = search(model, problem);
  if (choice == Choice::narrow) found.least = false;
  return found;
}

struct Serial {
  bool found = false;
  bool least = true;  // each sequence, for its group
  std::vector<std::uint32_t> operators;
  std::set<Var> variables;
};

/// Which group comes next: the first that can be planned, or the one that costs least.
enum class Next { first, cheapest };

struct Turn {
  std::size_t group = 0;
  Sequence sequence;
  Relevant used;
};

class OneAfterAnother {
 public:
  OneAfterAnother(const Model& model, const Component& component, const Limits& limits, Next next)
      : model_(model), limits_(limits), next_(next), state_(model.start), bound_(model.rules.size(), false) {
    for (const auto& group : component) left_.push_back(&group);
  }

  /// Each group with its own restoration. One that can't be planned yet is tried again after the others.
  Serial plan() {
    Serial out;
    bind(model_, state_, bound_);
    while (!left_.empty()) {
      std::optional<Turn> turn;
      if (next_ == Next::cheapest) turn = take_turn(Choice::narrow);
      if (!turn) turn = take_turn(Choice::wide);
      if (!turn) return {};
      const Sequence& found = turn->sequence;
      out.least = out.least && found.least;
      out.operators.insert(out.operators.end(), found.operators.begin(), found.operators.end());
      out.variables.insert(turn->used.variables.begin(), turn->used.variables.end());
      state_ = found.end;
      bind(model_, state_, bound_);
      kept_.insert(kept_.end(), left_[turn->group]->begin(), left_[turn->group]->end());
      left_.erase(left_.begin() + static_cast<std::ptrdiff_t>(turn->group));
    }
    out.found = true;
    return out;
  }

 private:
  /// What an earlier plan has left is put back with the work on it; only where that does not do it, by itself.
  std::optional<Turn> take_turn(Choice choice) const {
    auto turn = take_turn(choice, false);
    return turn ? std::move(turn) : take_turn(choice, true);
  }

  bool only_restores(const Group& group) const {
    return std::all_of(group.begin(), group.end(), [&](std::uint32_t w) { return static_cast<bool>(model_.task.wishes[w].restores); });
  }

  std::optional<Turn> take_turn(Choice choice, bool restoring) const {
    std::optional<Turn> best;
    for (std::size_t i = 0; i < left_.size() && (!best || next_ == Next::cheapest); ++i) {
      if (only_restores(*left_[i]) != restoring) continue;
      Turn turn{i, {}, {}};
      turn.sequence = search_for(model_, *left_[i], kept_, state_, bound_, limits_, turn.used, choice);
      if (turn.sequence.answer != Sequence::Answer::found) continue;
      if (!best || rank(model_, turn.sequence.cost) < rank(model_, best->sequence.cost)) best = std::move(turn);
    }
    return best;
  }

  const Model& model_;
  const Limits& limits_;
  Next next_;
  State state_;
  Bound bound_;
  std::vector<const Group*> left_;
  Group kept_;
};

/// A first search that needs more than this part of the states is left for a coarser or a finer one.
constexpr std::uint64_t hopeful = 20;

/// A proof that nothing is better is tried for so few groups.
constexpr std::size_t few_groups = 3;

/// Which group is the cheapest is found out by planning each of them, for so many.
constexpr std::size_t few_groups_to_choose = 12;

/// The one host on which all that can make the wish hold is done; nothing where there is none.
std::optional<std::uint32_t> host_of(const Model& model, std::uint32_t wish) {
  std::optional<std::uint32_t> host;
  for (Var v : variables_of(model.task, model.task.wishes[wish].formula))
    for (std::uint32_t o : model.writers_of[v]) {
      const std::uint32_t on = model.operators[o].on;
      if (on == ~0u || (host && *host != on)) return std::nullopt;
      host = on;
    }
  return host;
}

/// Each wish a group of its own, with those whose work is done on the same host: many wishes that share a variable can be met one after
/// another all the same.
Component host_by_host(const Model& model, const Component& component) {
  Component out;
  std::map<std::uint32_t, std::size_t> place;  // by host
  for (std::uint32_t wish : all_wishes(component)) {
    const auto host = host_of(model, wish);
    const auto [it, fresh] = host ? place.try_emplace(*host, out.size()) : std::pair(place.end(), true);
    if (fresh) out.emplace_back();
    out[host ? it->second : out.size() - 1].push_back(wish);
  }
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
  Serial serial = OneAfterAnother(model, component, limits.part(hopeful), Next::first).plan();
  const bool too_large = !serial.found && component.size() == 1;
  bool least_sequence = serial.found && serial.least && component.size() == 1;
  if (const Component single = host_by_host(model, component); !serial.found && single.size() > component.size())
    serial = OneAfterAnother(model, single, limits.part(hopeful), single.size() <= few_groups_to_choose ? Next::cheapest : Next::first).plan();
  if (!serial.found) {
    if (const auto group = impossible_alone(model, component, limits)) return NoPlan{*group};
    Relevant used;
    Bound bound(model.rules.size(), false);
    const Sequence found = search_for(model, all_wishes(component), {}, model.start, bound, limits, used);
    if (found.answer == Sequence::Answer::exhausted) return NoPlan{all_wishes(component)};
    if (found.answer == Sequence::Answer::bound) return gave_up(limits);
    serial = {true, found.least, found.operators, {used.variables.begin(), used.variables.end()}};
    least_sequence = found.least;
  }

  Planned out;
  out.goal = {all_wishes(component), {serial.variables.begin(), serial.variables.end()}};
  // Steps that were not taken count too: side by side they could be better than what one host does alone.
  out.single_host = least_sequence && on_one_host(model, relevant(model, all_wishes(component), model.start).operators);
  Bound bound(model.rules.size(), false);
  const Bounds least = too_large ? Bounds{} : bounds(model, component, limits.part(hopeful));
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
  auto ordered = order(model, {timeline.steps, out.goal, model.start, at_start, limits.search_states * 10});
  if (!ordered) return GaveUp{fmt::format("{} states of one rule (raise it with --search-states)", limits.search_states * 10)};
  out.steps = std::move(ordered->steps);
  out.slots = std::move(ordered->slots);
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
