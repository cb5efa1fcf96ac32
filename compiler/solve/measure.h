// The measures of a whole timeline, as semantics says: with the states that are free at its end.
#pragma once

#include <vector>

#include "compiler/solve/model.h"
#include "compiler/solve/solution.h"

namespace exm::planning {

Measures measure(const Model& model, const std::vector<FoundStep>& steps);

}  // namespace exm::planning
