#include "compiler/solve/pattern.h"

#include <algorithm>
#include <functional>
#include <queue>

#include "compiler/solve/admission.h"
#include "compiler/solve/goal.h"

namespace exm::planning {

namespace {

/// A step between two local states.
struct Edge {
  std::uint32_t from;
  std::uint32_t to;
  Seconds takes;
  std::int64_t cost;
  std::vector<bool> failing;  // per term: it is not known to hold while the step runs
};

/// The model without whatever looks at what other groups write.
Model by_itself(const Model& model, const std::vector<std::uint32_t>& operators, const std::vector<bool>& others) {
  Model out = model;
  const auto foreign = [&](const std::vector<Var>& variables) {
    return std::any_of(variables.begin(), variables.end(), [&](Var v) { return others[v]; });
  };
  for (std::size_t r = 0; r < model.rules.size(); ++r)
    if (const auto c = model.task.rules[r].constraint; c && foreign(model.rules[r].variables)) out.dropped[c.index] = true;
  for (std::uint32_t o : operators)
    for (const auto& r : model.task.operators[Id<task::Operator>(o)].requires_)
      if (r.constraint && foreign(variables_of(model.task, r.formula))) out.dropped[r.constraint.index] = true;
  return out;
}

std::vector<NodeId> terms_of(const std::vector<Resource>& resources) {
  std::vector<NodeId> out;
  for (const auto& r : resources) out.insert(out.end(), r.terms.begin(), r.terms.end());
  return out;
}

/// The least way from each state to one of the goals, by a weight of the edges; -1 where there is none.
std::vector<std::int64_t> distances(std::size_t states, const std::vector<Edge>& edges, const std::vector<std::uint32_t>& goals,
                                    const std::function<std::int64_t(const Edge&)>& weight) {
  std::vector<std::vector<std::uint32_t>> into(states);
  for (std::uint32_t e = 0; e < edges.size(); ++e) into[edges[e].to].push_back(e);
  std::vector<std::int64_t> out(states, -1);
  using Open = std::pair<std::int64_t, std::uint32_t>;
  std::priority_queue<Open, std::vector<Open>, std::greater<>> open;
  for (std::uint32_t g : goals) open.emplace(0, g);
  while (!open.empty()) {
    const auto [distance, state] = open.top();
    open.pop();
    if (out[state] >= 0) continue;
    out[state] = distance;
    for (std::uint32_t e : into[state])
      if (out[edges[e].from] < 0) open.emplace(distance + weight(edges[e]), edges[e].from);
  }
  return out;
}

}  // namespace

std::optional<Pattern> Pattern::make(const Model& whole, const Group& group, const std::vector<bool>& others,
                                     const std::vector<Resource>& resources, const Limits& limits) {
  Pattern out;
  const Relevant used = relevant(whole, group, whole.start);
  out.operators_ = used.operators;
  out.variables_ = used.variables;
  const Model model = by_itself(whole, used.operators, others);
  const Goal goal{group, used.variables};
  const auto terms = terms_of(resources);
  const bool one_host = std::all_of(used.operators.begin(), used.operators.end(), [&](std::uint32_t o) {
    return model.operators[o].on != ~0u && model.operators[o].on == model.operators[used.operators.front()].on;
  });

  Admission admission(model);
  const Bound bound(model.rules.size(), false);
  std::vector<Edge> edges;
  std::vector<std::uint32_t> goals;
  std::vector<std::vector<Val>> states;
  State state = model.start;
  const auto number = [&](const State& s) {
    std::vector<Val> local;
    for (Var v : out.variables_) local.push_back(s[v]);
    const auto [it, fresh] = out.index_.try_emplace(local, static_cast<std::uint32_t>(states.size()));
    if (fresh) states.push_back(std::move(local));
    return it->second;
  };
  number(state);
  for (std::uint32_t s = 0; s < states.size(); ++s) {
    if (states.size() > limits.proof_states) return std::nullopt;
    for (std::size_t v = 0; v < out.variables_.size(); ++v) state[out.variables_[v]] = states[s][v];
    if (!missing(model, goal, state, bound)) goals.push_back(s);
    for (std::uint32_t op : out.operators_) {
      if (!admission.may_begin(op, state, bound)) continue;
      const Begun& begun = admission.begun(op, state);
      State during = state, after = state;
      enter(begun, during);
      finish(begun, after);
      const std::uint32_t to = number(after);
      if (to == s) continue;
      const auto& o = model.task.operators[Id<task::Operator>(op)];
      Edge edge{s, to, o.takes, o.cost, {}};
      for (NodeId term : terms) edge.failing.push_back(model.evaluate.truth(term, during) != Truth::yes);
      edges.push_back(std::move(edge));
    }
  }

  const auto cost = distances(states.size(), edges, goals, [](const Edge& e) { return e.cost; });
  const auto work = distances(states.size(), edges, goals, [](const Edge& e) { return e.takes; });
  out.rests_.resize(states.size());
  for (std::size_t s = 0; s < states.size(); ++s)
    if (cost[s] >= 0) out.rests_[s] = Rest{one_host ? work[s] : 0, cost[s], {}};
  for (std::size_t t = 0; t < terms.size(); ++t) {
    const auto failing = distances(states.size(), edges, goals, [&](const Edge& e) { return one_host && e.failing[t] ? e.takes : 0; });
    // A term that the group does not touch says nothing about it.
    const auto read = variables_of(model.task, terms[t]);
    const bool own = share(read, out.variables_);
    for (std::size_t s = 0; s < states.size(); ++s)
      if (out.rests_[s]) out.rests_[s]->failing.push_back(own ? failing[s] : 0);
  }
  return out;
}

const Rest* Pattern::rest(const State& state) const {
  std::vector<Val> local;
  for (Var v : variables_) local.push_back(state[v]);
  const auto it = index_.find(local);
  return it == index_.end() || !rests_[it->second] ? nullptr : &*rests_[it->second];
}

}  // namespace exm::planning
