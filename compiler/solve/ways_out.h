// What would make a plan possible where there is none: the least change of a count, a limit or a restoration that stands in a conflict,
// each tried by planning with it.
#pragma once

#include <vector>

#include "compiler/ground/ground.h"
#include "compiler/solve/model.h"
#include "compiler/solve/solution.h"

namespace exm::planning {

/// Single changes first; where none of them is enough, one less of every count at once.
std::vector<WayOut> ways_out(const Model& model, const std::vector<std::vector<Id<task::Constraint>>>& conflicts, const Limits& limits);

}  // namespace exm::planning
