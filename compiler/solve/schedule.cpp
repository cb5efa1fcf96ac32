#include "compiler/solve/schedule.h"

#include <algorithm>
#include <map>
#include <queue>
#include <unordered_map>

#include "compiler/solve/dispatch.h"
#include "compiler/solve/moment.h"

namespace exm::planning {

using program::Measure;

namespace {

/// A shortest-path search over moments. No end can come before the busiest host is done, nor before what may not fail all
/// at once has failed one after another.
class Exact {
 public:
  Exact(const Model& model, const ScheduleProblem& problem, const Earlier& earlier)
      : model_(model),
        problem_(problem),
        meter_(model, problem.goal.variables, problem.from, model.wished),
        earlier_(earlier) {
    for (const auto& r : problem.resources) failing_ += r.terms.size();
    for (std::uint32_t op : problem.operators) {
      const auto& info = model.operators[op];
      lane_.push_back(info.on == ~0u ? ~0u : lanes_.emplace(info.on, static_cast<std::uint32_t>(lanes_.size())).first->second);
      takes_.push_back(model.task.operators[Id<task::Operator>(op)].takes);
    }
  }

  bool run(Schedule& out) {
    Moment moment{problem_.from, problem_.bound, std::vector<bool>(problem_.operators.size(), false), {}};
    bind(model_, moment.base, moment.bound);
    add(~0u, ~0u, Cost{}, moment, 0, std::vector<Seconds>(failing_, 0));
    std::uint64_t expanded = 0;
    while (!open_.empty()) {
      const std::uint32_t node = open_.top().second;
      open_.pop();
      if (nodes_[node].closed) continue;
      nodes_[node].closed = true;
      moment = nodes_[node].moment;
      if (finished(moment)) {
        if (missing(model_, problem_.goal, moment.base, moment.bound)) continue;
        read_back(node, out);
        return true;
      }
      if (++expanded > problem_.limits.search_states || (expanded % 256 == 0 && problem_.limits.stop.stop_requested())) return false;
      expand(node, moment);
    }
    return false;
  }

 private:
  struct Node {
    std::uint32_t parent;
    std::uint32_t step;  // begun to get here; ~0: time went on
    Cost cost;
    Moment moment;
    std::uint32_t first = 0;      // only steps from here on may begin at the same time
    std::vector<Seconds> failed;  // per term of the resources: for how long it did so far
    bool closed = false;
  };

  bool finished(const Moment& moment) const {
    return moment.running.empty() && std::all_of(moment.begun.begin(), moment.begun.end(), [](bool b) { return b; });
  }

  Seconds least_remaining(const Moment& moment, const std::vector<Seconds>& failed) const {
    std::vector<Seconds> busy(lanes_.size(), 0);
    Seconds least = 0;
    for (std::size_t s = 0; s < lane_.size(); ++s)
      if (!moment.begun[s]) lane_[s] == ~0u ? least = std::max(least, takes_[s]) : busy[lane_[s]] += takes_[s];
    for (const auto& r : moment.running)
      lane_[r.step] == ~0u ? least = std::max(least, r.remaining) : busy[lane_[r.step]] += r.remaining;
    for (Seconds b : busy) least = std::max(least, b);
    std::size_t f = 0;
    for (const auto& r : problem_.resources) {
      Seconds still = 0;
      for (std::size_t t = 0; t < r.terms.size(); ++t, ++f) still += std::max<Seconds>(0, r.least[t] - failed[f]);
      least = std::max(least, (still + r.may_fail - 1) / r.may_fail);
    }
    return least;
  }

  std::vector<std::uint32_t> key(const Moment& moment, std::uint32_t first) const {
    std::vector<std::uint32_t> out;
    for (Var v : problem_.goal.variables) out.push_back(moment.base[v]);
    for (std::size_t i = 0; i < moment.begun.size(); i += 32) {
      std::uint32_t word = 0;
      for (std::size_t b = i; b < std::min(i + 32, moment.begun.size()); ++b) word |= std::uint32_t{moment.begun[b]} << (b - i);
      out.push_back(word);
    }
    for (bool b : moment.bound) out.push_back(b);
    for (const auto& r : moment.running) {
      out.push_back(r.step);
      out.push_back(static_cast<std::uint32_t>(r.remaining));
    }
    out.push_back(first);
    return out;
  }

  void add(std::uint32_t parent, std::uint32_t step, const Cost& cost, const Moment& moment, std::uint32_t first,
           const std::vector<Seconds>& failed) {
    Cost estimate = cost;
    estimate[Measure::duration] += least_remaining(moment, failed);
    const Rank r = rank(model_, estimate);
    const auto [known, fresh] = best_.try_emplace(key(moment, first), static_cast<std::uint32_t>(nodes_.size()));
    if (!fresh) {
      if (rank(model_, nodes_[known->second].cost) <= rank(model_, cost)) return;
      nodes_[known->second].closed = true;
      known->second = static_cast<std::uint32_t>(nodes_.size());
    }
    open_.emplace(r, static_cast<std::uint32_t>(nodes_.size()));
    nodes_.push_back({parent, step, cost, moment, first, failed, false});
  }

  void expand(std::uint32_t node, Moment& moment) {
    const Cost cost = nodes_[node].cost;
    for (std::uint32_t s = nodes_[node].first; s < problem_.operators.size(); ++s) {
      if (moment.begun[s] || waits(s, moment) || !may_begin(model_, problem_.operators[s], moment)) continue;
      Moment next = moment;
      begin_step(model_, s, problem_.operators[s], next);
      add(node, s, cost, next, s + 1, nodes_[node].failed);
    }
    if (moment.running.empty()) return;
    Moment next = moment;
    const State during = now(moment);
    const Cost passing = advance(model_, meter_, next);
    std::vector<Seconds> failed = nodes_[node].failed;
    std::size_t f = 0;
    for (const auto& r : problem_.resources)
      for (NodeId term : r.terms) failed[f++] += model_.evaluate.truth(term, during) == Truth::yes ? 0 : passing[Measure::duration];
    add(node, ~0u, cost + passing, next, 0, failed);
  }

  bool waits(std::uint32_t step, const Moment& moment) const {
    return std::any_of(earlier_[step].begin(), earlier_[step].end(), [&](std::uint32_t s) { return !moment.begun[s]; });
  }

  void read_back(std::uint32_t node, Schedule& out) {
    std::vector<std::uint32_t> path;
    for (std::uint32_t n = node; n != ~0u; n = nodes_[n].parent) path.push_back(n);
    out.cost = nodes_[node].cost + fixed_cost(model_, problem_.operators);
    for (auto it = path.rbegin(); it != path.rend(); ++it) {
      const auto& n = nodes_[*it];
      if (n.step == ~0u) continue;
      const Seconds start = n.cost[Measure::duration];
      out.steps.push_back({problem_.operators[n.step], start, start + takes_[n.step]});
    }
    out.exact = true;
  }

  struct KeyHash {
    std::size_t operator()(const std::vector<std::uint32_t>& key) const {
      std::size_t h = 1469598103934665603ull;
      for (auto k : key) h = (h ^ k) * 1099511628211ull;
      return h;
    }
  };

  const Model& model_;
  const ScheduleProblem& problem_;
  Meter meter_;
  const Earlier& earlier_;
  std::size_t failing_ = 0;
  std::map<std::uint32_t, std::uint32_t> lanes_;
  std::vector<std::uint32_t> lane_;
  std::vector<Seconds> takes_;
  std::vector<Node> nodes_;
  std::unordered_map<std::vector<std::uint32_t>, std::uint32_t, KeyHash> best_;
  using Open = std::pair<Rank, std::uint32_t>;
  std::priority_queue<Open, std::vector<Open>, std::greater<>> open_;
};

}  // namespace

Schedule schedule(const Model& model, const ScheduleProblem& problem) {
  Schedule out;
  const auto earlier = kept_order(model, problem.operators);
  if (problem.operators.empty() || Exact(model, problem, earlier).run(out)) return out;
  return dispatch(model, problem, earlier);
}

}  // namespace exm::planning
