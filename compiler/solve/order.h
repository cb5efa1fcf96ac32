// From a timeline to a graph: as few edges as keep the plan valid in every order and overlap, with any number of steps cut
// off; and those that only keep a change late.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "compiler/solve/schedule.h"
#include "compiler/solve/solution.h"

namespace exm::planning {

struct OrderProblem {
  std::vector<Scheduled> steps;  // by start
  Goal goal;
  State from;
  Bound bound;
  std::uint64_t most_states = 0;  // of one rule
};

/// The steps in the same order, with `after`, `only_late`, `start` and `end`. Nothing where a rule has too many states.
std::optional<std::vector<FoundStep>> order(const Model& model, const OrderProblem& problem);

}  // namespace exm::planning
