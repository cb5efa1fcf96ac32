// Timelines without a search, for many steps: each step as soon as it may begin, then as late as costs nothing.
#pragma once

#include <cstdint>
#include <vector>

#include "compiler/solve/schedule.h"

namespace exm::planning {

/// Per step, those before it (in the given order) that stay before it: they write a variable that it writes, or stand on the
/// same host and meet it in a variable or a rule. Else a change could be put back before that which it was made for.
using Earlier = std::vector<std::vector<std::uint32_t>>;
Earlier kept_order(const Model& model, const std::vector<std::uint32_t>& operators);

/// What steps cost wherever they stand.
Cost fixed_cost(const Model& model, const std::vector<std::uint32_t>& operators);

Schedule dispatch(const Model& model, const ScheduleProblem& problem, const Earlier& earlier);

}  // namespace exm::planning
