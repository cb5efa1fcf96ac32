// The way back from where an earlier plan was left, wherever that is: as much put back as can be, as a plan of its own.
// Entry point: solve_homeward.
#pragma once

#include "compiler/ground/ground.h"
#include "compiler/solve/solution.h"

namespace exm {

/// The least that stays other than it was is found first; then the best plan for the rest. What stays is `left` in the task afterwards.
Solution solve_homeward(task::Task& task, const Limits& limits);

}  // namespace exm
