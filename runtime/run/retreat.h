// The way back that a plan has recorded for a step that was cut off. Entry point: no_retreat.
#pragma once

#include <string>
#include <vector>

#include "runtime/plan/plan.h"
#include "runtime/run/record.h"

namespace exm {

/// Why `resume --retreat` can't go back from where the run stands, and what can.
std::string no_retreat(const plan::Plan& plan, const std::vector<Record>& records);

}  // namespace exm
