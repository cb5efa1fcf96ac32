#include "compiler/solve/order.h"

#include <algorithm>

#include "compiler/solve/graph.h"
#include "compiler/solve/moment.h"

namespace exm::planning {

namespace {

/// A step with what it does, read once: without races that is the same in every order.
struct Stage {
  std::uint32_t op;
  Begun begun;
  State before;
  Val host;
};

std::vector<Stage> stages(const Model& model, const OrderProblem& problem) {
  std::vector<Stage> out;
  State state = problem.from;
  // An end counts before a beginning at the same time: so the effects of all that has ended by a step's start are in its state.
  std::vector<std::uint32_t> ends;
  for (std::uint32_t i = 0; i < problem.steps.size(); ++i) ends.push_back(i);
  std::stable_sort(ends.begin(), ends.end(), [&](std::uint32_t a, std::uint32_t b) { return problem.steps[a].end < problem.steps[b].end; });
  std::size_t next = 0;
  for (std::uint32_t i = 0; i < problem.steps.size(); ++i) {
    for (; next < ends.size() && ends[next] < i && problem.steps[ends[next]].end <= problem.steps[i].start; ++next)
      finish(out[ends[next]].begun, state);
    const auto& op = model.task.operators[Id<task::Operator>(problem.steps[i].op)];
    out.push_back({problem.steps[i].op, begin(model, problem.steps[i].op, state), state, op.on ? model.evaluate.value(op.on, state) : 0});
  }
  return out;
}

/// One rule over the steps that touch it: finds a state that the order allows and in which the rule does not hold.
class RuleStates {
 public:
  RuleStates(const Model& model, std::uint32_t rule, const std::vector<Stage>& steps, const Graph& graph, const OrderProblem& problem)
      : model_(model), rule_(rule), graph_(graph), state_(problem.from), budget_(problem.most_states) {
    const auto& seen = model.rules[rule].variables;
    for (std::uint32_t s = 0; s < steps.size(); ++s) {
      if (!share(model.operators[steps[s].op].writes, seen)) continue;
      touching_.push_back({s, phases(steps[s].begun, seen, steps[s].before)});
    }
    status_.assign(touching_.size(), Status::not_begun);
    binds_ = !model.rules[rule].latent || problem.bound[rule];
  }

  enum class Status : std::uint8_t { not_begun, within, ended };
  struct Bad {
    std::vector<std::pair<std::uint32_t, Status>> steps;
  };

  /// The first bad state, or nothing; `bound_reached` where there are too many.
  std::optional<Bad> find() {
    visit(0);
    return bad_;
  }
  bool bound_reached() const { return budget_ == 0; }

 private:
  struct Touching {
    std::uint32_t step;
    Phases phases;
  };

  bool done() const { return bad_ || budget_ == 0; }

  /// Steps stand in a valid order, so what is before one has its status already.
  void visit(std::size_t i) {
    if (done()) return;
    if (i == touching_.size()) return judge();
    const auto& t = touching_[i];
    bool may = true;
    for (std::size_t j = 0; j < i && may; ++j)
      may = status_[j] == Status::ended || !graph_.before(touching_[j].step, t.step);
    std::vector<Val> saved;
    for (Var v : t.phases.variables) saved.push_back(state_[v]);
    status_[i] = Status::not_begun;
    visit(i + 1);
    if (may) {
      const std::size_t n = t.phases.values.size();
      for (std::size_t k = 1; k < n && !done(); ++k) {
        status_[i] = k + 1 == n ? Status::ended : Status::within;
        for (std::size_t v = 0; v < saved.size(); ++v) state_[t.phases.variables[v]] = t.phases.values[k][v];
        visit(i + 1);
      }
    }
    status_[i] = Status::not_begun;
    for (std::size_t v = 0; v < saved.size(); ++v) state_[t.phases.variables[v]] = saved[v];
  }

  void judge() {
    --budget_;
    if (!binds_ || holds(model_, rule_, state_)) return;
    bad_.emplace();
    for (std::size_t i = 0; i < touching_.size(); ++i) bad_->steps.emplace_back(touching_[i].step, status_[i]);
  }

  const Model& model_;
  std::uint32_t rule_;
  const Graph& graph_;
  State state_;
  std::uint64_t budget_;
  bool binds_ = true;
  std::vector<Touching> touching_;
  std::vector<Status> status_;
  std::optional<Bad> bad_;
};

/// An edge that the timeline keeps and that rules the bad state out: the tightest.
bool forbid(const RuleStates::Bad& bad, const OrderProblem& problem, Graph& graph) {
  std::optional<std::pair<std::uint32_t, std::uint32_t>> best;
  Seconds gap = 0;
  for (const auto& [x, begun] : bad.steps) {
    if (begun == RuleStates::Status::not_begun) continue;
    for (const auto& [y, ended] : bad.steps) {
      if (ended == RuleStates::Status::ended || y >= x || problem.steps[y].end > problem.steps[x].start || graph.before(y, x)) continue;
      const Seconds between = problem.steps[x].start - problem.steps[y].end;
      if (best && gap <= between) continue;
      best = {y, x};
      gap = between;
    }
  }
  if (best) graph.add(best->first, best->second);
  return best.has_value();
}

/// From when a latent rule binds depends on the way there, so what touches it stays in the timeline's order.
void keep_sequence(const Model& model, std::uint32_t rule, const OrderProblem& problem, Graph& graph) {
  const auto n = static_cast<std::uint32_t>(problem.steps.size());
  const auto touches = [&](std::uint32_t s) { return share(model.operators[problem.steps[s].op].writes, model.rules[rule].variables); };
  for (std::uint32_t b = 0; b < n; ++b)
    for (std::uint32_t a = 0; a < b && touches(b); ++a)
      if (touches(a) && problem.steps[a].end <= problem.steps[b].start) graph.add(a, b);
}

/// When each step starts by the graph alone: when all before it have ended, what it uses is free, its host too.
std::vector<Seconds> starts(const Model& model, const OrderProblem& problem, const std::vector<Stage>& steps, const Graph& graph) {
  const std::size_t n = steps.size();
  std::vector<Seconds> start(n, -1);
  std::vector<std::uint32_t> running;
  const auto takes = [&](std::uint32_t s) { return problem.steps[s].end - problem.steps[s].start; };
  std::vector<bool> ended(n, false);
  std::size_t left = n;
  for (Seconds now = 0; left > 0;) {
    for (std::uint32_t s = 0; s < n; ++s) {
      if (start[s] >= 0) continue;
      bool may = !model.task.at_most || running.size() < static_cast<std::size_t>(*model.task.at_most);
      for (std::uint32_t a = 0; a < s && may; ++a) may = ended[a] || !graph.before(a, s);
      for (std::uint32_t r : running) {
        const auto& x = model.task.operators[Id<task::Operator>(steps[r].op)];
        const auto& y = model.task.operators[Id<task::Operator>(steps[s].op)];
        may = may && std::find_first_of(x.uses.begin(), x.uses.end(), y.uses.begin(), y.uses.end()) == x.uses.end();
      }
      if (!may) continue;
      start[s] = now;
      running.push_back(s);
    }
    if (running.empty()) break;
    Seconds next = start[running.front()] + takes(running.front());
    for (std::uint32_t r : running) next = std::min(next, start[r] + takes(r));
    now = next;
    std::erase_if(running, [&](std::uint32_t r) {
      if (start[r] + takes(r) > now) return false;
      ended[r] = true;
      --left;
      return true;
    });
  }
  return start;
}

/// Edges so that no step starts before its time, from a step that ends just then: one of another host first.
std::vector<std::pair<std::uint32_t, std::uint32_t>> keep_late(const Model& model, const OrderProblem& problem,
                                                               const std::vector<Stage>& steps, Graph& graph) {
  std::vector<std::pair<std::uint32_t, std::uint32_t>> added;
  for (std::size_t round = 0; round <= steps.size(); ++round) {
    const auto start = starts(model, problem, steps, graph);
    bool changed = false;
    for (std::uint32_t s = 0; s < steps.size() && !changed; ++s) {
      if (start[s] == problem.steps[s].start) continue;
      for (std::uint32_t y = 0; y < s; ++y) {
        if (problem.steps[y].end != problem.steps[s].start || graph.before(y, s)) continue;
        graph.add(y, s);
        added.emplace_back(y, s);
        changed = true;
        break;
      }
    }
    if (!changed) break;
  }
  return added;
}

}  // namespace

std::optional<std::vector<FoundStep>> order(const Model& model, const OrderProblem& problem) {
  const auto steps = stages(model, problem);
  const auto n = static_cast<std::uint32_t>(steps.size());
  Graph graph(n);
  for (std::uint32_t b = 0; b < n; ++b)
    for (std::uint32_t a = 0; a < b; ++a)
      if ((steps[a].host != 0 && steps[a].host == steps[b].host) || races(model.operators[steps[a].op], model.operators[steps[b].op])) graph.add(a, b);
  for (std::uint32_t r = 0; r < model.rules.size(); ++r) {
    if (!model.holds(model.task.rules[r].constraint)) continue;
    if (model.rules[r].latent && !problem.bound[r]) {
      keep_sequence(model, r, problem, graph);
      continue;
    }
    for (;;) {
      RuleStates states(model, r, steps, graph, problem);
      const auto bad = states.find();
      if (!bad && states.bound_reached()) return std::nullopt;
      if (!bad) break;
      if (!forbid(*bad, problem, graph)) return std::nullopt;
    }
  }
  const auto late = keep_late(model, problem, steps, graph);
  std::vector<FoundStep> out(n);
  for (std::uint32_t s = 0; s < n; ++s) {
    out[s].op = Id<task::Operator>(steps[s].op);
    out[s].start = problem.steps[s].start;
    out[s].end = problem.steps[s].end;
    out[s].after = graph.direct(s);
    for (const auto& [a, b] : late)
      if (b == s && std::find(out[s].after.begin(), out[s].after.end(), a) != out[s].after.end()) out[s].only_late.push_back(a);
  }
  return out;
}

}  // namespace exm::planning
