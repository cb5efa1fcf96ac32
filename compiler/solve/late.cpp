#include "compiler/solve/late.h"

#include <algorithm>
#include <optional>

namespace exm::planning {

namespace {

/// Plays the graph by the clock.
class Clock {
 public:
  Clock(const Model& model, const OrderProblem& problem, const std::vector<Stage>& stages, const std::vector<Slots>& slots, const Graph& graph)
      : model_(model), problem_(problem), stages_(stages), graph_(graph), start_(stages.size(), -1), ended_(stages.size(), false),
        takes_(stages.size()), gives_(stages.size()) {
    for (std::uint32_t kind = 0; kind < slots.size(); ++kind) {
      free_.push_back(slots[kind].n);
      for (const Hold& hold : slots[kind].holds) {
        takes_[hold.takes].push_back(kind);
        gives_[hold.gives].push_back(kind);
      }
    }
  }

  std::vector<Seconds> starts() {
    for (std::size_t left = stages_.size(); left > 0;) {
      for (std::uint32_t s = 0; s < stages_.size(); ++s)
        if (start_[s] < 0 && may_start(s)) start(s);
      if (running_.empty()) break;
      now_ = end_of(running_.front());
      for (std::uint32_t r : running_) now_ = std::min(now_, end_of(r));
      left -= std::erase_if(running_, [&](std::uint32_t r) { return end_of(r) <= now_ && end(r); });
    }
    return start_;
  }

 private:
  Seconds end_of(std::uint32_t s) const { return start_[s] + problem_.steps[s].end - problem_.steps[s].start; }

  bool may_start(std::uint32_t s) const {
    if (model_.task.at_most && running_.size() >= static_cast<std::size_t>(*model_.task.at_most)) return false;
    for (std::uint32_t a = 0; a < s; ++a)
      if (!ended_[a] && graph_.before(a, s)) return false;
    for (std::uint32_t r : running_) {
      const auto &x = uses(r), &y = uses(s);
      if (std::find_first_of(x.begin(), x.end(), y.begin(), y.end()) != x.end()) return false;
    }
    return std::all_of(takes_[s].begin(), takes_[s].end(), [&](std::uint32_t kind) { return free_[kind] > 0; });
  }

  const std::vector<Id<program::Object>>& uses(std::uint32_t s) const { return model_.task.operators[Id<task::Operator>(stages_[s].op)].uses; }

  void start(std::uint32_t s) {
    start_[s] = now_;
    running_.push_back(s);
    for (std::uint32_t kind : takes_[s]) --free_[kind];
  }

  bool end(std::uint32_t s) {
    for (std::uint32_t kind : gives_[s]) ++free_[kind];
    ended_[s] = true;
    return true;
  }

  const Model& model_;
  const OrderProblem& problem_;
  const std::vector<Stage>& stages_;
  const Graph& graph_;
  Seconds now_ = 0;
  std::vector<Seconds> start_;
  std::vector<bool> ended_;
  std::vector<std::uint32_t> running_;
  std::vector<std::uint32_t> free_;                         // slots, by kind
  std::vector<std::vector<std::uint32_t>> takes_, gives_;  // kinds, by step
};

/// A step that ends just when this one is to start, and has no order with it.
std::optional<std::uint32_t> just_before(const OrderProblem& problem, const Graph& graph, std::uint32_t s) {
  for (std::uint32_t y = 0; y < s; ++y)
    if (problem.steps[y].end == problem.steps[s].start && !graph.before(y, s)) return y;
  return std::nullopt;
}

}  // namespace

std::vector<Seconds> starts(const Model& model, const OrderProblem& problem, const std::vector<Stage>& stages, const std::vector<Slots>& slots,
                            const Graph& graph) {
  return Clock(model, problem, stages, slots, graph).starts();
}

Late keep_late(const Model& model, const OrderProblem& problem, const std::vector<Stage>& stages, const std::vector<Slots>& slots, Graph& graph) {
  Late late;
  for (std::size_t round = 0; round <= stages.size(); ++round) {
    const auto start = planning::starts(model, problem, stages, slots, graph);
    late.on_time = true;
    bool changed = false;
    for (std::uint32_t s = 0; s < stages.size() && !changed; ++s) {
      if (start[s] == problem.steps[s].start) continue;
      late.on_time = false;
      if (const auto y = just_before(problem, graph, s)) {
        graph.add(*y, s);
        late.edges.emplace_back(*y, s);
        changed = true;
      }
    }
    if (!changed) break;
  }
  return late;
}

}  // namespace exm::planning
