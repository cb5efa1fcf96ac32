#include "compiler/solve/dispatch.h"

#include <algorithm>
#include <numeric>
#include <optional>
#include <utility>

#include "compiler/solve/moment.h"

namespace exm::planning {

using program::Measure;

namespace {

Moment first_moment(const Model& model, const ScheduleProblem& problem) {
  Moment moment{problem.from, problem.bound, std::vector<bool>(problem.operators.size(), false), {}};
  bind(model, moment.base, moment.bound);
  return moment;
}

Seconds takes(const Model& model, const ScheduleProblem& problem, std::uint32_t step) {
  return model.task.operators[Id<task::Operator>(problem.operators[step])].takes;
}

using Starts = std::vector<Seconds>;  // per step

/// Each step as soon as it may begin, the first in the given order first. With `overlap` off, one at a time.
std::optional<Starts> as_soon_as_possible(const Model& model, const ScheduleProblem& problem, const Earlier& earlier, bool overlap) {
  const Meter meter(model, problem.goal.variables, problem.from, model.wished);
  Moment moment = first_moment(model, problem);
  Starts starts(problem.operators.size(), -1);
  Seconds now = 0;
  for (std::size_t left = starts.size(); left > 0 || !moment.running.empty();) {
    for (std::uint32_t s = 0; s < starts.size(); ++s) {
      if (moment.begun[s] || (!overlap && !moment.running.empty())) continue;
      const bool turn = std::all_of(earlier[s].begin(), earlier[s].end(), [&](std::uint32_t e) { return moment.begun[e]; });
      if (!turn || !may_begin(model, problem.operators[s], moment)) {
        if (!overlap) break;
        continue;
      }
      begin_step(model, s, problem.operators[s], moment);
      starts[s] = now;
      --left;
    }
    if (moment.running.empty()) return std::nullopt;  // stuck
    now += advance(model, meter, moment)[Measure::duration];
  }
  return starts;
}

/// What the timeline costs, or nothing where some step may not begin at its time.
std::optional<Cost> play(const Model& model, const ScheduleProblem& problem, const Starts& starts, const Meter& meter) {
  std::vector<std::uint32_t> order(starts.size());
  std::iota(order.begin(), order.end(), 0u);
  std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return starts[a] < starts[b]; });
  Moment moment = first_moment(model, problem);
  Cost cost = fixed_cost(model, problem.operators);
  Seconds now = 0;
  const auto pass = [&] {
    const Cost passing = advance(model, meter, moment);
    now += passing[Measure::duration];
    cost = cost + passing;
  };
  for (std::uint32_t s : order) {
    while (now < starts[s] && !moment.running.empty()) pass();
    while (std::any_of(moment.running.begin(), moment.running.end(), [](const Running& r) { return r.remaining == 0; })) pass();
    if (now != starts[s] || !may_begin(model, problem.operators[s], moment)) return std::nullopt;
    begin_step(model, s, problem.operators[s], moment);
  }
  while (!moment.running.empty()) pass();
  if (missing(model, problem.goal, moment.base, moment.bound)) return std::nullopt;
  return cost;
}

/// The ends of other steps at which this one could begin later, and still end before what waits for it begins. The latest first.
std::vector<Seconds> later_starts(const Model& model, const ScheduleProblem& problem, const Starts& starts, std::uint32_t step) {
  const auto& info = model.operators[problem.operators[step]];
  Seconds latest = -1, last_end = 0;
  for (std::uint32_t s = 0; s < starts.size(); ++s) {
    last_end = std::max(last_end, starts[s] + takes(model, problem, s));
    const auto& other = model.operators[problem.operators[s]];
    const bool waits = starts[s] > starts[step] && ((info.on != ~0u && info.on == other.on) || races(info, other));
    if (waits && (latest < 0 || starts[s] < latest)) latest = starts[s];
  }
  if (latest < 0) latest = last_end;
  std::vector<Seconds> out;
  for (std::uint32_t s = 0; s < starts.size(); ++s) {
    const Seconds end = starts[s] + takes(model, problem, s);
    if (s != step && end > starts[step] && end + takes(model, problem, step) <= latest) out.push_back(end);
  }
  std::sort(out.begin(), out.end(), std::greater<>());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  if (out.size() > 3) out.resize(3);
  return out;
}

/// Changes come as late as costs nothing: the last steps first, so that what waits for a step has moved before it does.
void as_late_as_possible(const Model& model, const ScheduleProblem& problem, Starts& starts, Cost& cost) {
  const Meter meter(model, problem.goal.variables, problem.from, model.wished);
  std::vector<std::uint32_t> order(starts.size());
  std::iota(order.begin(), order.end(), 0u);
  std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return starts[a] > starts[b]; });
  for (std::uint32_t s : order)
    for (Seconds later : later_starts(model, problem, starts, s)) {
      const Seconds was = std::exchange(starts[s], later);
      const auto now = play(model, problem, starts, meter);
      if (now && rank(model, *now) < rank(model, cost)) {
        cost = *now;
        break;
      }
      starts[s] = was;
    }
}

/// Costs in the order in which they count, without what is only a matter of how long things stay changed.
Rank without_away(const Model& model, Cost cost) {
  cost[Measure::away] = 0;
  return rank(model, cost);
}

/// Takes a timeline and moves its steps together: each by itself, then with all that follows, as long as nothing gets worse but `away`.
class Compaction {
 public:
  Compaction(const Model& model, const ScheduleProblem& problem, Starts& starts, Cost& cost)
      : model_(model), problem_(problem), meter_(model, problem.goal.variables, problem.from, model.wished), starts_(starts), cost_(cost) {}

  void run() {
    for (int round = 0; round < 3; ++round) {
      bool moved = false;
      for (std::uint32_t s : in_order()) moved = move_alone(s) || moved;
      for (std::uint32_t s : in_order()) moved = move_with_what_follows(s) || moved;
      if (!moved) return;
    }
  }

 private:
  std::vector<std::uint32_t> in_order() const {
    std::vector<std::uint32_t> order(starts_.size());
    std::iota(order.begin(), order.end(), 0u);
    std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return starts_[a] < starts_[b]; });
    return order;
  }

  Seconds end(std::uint32_t s) const { return starts_[s] + takes(model_, problem_, s); }

  /// Two steps that cannot change places, or overlap.
  bool tied(std::uint32_t a, std::uint32_t b) const {
    const std::uint32_t x = problem_.operators[a], y = problem_.operators[b];
    const auto &u = model_.task.operators[Id<task::Operator>(x)].uses, &v = model_.task.operators[Id<task::Operator>(y)].uses;
    return (model_.operators[x].on != ~0u && model_.operators[x].on == model_.operators[y].on) || races(model_.operators[x], model_.operators[y]) ||
           std::find_first_of(u.begin(), u.end(), v.begin(), v.end()) != u.end();
  }

  /// When the steps that come before it, and are tied to it, have ended; only those that start before `from`.
  Seconds earliest(std::uint32_t step, Seconds from) const {
    Seconds out = 0;
    for (std::uint32_t s = 0; s < starts_.size(); ++s)
      if (s != step && starts_[s] < from && tied(s, step)) out = std::max(out, end(s));
    return out;
  }

  /// Times at which something ends, from the earliest that may do on.
  std::vector<Seconds> candidates(Seconds from, Seconds before) const {
    std::vector<Seconds> out;
    if (from == 0 && before > 0) out.push_back(0);
    for (std::uint32_t s = 0; s < starts_.size(); ++s)
      if (end(s) >= from && end(s) < before) out.push_back(end(s));
    std::sort(out.begin(), out.end());
    out.erase(std::unique(out.begin(), out.end()), out.end());
    if (out.size() > 4) out.resize(4);
    return out;
  }

  bool accept(const Starts& tried) {
    const auto cost = play(model_, problem_, tried, meter_);
    if (!cost || without_away(model_, cost_) < without_away(model_, *cost)) return false;
    starts_ = tried;
    cost_ = *cost;
    return true;
  }

  bool move_alone(std::uint32_t step) {
    for (Seconds start : candidates(earliest(step, starts_[step]), starts_[step])) {
      Starts tried = starts_;
      tried[step] = start;
      if (accept(tried)) return true;
    }
    return false;
  }

  bool move_with_what_follows(std::uint32_t step) {
    const Seconds from = starts_[step];
    Seconds shift = from;
    for (std::uint32_t s = 0; s < starts_.size(); ++s)
      if (starts_[s] >= from) shift = std::min(shift, starts_[s] - earliest(s, from));
    for (Seconds start : candidates(from - std::max<Seconds>(shift, 0), from)) {
      Starts tried = starts_;
      for (Seconds& s : tried)
        if (s >= from) s -= from - start;
      if (accept(tried)) return true;
    }
    return false;
  }

  const Model& model_;
  const ScheduleProblem& problem_;
  Meter meter_;
  Starts& starts_;
  Cost& cost_;
};

}  // namespace

Earlier kept_order(const Model& model, const std::vector<std::uint32_t>& operators) {
  Earlier out(operators.size());
  for (std::uint32_t b = 0; b < operators.size(); ++b)
    for (std::uint32_t a = 0; a < b; ++a) {
      const auto &x = model.operators[operators[a]], &y = model.operators[operators[b]];
      const bool same_host = x.on != ~0u && x.on == y.on;
      if (share(x.writes, y.writes) || (same_host && (races(x, y) || share(x.rules, y.rules)))) out[b].push_back(a);
    }
  return out;
}

Cost fixed_cost(const Model& model, const std::vector<std::uint32_t>& operators) {
  Cost cost;
  for (std::uint32_t op : operators) {
    const auto& o = model.task.operators[Id<task::Operator>(op)];
    cost[Measure::cost] += o.cost;
    for (const auto& d : o.disrupts) cost[Measure::disruption] += d.lasts;
  }
  return cost;
}

Schedule dispatch(const Model& model, const ScheduleProblem& problem, const Earlier& earlier) {
  const Meter meter(model, problem.goal.variables, problem.from, model.wished);
  std::optional<Starts> best;
  Cost cost;
  for (const bool overlap : {true, false}) {
    auto starts = as_soon_as_possible(model, problem, earlier, overlap);
    if (!starts) continue;
    auto found = play(model, problem, *starts, meter);
    if (!found) continue;
    if (!overlap) Compaction(model, problem, *starts, *found).run();
    as_late_as_possible(model, problem, *starts, *found);
    if (best && rank(model, cost) <= rank(model, *found)) continue;
    best = std::move(starts);
    cost = *found;
  }
  Schedule out;
  if (!best) return out;
  std::vector<std::uint32_t> order(best->size());
  std::iota(order.begin(), order.end(), 0u);
  std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return (*best)[a] < (*best)[b]; });
  for (std::uint32_t s : order) out.steps.push_back({problem.operators[s], (*best)[s], (*best)[s] + takes(model, problem, s)});
  out.cost = cost;
  return out;
}

}  // namespace exm::planning
