// A moment of a timeline: what has ended, what is under way and for how long still. Both schedulers step from moment to moment.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "compiler/solve/cost.h"
#include "compiler/solve/rules.h"

namespace exm::planning {

struct Running {
  std::uint32_t step = 0;
  Seconds remaining = 0;
  UnderWay under_way;
};

struct Moment {
  State base;  // with the effects of all that has ended, and none of those of what is running
  Bound bound;
  std::vector<bool> begun;  // per step
  std::vector<Running> running;  // by step
};

/// May the step begin now, beside what is running: host, `uses`, races, requirements, and every rule in every phase?
bool may_begin(const Model& model, std::uint32_t op, Moment& moment);

void begin_step(const Model& model, std::uint32_t step, std::uint32_t op, Moment& moment);

/// What holds while all that is running runs.
State now(const Moment& moment);

/// Goes on to the next end of a step; what that costs. Something must be running.
Cost advance(const Model& model, const Meter& meter, Moment& moment);

}  // namespace exm::planning
