// Below which duration no plan of a component can be, whatever the order?
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "compiler/ground/ground.h"
#include "compiler/solve/components.h"
#include "compiler/solve/cost.h"
#include "compiler/solve/schedule.h"

namespace exm::planning {

struct Bounds {
  /// For plans of least disruption. Nothing where no bound is known.
  std::optional<Seconds> shortest;
  std::int64_t least_disruption = 0;  // of the groups, each by itself
  std::vector<Resource> resources;
};

Bounds bounds(const Model& model, const Component& component, const Limits& limits);

}  // namespace exm::planning
