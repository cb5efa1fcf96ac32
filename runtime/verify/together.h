// May several plans be under way at once, each run by a process of its own? Nothing orders the steps of one against
// those of another then, and nothing but the world is shared: no lock, no slot. `verify_together` is the entry.
#pragma once

#include <span>

#include "runtime/verify/evaluate.h"
#include "runtime/verify/join.h"
#include "runtime/verify/verdict.h"

namespace exm {

/// Each plan is taken to be valid by itself. The steps are told as "rollup5:1a". `observed`: what stands in place of
/// the states in which the plans begin.
Verdict verify_together(std::span<const NamedPlan> plans, const World& observed = {}, const VerifyBounds& bounds = {});

}  // namespace exm
