// From a timeline to a graph: as few edges as keep the plan valid in every order and overlap, with any number of steps cut
// off; slots instead, where only a count keeps hosts apart; and edges that only keep a change late.
#pragma once

#include <optional>
#include <vector>

#include "compiler/solve/solution.h"
#include "compiler/solve/stages.h"

namespace exm::planning {

struct Ordered {
  std::vector<FoundStep> steps;  // in the same order, with `after`, `only_late`, slots, `start` and `end`
  std::vector<FoundSlots> slots;
};

/// Nothing where a rule has too many states.
std::optional<Ordered> order(const Model& model, const OrderProblem& problem);

}  // namespace exm::planning
