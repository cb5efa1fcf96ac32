// When steps start by their graph alone, and edges that only keep a change late: so that no step starts before the time that the timeline
// gives it. Entry points: starts, keep_late.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "compiler/solve/graph.h"
#include "compiler/solve/slots.h"
#include "compiler/solve/stages.h"

namespace exm::planning {

/// As soon as all before it have ended, what it uses is free and its slot too; ties go by the order of the steps. -1: never.
std::vector<Seconds> starts(const Model& model, const OrderProblem& problem, const std::vector<Stage>& stages, const std::vector<Slots>& slots,
                            const Graph& graph);

struct Late {
  std::vector<std::pair<std::uint32_t, std::uint32_t>> edges;  // added to the graph: from each to each
  bool on_time = false;  // each step starts when the timeline says
};

Late keep_late(const Model& model, const OrderProblem& problem, const std::vector<Stage>& stages, const std::vector<Slots>& slots, Graph& graph);

}  // namespace exm::planning
