#include "compiler/solve/landmarks.h"

#include <algorithm>
#include <functional>

namespace exm::planning {

namespace {

constexpr std::uint8_t in_zone = 1, before_zone = 2;

}  // namespace

Landmarks::Landmarks(const Model& model, const Search& problem, std::vector<Weight> weights)
    : relaxed_(relax(model, problem)), weights_(std::move(weights)), variables_(problem.goal.variables) {
  needed_by_.resize(relaxed_.facts);
  given_by_.resize(relaxed_.facts);
  for (std::uint32_t s = 0; s < relaxed_.steps.size(); ++s) {
    for (Fact f : relaxed_.steps[s].needs) needed_by_[f].push_back(s);
    given_by_[relaxed_.steps[s].gives].push_back(s);
  }
}

Weight Landmarks::still_to_come(const State& state) {
  start(state);
  spread(true);
  if (reached_[relaxed_.goal] == no_way) return no_way;
  Weight total = 0;
  std::vector<std::uint32_t> crossing;
  while (reached_[relaxed_.goal] > 0) {
    std::fill(zone_.begin(), zone_.end(), std::uint8_t{0});
    mark_zone(relaxed_.goal);
    const Weight paid = cut(crossing);
    total += paid;
    for (std::uint32_t s : crossing) left_[relaxed_.steps[s].op] -= paid;
    for (std::uint32_t s : crossing) lower(s);
    spread(false);
  }
  return total;
}

void Landmarks::start(const State& state) {
  initial_.assign(1, relaxed_.always);
  for (Var v : variables_)
    if (const auto it = relaxed_.values.find({v, state[v]}); it != relaxed_.values.end()) initial_.push_back(it->second);
  left_ = weights_;
  reached_.assign(relaxed_.facts, no_way);
  zone_.resize(relaxed_.facts);
  dearest_.assign(relaxed_.steps.size(), ~0u);
  open_needs_.resize(relaxed_.steps.size());
  for (std::uint32_t s = 0; s < relaxed_.steps.size(); ++s) open_needs_[s] = static_cast<std::uint32_t>(relaxed_.steps[s].needs.size());
  queue_.clear();
  for (Fact f : initial_) {
    reached_[f] = 0;
    queue_.emplace_back(0, f);
  }
  std::make_heap(queue_.begin(), queue_.end(), std::greater<>());
}

/// Passes on what has been reached, or reached at a lower weight, from the queue.
void Landmarks::spread(bool first) {
  while (!queue_.empty()) {
    std::pop_heap(queue_.begin(), queue_.end(), std::greater<>());
    const auto [weight, fact] = queue_.back();
    queue_.pop_back();
    if (weight != reached_[fact]) continue;
    for (std::uint32_t s : needed_by_[fact]) {
      if (open_needs_[s] > 0) {
        // At first facts come in the order of their weight, so the last need is the dearest. What has not been reached then never is.
        if (!first || --open_needs_[s] > 0) continue;
        dearest_[s] = fact;
        lower(s);
      } else if (dearest_[s] == fact) {
        choose(s);
        lower(s);
      }
    }
  }
}

/// Which need of the step is the dearest now.
void Landmarks::choose(std::uint32_t step) {
  const auto& needs = relaxed_.steps[step].needs;
  dearest_[step] = *std::max_element(needs.begin(), needs.end(), [&](Fact a, Fact b) { return reached_[a] < reached_[b]; });
}

void Landmarks::lower(std::uint32_t step) {
  const auto& s = relaxed_.steps[step];
  const Weight weight = reached_[dearest_[step]] + (s.op == ~0u ? 0 : left_[s.op]);
  if (weight >= reached_[s.gives]) return;
  reached_[s.gives] = weight;
  queue_.emplace_back(weight, s.gives);
  std::push_heap(queue_.begin(), queue_.end(), std::greater<>());
}

/// From which facts the goal follows without paying.
void Landmarks::mark_zone(Fact fact) {
  std::vector<Fact> open{fact};
  zone_[fact] = in_zone;
  while (!open.empty()) {
    const Fact f = open.back();
    open.pop_back();
    for (std::uint32_t s : given_by_[f]) {
      const auto& step = relaxed_.steps[s];
      if (open_needs_[s] > 0 || (step.op != ~0u && left_[step.op] > 0) || zone_[dearest_[s]] == in_zone) continue;
      zone_[dearest_[s]] = in_zone;
      open.push_back(dearest_[s]);
    }
  }
}

/// The steps that lead into the zone, one of which must be taken; the least of their weights.
Weight Landmarks::cut(std::vector<std::uint32_t>& crossing) {
  crossing.clear();
  Weight least = no_way;
  std::vector<Fact> open = initial_;
  for (Fact f : initial_) zone_[f] = before_zone;
  while (!open.empty()) {
    const Fact f = open.back();
    open.pop_back();
    for (std::uint32_t s : needed_by_[f]) {
      const auto& step = relaxed_.steps[s];
      if (open_needs_[s] > 0 || dearest_[s] != f) continue;
      if (zone_[step.gives] == in_zone) {
        crossing.push_back(s);
        least = std::min(least, left_[step.op]);
      } else if (zone_[step.gives] == 0) {
        zone_[step.gives] = before_zone;
        open.push_back(step.gives);
      }
    }
  }
  return least;
}

}  // namespace exm::planning
