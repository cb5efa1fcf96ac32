// Small random plans, made so that many are valid and most of the rest just miss it. The same seed gives the same plan.
#pragma once

#include <cstdint>

#include "runtime/plan/plan.h"

namespace exm::naive {

plan::Plan random_plan(std::uint64_t seed);

}  // namespace exm::naive
