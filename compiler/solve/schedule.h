// Given the steps of a plan in one valid order, when should each begin? Steps on different hosts may overlap where every
// rule holds in every phase of all that is under way. The search is exact up to a bound, then greedy.
#pragma once

#include <cstdint>
#include <vector>

#include "compiler/ground/ground.h"
#include "compiler/solve/cost.h"
#include "compiler/solve/goal.h"

namespace exm::planning {

struct Scheduled {
  std::uint32_t op = 0;
  Seconds start = 0;
  Seconds end = 0;
};

struct Schedule {
  std::vector<Scheduled> steps;  // by start, then by the order in which the steps were given
  Cost cost;
  bool exact = false;  // the least for these steps
};

/// Of these formulas at most so many may fail to hold at one time, and each fails for at least so long.
struct Resource {
  std::int64_t may_fail = 1;
  std::vector<NodeId> terms;
  std::vector<Seconds> least;  // per term
};

struct ScheduleProblem {
  std::vector<std::uint32_t> operators;  // a valid order
  Goal goal;
  State from;
  Bound bound;
  std::vector<Resource> resources;
  Limits limits;
};

Schedule schedule(const Model& model, const ScheduleProblem& problem);

}  // namespace exm::planning
