#include "tests/properties/task_search.h"

#include <algorithm>
#include <queue>

namespace exm::naive {

namespace {

using program::Measure;
using Cost = std::array<std::int64_t, 4>;  // by Measure

Rank rank(const World& world, const Cost& cost) {
  Rank out{};
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = cost[static_cast<std::size_t>(world.task().minimize[i])];
  return out;
}

Cost plus(Cost a, const Cost& b) {
  for (std::size_t i = 0; i < a.size(); ++i) a[i] += b[i];
  return a;
}

/// Where one step leads from here, alone: nothing where a rule could be broken in some phase.
struct Place {
  Values state;
  Bits bound = 0;
  auto operator<=>(const Place&) const = default;
};

std::optional<Place> done(const World& world, const Course& course, const Place& from) {
  std::vector<Bits> bound;
  for (const auto& phase : course.phases) {
    Bits before = phase.from.empty() ? from.bound : 0;
    for (auto p : phase.from) before |= bound[p];
    const Values now = with(from.state, phase.running);
    if (!world.fine(now, before)) return std::nullopt;
    bound.push_back(before | world.binding(now));
    for (const auto& left : World::cut_off(phase, from.state))
      if (!world.fine(left, bound.back())) return std::nullopt;
  }
  Place to{with(from.state, course.phases.back().left), bound.back()};
  to.bound |= world.binding(to.state);
  return to;
}

Cost passing(const World& world, const Values& state, std::int64_t time, const std::set<std::uint32_t>& excused) {
  Cost cost{};
  cost[static_cast<std::size_t>(Measure::disruption)] = time * world.disrupted(state);
  cost[static_cast<std::size_t>(Measure::duration)] = time;
  cost[static_cast<std::size_t>(Measure::away)] = time * world.away(state, excused);
  return cost;
}

Cost fixed(const task::Operator& op) {
  Cost cost{};
  cost[static_cast<std::size_t>(Measure::cost)] = op.cost;
  for (const auto& d : op.disrupts) cost[static_cast<std::size_t>(Measure::disruption)] += d.lasts;
  return cost;
}

struct Edge {
  std::size_t op;
  std::size_t to;
};

/// All places, with the ways between them.
struct Space {
  std::vector<Place> places;
  std::vector<std::vector<Edge>> edges;
  bool complete = true;
};

Space space(const World& world) {
  constexpr std::size_t most = 4000;
  Space out;
  const Values start = start_of(world.task());
  out.places.push_back({start, world.binding(start)});
  if (!world.fine(start, out.places[0].bound)) {
    out.places.clear();
    return out;
  }
  std::map<Place, std::size_t> number{{out.places[0], 0}};
  for (std::size_t p = 0; p < out.places.size(); ++p) {
    out.edges.emplace_back();
    for (std::size_t op = 0; op < world.task().operators.size(); ++op) {
      const auto course = world.begin(op, out.places[p].state);
      const auto to = course ? done(world, *course, out.places[p]) : std::nullopt;
      if (!to) continue;
      const auto [at, fresh] = number.emplace(*to, out.places.size());
      if (fresh) out.places.push_back(*to);
      out.edges[p].push_back({op, at->second});
    }
    if (out.places.size() > most) {
      out.complete = false;
      break;
    }
  }
  return out;
}

struct Best {
  Rank rank;
  std::vector<std::size_t> operators;
};

/// The least way to an end that excuses just these.
std::optional<Best> least(const World& world, const Space& all, const std::set<std::uint32_t>& excused) {
  std::vector<std::optional<Rank>> known(all.places.size());
  std::vector<std::pair<std::size_t, std::size_t>> came(all.places.size());  // place, operator
  std::vector<bool> closed(all.places.size(), false);
  std::vector<Cost> cost(all.places.size());
  using Open = std::pair<Rank, std::size_t>;
  std::priority_queue<Open, std::vector<Open>, std::greater<>> open;
  open.push({rank(world, Cost{}), 0});
  known[0] = Rank{};
  while (!open.empty()) {
    const auto [at, p] = open.top();
    open.pop();
    if (closed[p]) continue;
    closed[p] = true;
    if (world.ends(all.places[p].state) == excused) {
      Best best{at, {}};
      for (std::size_t i = p; i != 0; i = came[i].first) best.operators.push_back(came[i].second);
      std::reverse(best.operators.begin(), best.operators.end());
      return best;
    }
    for (const auto& edge : all.edges[p]) {
      const auto& op = world.task().operators[Id<task::Operator>(edge.op)];
      const Values running = with(all.places[p].state, world.begin(edge.op, all.places[p].state)->phases.front().running);
      const Cost there = plus(cost[p], plus(passing(world, running, op.takes, excused), fixed(op)));
      const Rank r = rank(world, there);
      if (known[edge.to] && *known[edge.to] <= r) continue;
      known[edge.to] = r;
      cost[edge.to] = there;
      came[edge.to] = {p, edge.op};
      open.push({r, edge.to});
    }
  }
  return std::nullopt;
}

}  // namespace

Explored explore(const World& world, bool with_least) {
  Explored out;
  const Space all = space(world);
  out.complete = all.complete;
  for (const auto& place : all.places)
    if (const auto excused = world.ends(place.state)) out.excused.insert(*excused);
  out.plan = !out.excused.empty();
  if (!with_least || !out.complete) return out;
  for (const auto& excused : out.excused) {
    const auto best = least(world, all, excused);
    if (!best || (out.least && *out.least <= best->rank)) continue;
    out.least = best->rank;
    out.operators = best->operators;
  }
  return out;
}

namespace {

/// What has ended, what is running and for how long still.
struct Now {
  Values base;
  std::vector<std::pair<std::size_t, std::int64_t>> running;  // sorted
  auto operator<=>(const Now&) const = default;
};

class Clock {
 public:
  Clock(const World& world, const std::set<std::uint32_t>& excused, std::size_t most) : world_(world), excused_(excused), most_(most) {}

  bool complete = true;
  std::vector<Timed> steps;

  std::optional<Rank> run() {
    add({start_of(world_.task()), {}}, Cost{}, 0, none);
    while (!open_.empty()) {
      const auto [at, n] = open_.top();
      open_.pop();
      if (std::exchange(nodes_[n].closed, true)) continue;
      const Node node = nodes_[n];
      if (node.now.running.empty() && world_.ends(node.now.base) == excused_) {
        read_back(n);
        return at;
      }
      if (nodes_.size() > most_) {
        complete = false;
        return std::nullopt;
      }
      for (std::size_t op = 0; op < world_.task().operators.size(); ++op)
        if (may_begin(op, node.now)) begin(op, n);
      if (!node.now.running.empty()) pass(n);
    }
    return std::nullopt;
  }

 private:
  static constexpr std::size_t none = ~std::size_t{0};
  struct Node {
    Now now;
    Cost cost;
    std::size_t parent;
    std::size_t op;  // that begins; none: time passes
    bool closed = false;
  };

  const task::Operator& at(std::size_t op) const { return world_.task().operators[Id<task::Operator>(op)]; }

  std::optional<std::uint32_t> host(std::size_t op) const {
    if (!at(op).on) return std::nullopt;
    return world_.task().values[world_.task().formulas.nodes[at(op).on.index].a].object.index;
  }

  bool meet(std::size_t a, std::size_t b) const {
    if (host(a) && host(a) == host(b)) return true;
    if (std::find_first_of(at(a).uses.begin(), at(a).uses.end(), at(b).uses.begin(), at(b).uses.end()) != at(a).uses.end()) return true;
    const auto touches = [](const auto& x, const auto& y) { return std::any_of(x.begin(), x.end(), [&](auto v) { return y.contains(v); }); };
    return touches(world_.writes[a], world_.writes[b]) || touches(world_.writes[a], world_.reads[b]) || touches(world_.reads[a], world_.writes[b]);
  }

  bool may_begin(std::size_t op, const Now& now) const {
    const auto& task = world_.task();
    if (task.at_most && world_.holds(task.at_most_constraint) && now.running.size() >= static_cast<std::size_t>(*task.at_most)) return false;
    std::vector<std::vector<Overlay>> all{overlays(op, now.base)};
    if (all.front().empty()) return false;
    for (const auto& [other, left] : now.running) {
      if (meet(op, other)) return false;
      all.push_back(overlays(other, now.base));
    }
    return all_fine(all, 0, now.base);
  }

  /// All that a step may have made of the state: nothing, some, all, or cut off.
  std::vector<Overlay> overlays(std::size_t op, const Values& base) const {
    const auto course = world_.begin(op, base);
    if (!course) return {};
    std::set<Overlay> out{{}};
    for (const auto& phase : course->phases)
      for (const auto& state : World::cut_off(phase, base)) out.insert(difference(state, base));
    out.insert(course->phases.back().left);
    return {out.begin(), out.end()};
  }

  static Overlay difference(const Values& state, const Values& base) {
    Overlay out;
    for (std::uint32_t v = 0; v < state.size(); ++v)
      if (state[v] != base[v]) out[v] = state[v];
    return out;
  }

  bool all_fine(const std::vector<std::vector<Overlay>>& all, std::size_t i, const Values& state) const {
    if (i == all.size()) return world_.fine(state, 0);
    return std::all_of(all[i].begin(), all[i].end(), [&](const Overlay& o) { return all_fine(all, i + 1, with(state, o)); });
  }

  void begin(std::size_t op, std::size_t from) {
    Now now = nodes_[from].now;
    now.running.emplace_back(op, at(op).takes);
    std::sort(now.running.begin(), now.running.end());
    add(now, plus(nodes_[from].cost, fixed(at(op))), from, op);
  }

  void pass(std::size_t from) {
    Now now = nodes_[from].now;
    Values shown = now.base;
    std::int64_t time = now.running.front().second;
    for (const auto& [op, left] : now.running) {
      time = std::min(time, left);
      shown = with(shown, world_.begin(op, now.base)->phases.front().running);
    }
    const Cost cost = plus(nodes_[from].cost, passing(world_, shown, time, excused_));
    Values base = now.base;
    for (auto& [op, left] : now.running)
      if ((left -= time) == 0) base = with(base, world_.begin(op, now.base)->phases.back().left);
    std::erase_if(now.running, [](const auto& r) { return r.second == 0; });
    now.base = base;
    add(now, cost, from, none);
  }

  void add(const Now& now, const Cost& cost, std::size_t parent, std::size_t op) {
    const Rank r = rank(world_, cost);
    const auto [at, fresh] = best_.emplace(now, r);
    if (!fresh && at->second <= r) return;
    at->second = r;
    open_.push({r, nodes_.size()});
    nodes_.push_back({now, cost, parent, op});
  }

  void read_back(std::size_t n) {
    for (; n != 0; n = nodes_[n].parent) {
      const std::int64_t time = nodes_[n].cost[static_cast<std::size_t>(Measure::duration)];
      if (nodes_[n].op != none) steps.push_back({nodes_[n].op, time, time + at(nodes_[n].op).takes});
    }
    std::reverse(steps.begin(), steps.end());
  }

  const World& world_;
  const std::set<std::uint32_t>& excused_;
  std::size_t most_;
  std::vector<Node> nodes_;
  std::map<Now, Rank> best_;
  using Open = std::pair<Rank, std::size_t>;
  std::priority_queue<Open, std::vector<Open>, std::greater<>> open_;
};

}  // namespace

Timelines timelines(const World& world, const Explored& explored, std::size_t most_states) {
  Timelines out;
  out.complete = true;
  for (const auto& excused : explored.excused) {
    Clock clock(world, excused, most_states);
    const auto best = clock.run();
    out.complete = out.complete && clock.complete;
    if (!best || (out.least && *out.least <= *best)) continue;
    out.least = best;
    out.steps = clock.steps;
  }
  return out;
}

}  // namespace exm::naive
