// A cost in one number, so that costs can be added, taken from each other and compared as a whole: the measures in the order in which the
// maintenance compares them, up to `away`, of which nothing is known beforehand.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "compiler/solve/cost.h"
#include "compiler/solve/search.h"

namespace exm::planning {

using Weight = std::int64_t;

/// Nothing where a measure is too large for its place.
std::optional<Weight> weigh(const Model& model, const Cost& cost);

/// What each operator of the problem costs at least, in whatever state it is used; in the problem's order. Nothing where it can't be
/// put into one number.
std::optional<std::vector<Weight>> least_weights(const Model& model, const Search& problem);

}  // namespace exm::planning
