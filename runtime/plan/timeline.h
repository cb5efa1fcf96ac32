// When each step of a plan starts and ends, by what its steps take: it starts when its `after` steps have ended, what it uses
// is free, its slots are there and fewer than `at most` run; ties go by the order of the steps.
#pragma once

#include <vector>

#include "runtime/plan/plan.h"

namespace exm::plan {

struct Span {
  Seconds start = 0;
  Seconds end = 0;
};

/// Per step, in the plan's order. A step that can never start (a circle, no slot) has start -1.
std::vector<Span> timeline(const Plan& plan);

/// When the last step ends.
Seconds duration(const std::vector<Span>& timeline);

}  // namespace exm::plan
