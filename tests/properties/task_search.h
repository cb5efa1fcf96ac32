// Exhaustive searches over `World`: every state that steps one at a time can reach, and every timeline of a few steps.
#pragma once

#include <array>
#include <optional>

#include "tests/properties/task_naive.h"

namespace exm::naive {

/// The measures, in the order in which the maintenance compares them.
using Rank = std::array<std::int64_t, 4>;

struct Explored {
  bool complete = true;  // else there were too many states
  bool plan = false;     // some plan exists
  std::optional<Rank> least;  // of steps one at a time
  std::set<std::set<std::uint32_t>> excused;  // of the ends that were found
  std::vector<std::size_t> operators;         // of a least plan; of some plan where `least` was not asked for
};

Explored explore(const World& world, bool with_least = true);

struct Timed {
  std::size_t op = 0;
  std::int64_t start = 0, end = 0;
};
struct Timelines {
  bool complete = false;
  std::optional<Rank> least;
  std::vector<Timed> steps;
};

/// The least timeline, steps of different hosts side by side. Only for worlds in which no rule waits to bind.
Timelines timelines(const World& world, const Explored& explored, std::size_t most_states);

}  // namespace exm::naive
