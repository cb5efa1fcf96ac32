// Below which duration no plan of a component can be, whatever the order?
#pragma once

#include <optional>

#include "compiler/ground/ground.h"
#include "compiler/solve/components.h"
#include "compiler/solve/cost.h"

namespace exm::planning {

/// For plans of least disruption: `cost` is that of the plan that was found. Nothing where no bound is known.
std::optional<Seconds> shortest_duration(const Model& model, const Component& component, const Cost& cost, const Limits& limits);

}  // namespace exm::planning
