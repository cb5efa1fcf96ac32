// Why is each step there? The first thing that would break if it were left out.
#pragma once

#include <vector>

#include "compiler/solve/goal.h"
#include "compiler/solve/solution.h"

namespace exm::planning {

/// Fills in `why` of each step.
void explain(const Model& model, const Goal& goal, const State& from, std::vector<FoundStep>& steps);

}  // namespace exm::planning
