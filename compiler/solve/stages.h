// The steps of a timeline, each with what it does: what its graph is made from. Entry point: stages.
#pragma once

#include <cstdint>
#include <vector>

#include "compiler/solve/phases.h"
#include "compiler/solve/rules.h"
#include "compiler/solve/schedule.h"

namespace exm::planning {

struct OrderProblem {
  std::vector<Scheduled> steps;  // by start
  Goal goal;
  State from;
  Bound bound;
  std::uint64_t most_states = 0;  // of one rule
};

/// A step with what it does, read once: without races that is the same in every order.
struct Stage {
  std::uint32_t op;
  Begun begun;
  State before;
  Val host;
};

/// One for each step, in their order.
std::vector<Stage> stages(const Model& model, const OrderProblem& problem);

}  // namespace exm::planning
