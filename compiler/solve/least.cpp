#include "compiler/solve/least.h"

#include <algorithm>
#include <queue>
#include <unordered_map>

#include "compiler/solve/moment.h"
#include "compiler/solve/pattern.h"

namespace exm::planning {

using program::Measure;

namespace {

/// The goal, over all variables that any of the groups may write.
Goal with_variables(Goal goal, const std::vector<Pattern>& patterns) {
  for (const auto& p : patterns) goal.variables.insert(goal.variables.end(), p.variables().begin(), p.variables().end());
  std::sort(goal.variables.begin(), goal.variables.end());
  goal.variables.erase(std::unique(goal.variables.begin(), goal.variables.end()), goal.variables.end());
  return goal;
}

class BranchAndBound {
 public:
  BranchAndBound(const Model& model, std::vector<Pattern> patterns, const Goal& goal, const std::vector<Resource>& resources,
                 const Schedule& known, const Limits& limits)
      : model_(model),
        patterns_(std::move(patterns)),
        goal_(with_variables(goal, patterns_)),
        resources_(resources),
        best_(rank(model, known.cost)),
        limits_(limits),
        meter_(model, goal_.variables, model.start, model.wished) {
    for (const auto& p : patterns_) operators_.insert(operators_.end(), p.operators().begin(), p.operators().end());
    std::sort(operators_.begin(), operators_.end());
    operators_.erase(std::unique(operators_.begin(), operators_.end()), operators_.end());
  }

  Least run() {
    Moment moment{model_.start, Bound(model_.rules.size(), false), std::vector<bool>(model_.operators.size(), false), {}};
    bind(model_, moment.base, moment.bound);
    add(~0u, ~0u, Cost{}, moment, 0);
    std::uint64_t expanded = 0;
    while (!open_.empty()) {
      const std::uint32_t node = open_.top().second;
      open_.pop();
      if (nodes_[node].closed) continue;
      nodes_[node].closed = true;
      moment = nodes_[node].moment;
      if (moment.running.empty() && !missing(model_, goal_, moment.base, moment.bound)) return {Least::Answer::better, read_back(node)};
      if (++expanded > limits_.proof_states || (expanded % 64 == 0 && limits_.stop.stop_requested())) return {};
      expand(node, moment);
    }
    return {Least::Answer::proven, {}};
  }

 private:
  struct Node {
    std::uint32_t parent;
    std::uint32_t op;  // begun to get here; ~0: time went on
    Cost cost;
    Moment moment;
    std::uint32_t first;  // only operators from here on may begin at the same time
    bool closed = false;
  };

  /// What is at least still to come; nothing where the end can't be reached any more.
  std::optional<Cost> rest(const Moment& moment) const {
    Cost out;
    std::vector<Seconds> failing;
    for (const auto& r : resources_) failing.resize(failing.size() + r.terms.size(), 0);
    for (const auto& pattern : patterns_) {
      State state = moment.base;
      Seconds running = 0;
      std::vector<bool> fails(failing.size(), false);
      for (const auto& r : moment.running) {
        if (!std::binary_search(pattern.operators().begin(), pattern.operators().end(), r.under_way.op)) continue;
        running = r.remaining;
        State during = moment.base;
        enter(r.under_way.begun, during);
        std::size_t t = 0;
        for (const auto& resource : resources_)
          for (NodeId term : resource.terms) fails[t++] = model_.evaluate.truth(term, during) != Truth::yes;
        finish(r.under_way.begun, state);
      }
      const Rest* rest = pattern.rest(state);
      if (!rest) return std::nullopt;
      out[Measure::duration] = std::max(out[Measure::duration], running + rest->work);
      out[Measure::cost] += rest->cost;
      for (std::size_t t = 0; t < failing.size(); ++t)
        failing[t] = std::max(failing[t], rest->failing[t] + (fails[t] && rest->failing[t] > 0 ? running : 0));
    }
    std::size_t t = 0;
    for (const auto& resource : resources_) {
      Seconds all = 0;
      for (std::size_t i = 0; i < resource.terms.size(); ++i) all += failing[t++];
      out[Measure::duration] = std::max(out[Measure::duration], (all + resource.may_fail - 1) / resource.may_fail);
    }
    return out;
  }

  std::vector<std::uint32_t> key(const Moment& moment, std::uint32_t first) const {
    std::vector<std::uint32_t> out;
    for (Var v : goal_.variables) out.push_back(moment.base[v]);
    for (bool b : moment.bound) out.push_back(b);
    for (const auto& r : moment.running) {
      out.push_back(r.under_way.op);
      out.push_back(static_cast<std::uint32_t>(r.remaining));
    }
    out.push_back(first);
    return out;
  }

  void add(std::uint32_t parent, std::uint32_t op, const Cost& cost, const Moment& moment, std::uint32_t first) {
    const auto still = rest(moment);
    if (!still) return;
    const Rank estimate = rank(model_, cost + *still);
    if (estimate >= best_) return;
    const auto [known, fresh] = seen_.try_emplace(key(moment, first), static_cast<std::uint32_t>(nodes_.size()));
    if (!fresh) {
      if (rank(model_, nodes_[known->second].cost) <= rank(model_, cost)) return;
      nodes_[known->second].closed = true;
      known->second = static_cast<std::uint32_t>(nodes_.size());
    }
    open_.emplace(estimate, static_cast<std::uint32_t>(nodes_.size()));
    nodes_.push_back({parent, op, cost, moment, first, false});
  }

  void expand(std::uint32_t node, Moment& moment) {
    const Cost cost = nodes_[node].cost;
    for (std::uint32_t i = nodes_[node].first; i < operators_.size(); ++i) {
      const std::uint32_t op = operators_[i];
      if (!may_begin(model_, op, moment)) continue;
      Moment next = moment;
      begin_step(model_, op, op, next);
      Cost more = cost;
      const auto& o = model_.task.operators[Id<task::Operator>(op)];
      more[Measure::cost] += o.cost;
      for (const auto& d : o.disrupts) more[Measure::disruption] += d.lasts;
      add(node, op, more, next, i + 1);
    }
    if (moment.running.empty()) return;
    Moment next = moment;
    const Cost passing = advance(model_, meter_, next);
    add(node, ~0u, cost + passing, next, 0);
  }

  Schedule read_back(std::uint32_t node) const {
    Schedule out;
    out.cost = nodes_[node].cost;
    out.exact = true;
    for (std::uint32_t n = node; n != ~0u; n = nodes_[n].parent) {
      if (nodes_[n].op == ~0u) continue;
      const Seconds start = nodes_[n].cost[Measure::duration];
      out.steps.push_back({nodes_[n].op, start, start + model_.task.operators[Id<task::Operator>(nodes_[n].op)].takes});
    }
    std::reverse(out.steps.begin(), out.steps.end());
    return out;
  }

  struct KeyHash {
    std::size_t operator()(const std::vector<std::uint32_t>& key) const {
      std::size_t h = 1469598103934665603ull;
      for (auto k : key) h = (h ^ k) * 1099511628211ull;
      return h;
    }
  };

  const Model& model_;
  std::vector<Pattern> patterns_;
  Goal goal_;
  const std::vector<Resource>& resources_;
  Rank best_;
  const Limits& limits_;
  Meter meter_;
  std::vector<std::uint32_t> operators_;
  std::vector<Node> nodes_;
  std::unordered_map<std::vector<std::uint32_t>, std::uint32_t, KeyHash> seen_;
  using Open = std::pair<Rank, std::uint32_t>;
  std::priority_queue<Open, std::vector<Open>, std::greater<>> open_;
};

}  // namespace

Least prove_least(const Model& model, const Component& component, const Goal& goal, const std::vector<Resource>& resources,
                  const Schedule& known, const Limits& limits) {
  std::vector<Relevant> used;
  std::vector<std::uint32_t> writers(model.start.size(), ~0u);
  for (std::uint32_t g = 0; g < component.size(); ++g) {
    used.push_back(relevant(model, component[g], model.start));
    for (Var v : used.back().variables) {
      if (writers[v] != ~0u && writers[v] != g) return {};  // groups that share a variable say nothing by themselves
      writers[v] = g;
    }
  }
  std::vector<Pattern> patterns;
  for (std::uint32_t g = 0; g < component.size(); ++g) {
    std::vector<bool> others(model.start.size(), false);
    for (Var v = 0; v < others.size(); ++v) others[v] = writers[v] != ~0u && writers[v] != g;
    auto pattern = Pattern::make(model, component[g], others, resources, limits);
    if (!pattern) return {};
    patterns.push_back(std::move(*pattern));
  }
  return BranchAndBound(model, std::move(patterns), goal, resources, known, limits).run();
}

}  // namespace exm::planning
