#include "compiler/solve/order.h"

#include <algorithm>

#include "compiler/solve/graph.h"
#include "compiler/solve/late.h"
#include "compiler/solve/measure.h"
#include "compiler/solve/slots.h"

namespace exm::planning {

namespace {

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

/// Edges for one host and for races, and those that the rules need which no slots keep. Nothing where a rule has too many states.
std::optional<Graph> graph_of(const Model& model, const OrderProblem& problem, const std::vector<Stage>& steps, const std::vector<Slots>& slots) {
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
    if (std::any_of(slots.begin(), slots.end(), [&](const Slots& s) { return keep(model, problem, steps, s, r); })) continue;
    for (;;) {
      RuleStates states(model, r, steps, graph, problem);
      const auto bad = states.find();
      if (!bad && states.bound_reached()) return std::nullopt;
      if (!bad) break;
      if (!forbid(*bad, problem, graph)) return std::nullopt;
    }
  }
  return graph;
}

Ordered found(const OrderProblem& problem, const std::vector<Slots>& slots, const Graph& graph, const Late& late) {
  Ordered out;
  out.steps.resize(problem.steps.size());
  for (std::uint32_t s = 0; s < out.steps.size(); ++s) {
    FoundStep& step = out.steps[s];
    step.op = Id<task::Operator>(problem.steps[s].op);
    step.start = problem.steps[s].start;
    step.end = problem.steps[s].end;
    step.after = graph.direct(s);
    for (const auto& [a, b] : late.edges)
      if (b == s && std::find(step.after.begin(), step.after.end(), a) != step.after.end()) step.only_late.push_back(a);
  }
  for (std::uint32_t kind = 0; kind < slots.size(); ++kind) {
    out.slots.push_back({slots[kind].rule, slots[kind].n});
    for (const Hold& hold : slots[kind].holds) {
      out.steps[hold.takes].acquires.push_back(kind);
      out.steps[hold.gives].releases.push_back(kind);
    }
  }
  return out;
}

Measures measured(const Model& model, const OrderProblem& problem) {
  std::vector<FoundStep> steps(problem.steps.size());
  for (std::size_t s = 0; s < steps.size(); ++s) {
    steps[s].op = Id<task::Operator>(problem.steps[s].op);
    steps[s].start = problem.steps[s].start;
    steps[s].end = problem.steps[s].end;
  }
  return measure(model, steps);
}

/// Is the first nowhere worse than the second, in the order in which measures count?
bool as_good(const Model& model, const Measures& a, const Measures& b) {
  for (const program::Measure m : model.task.minimize)
    if (a.of(m) != b.of(m)) return a.of(m) < b.of(m);
  return true;
}

/// The timeline that slots lead to by themselves, where it is as good: of timelines that are equal a search may have found one that they
/// do not keep to.
std::optional<OrderProblem> timeline_by_slots(const Model& model, const OrderProblem& problem, const std::vector<Stage>& steps, HowMany how_many) {
  const auto kinds = slots(model, problem, steps, how_many);
  if (kinds.empty()) return std::nullopt;
  const auto graph = graph_of(model, problem, steps, kinds);
  if (!graph || !wait_for_nothing(kinds, *graph)) return std::nullopt;
  const auto start = starts(model, problem, steps, kinds, *graph);
  OrderProblem other = problem;
  for (std::size_t s = 0; s < start.size(); ++s) {
    if (start[s] < 0) return std::nullopt;
    other.steps[s] = {problem.steps[s].op, start[s], start[s] + problem.steps[s].end - problem.steps[s].start};
  }
  std::stable_sort(other.steps.begin(), other.steps.end(), [](const Scheduled& a, const Scheduled& b) { return a.start < b.start; });
  if (!as_good(model, measured(model, other), measured(model, problem))) return std::nullopt;
  return other;
}

/// With slots where they do all that edges did: the same times, nothing that waits for ever, and no order besides.
std::optional<Ordered> order_by_slots(const Model& model, const OrderProblem& problem, const std::vector<Stage>& steps, HowMany how_many) {
  const auto kinds = slots(model, problem, steps, how_many);
  if (kinds.empty()) return std::nullopt;
  auto graph = graph_of(model, problem, steps, kinds);
  if (!graph) return std::nullopt;
  const Late late = keep_late(model, problem, steps, kinds, *graph);
  if (!late.on_time || ordered_anyway(kinds, *graph) || !wait_for_nothing(kinds, *graph)) return std::nullopt;
  return found(problem, kinds, *graph, late);
}

}  // namespace

std::optional<Ordered> order(const Model& model, const OrderProblem& problem) {
  const auto steps = stages(model, problem);
  for (const HowMany how_many : {HowMany::allowed, HowMany::used}) {
    if (auto by_slots = order_by_slots(model, problem, steps, how_many)) return by_slots;
    if (const auto other = timeline_by_slots(model, problem, steps, how_many))
      if (auto by_slots = order_by_slots(model, *other, stages(model, *other), how_many)) return by_slots;
  }
  auto graph = graph_of(model, problem, steps, {});
  if (!graph) return std::nullopt;
  const Late late = keep_late(model, problem, steps, {}, *graph);
  return found(problem, {}, *graph, late);
}

}  // namespace exm::planning
