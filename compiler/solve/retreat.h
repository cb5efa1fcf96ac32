// The way back from each step of a plan that was found, wherever the step is cut off.
#pragma once

#include <cstdint>
#include <vector>

#include "compiler/ground/ground.h"
#include "compiler/solve/solution.h"

namespace exm {

/// A step without a way back.
struct NoRetreat {
  std::uint32_t step = 0;       // in Found::steps
  Id<program::Object> whose;    // whose users would go on feeling it
  bool bound = false;           // the search ended at its bound: there may be one
};

/// Finds a way back for each step, and says which have none. Steps that `task.no_retreat` excuses are not among these.
std::vector<NoRetreat> find_retreats(const task::Task& task, const Limits& limits, Found& found);

}  // namespace exm
