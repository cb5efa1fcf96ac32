// Slots instead of edges: where steps of many hosts wait for each other only so that a count holds, each host takes a slot before its work
// and gives it back after, and whichever is done first lets the next one in. Entry points: slots, keep, wait_for_nothing, ordered_anyway.
#pragma once

#include <cstdint>
#include <vector>

#include "compiler/solve/graph.h"
#include "compiler/solve/stages.h"

namespace exm::planning {

/// Steps of one host, by index.
struct Hold {
  std::uint32_t takes = 0;
  std::uint32_t gives = 0;
};

struct Slots {
  std::uint32_t rule = 0;  // for which they are there
  std::uint32_t n = 0;
  std::vector<Hold> holds;  // more than n
};

/// How many slots: as many as the count allows, or only as many as the timeline uses, so that no step is earlier than there.
enum class HowMany { allowed, used };

/// Slots for the counts that do not hold in every overlap. Only those that are proven to keep their count.
std::vector<Slots> slots(const Model& model, const OrderProblem& problem, const std::vector<Stage>& stages, HowMany how_many);

/// Do the slots alone keep the rule, whatever else overlaps? Said only where each of its terms is the business of one host.
bool keep(const Model& model, const OrderProblem& problem, const std::vector<Stage>& stages, const Slots& slots, std::uint32_t rule);

/// Must no step that has to happen while a slot is held wait for a slot? Then they all are given back; nothing waits for ever.
bool wait_for_nothing(const std::vector<Slots>& slots, const Graph& graph);

/// Does an order between two hosts keep them apart that the slots are to keep apart?
bool ordered_anyway(const std::vector<Slots>& slots, const Graph& graph);

}  // namespace exm::planning
