// The measures of a plan on its timeline: how long it takes and disrupts, what it costs, how long things are away.
#pragma once

#include "runtime/verify/simulate.h"

namespace exm::model {

/// Each step starts when those before it have ended, what it uses is free, its slots are and fewer than `at_most` run;
/// ties go by the order in `steps`. Its effects count at its end, its `during` values from its begin.
Measured measure(const plan::Plan& plan, const Model& model, const Simulation& simulation);

}  // namespace exm::model
