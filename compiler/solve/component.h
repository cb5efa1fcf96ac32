// One component: first a sequence of steps, group by group or all at once, then its timeline, then its graph.
#pragma once

#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

#include "compiler/ground/ground.h"
#include "compiler/solve/components.h"
#include "compiler/solve/cost.h"
#include "compiler/solve/goal.h"
#include "compiler/solve/solution.h"

namespace exm::planning {

/// The plan of one component.
struct Planned {
  std::vector<FoundStep> steps;
  std::vector<FoundSlots> slots;
  Goal goal;
  Cost cost;
  bool single_host = false;     // nothing could overlap, so the sequence is the timeline
  bool least = false;           // proven least in all measures
  Seconds shortest = 0;         // no plan of least disruption can be shorter
  bool shortest_known = false;
};

/// No plan exists, whatever the order: these wishes alone have none.
struct NoPlan {
  std::vector<std::uint32_t> wishes;
};

std::variant<Planned, NoPlan, GaveUp> plan(const Model& model, const Component& component, const Limits& limits);

}  // namespace exm::planning
