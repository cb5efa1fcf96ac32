// Where no plan exists: which constraints exclude each other? Sets from which nothing can be taken without a plan for the
// rest of the set.
#pragma once

#include <cstdint>
#include <vector>

#include "compiler/ground/ground.h"
#include "compiler/solve/model.h"
#include "compiler/solve/solution.h"

namespace exm::planning {

/// `wishes` have no plan together, proven. At most three sets: one for each rule or requirement in the way.
Impossible conflicts(const Model& model, const std::vector<std::uint32_t>& wishes, const Limits& limits);

}  // namespace exm::planning
