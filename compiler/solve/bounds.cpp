#include "compiler/solve/bounds.h"

#include <algorithm>
#include <map>
#include <set>

#include "compiler/solve/count_rule.h"
#include "compiler/solve/search.h"

namespace exm::planning {

using program::Measure;

namespace {

struct Alone {
  Relevant used;
  Cost cost;
  bool one_host = false;
};

/// What the searches of one call share.
struct Shared {
  Admission admission;
  std::map<std::pair<std::size_t, std::uint32_t>, Seconds> failing;  // by group and term: rules and keeps often say the same
};

/// The least sequence for a group by itself: what it takes at least where all its steps are on one host.
std::optional<Alone> plan_alone(const Model& model, const Group& group, const Limits& limits, Shared& shared) {
  Alone out;
  out.used = relevant(model, group, model.start);
  const Sequence found = search(model, {out.used.operators, {group, out.used.variables}, model.start, Bound(model.rules.size(), false),
                                        limits}, shared.admission);
  if (found.answer != Sequence::Answer::found) return std::nullopt;
  out.cost = found.cost;
  out.one_host = std::all_of(out.used.operators.begin(), out.used.operators.end(), [&](std::uint32_t o) {
    return model.operators[o].on != ~0u && model.operators[o].on == model.operators[out.used.operators.front()].on;
  });
  return out;
}

/// For how long a group must at least leave the term not known to hold.
Seconds least_failing(const Model& model, const Group& group, const Alone& alone, NodeId term, const Limits& limits, Shared& shared) {
  const auto read = variables_of(model.task, term);
  const auto& written = alone.used.variables;
  if (std::find_first_of(read.begin(), read.end(), written.begin(), written.end()) == read.end()) return 0;
  const Sequence found = search(model, {alone.used.operators, {group, written}, model.start, Bound(model.rules.size(), false),
                                        limits, Watch{term}}, shared.admission);
  return found.answer == Sequence::Answer::found ? found.watched : 0;
}

/// Where only so many of a count may fail at once, the times for which each must fail can't all overlap.
std::optional<Resource> resource(const Model& model, const Component& component, const std::vector<std::optional<Alone>>& alone,
                                 std::size_t rule, const Limits& limits, Shared& shared) {
  if (!model.holds(model.task.rules[rule].constraint) || model.rules[rule].latent) return std::nullopt;
  const auto count = count_rule(model, model.task.rules[rule].formula);
  if (!count || count->may_fail <= 0) return std::nullopt;
  Resource out{count->may_fail, {}, {}};
  const auto once = [&](std::size_t g, NodeId term) {
    const auto [it, fresh] = shared.failing.try_emplace({g, term.index}, 0);
    if (fresh) it->second = least_failing(model, component[g], *alone[g], term, limits, shared);
    return it->second;
  };
  for (std::size_t g = 0; g < component.size(); ++g) {
    if (!alone[g]->one_host) continue;
    for (NodeId term : count->terms)
      if (const Seconds least = once(g, term); least > 0) {
        out.terms.push_back(term);
        out.least.push_back(least);
      }
  }
  return out;
}

}  // namespace

Bounds bounds(const Model& model, const Component& component, const Limits& limits) {
  Bounds out;
  Shared shared{Admission(model), {}};
  std::vector<std::optional<Alone>> alone;
  for (const auto& group : component) {
    alone.push_back(plan_alone(model, group, limits, shared));
    if (!alone.back()) return {};
    out.least_disruption += alone.back()->cost[Measure::disruption];
  }
  Seconds shortest = 0;
  for (const auto& a : alone)
    if (a->one_host) shortest = std::max(shortest, a->cost[Measure::duration]);
  for (std::size_t r = 0; component.size() > 1 && r < model.rules.size(); ++r) {
    const auto found = resource(model, component, alone, r, limits, shared);
    if (!found || found->terms.size() < 2) continue;
    Seconds total = 0;
    for (Seconds least : found->least) total += least;
    shortest = std::max(shortest, (total + found->may_fail - 1) / found->may_fail);
    out.resources.push_back(*found);
  }
  out.shortest = shortest;
  return out;
}

}  // namespace exm::planning
