// Does a plan that was read hang together: do paths, slots and ids lead somewhere, do types fit, is the order no circle?
#pragma once

#include "runtime/plan/plan.h"
#include "runtime/plan/read_json.h"

namespace exm::plan {

void check_plan(const Plan& plan, Reading& reading);

}  // namespace exm::plan
