// A plan as a script with the ways back that hold in it. Entry point: script_of.
#pragma once

#include <string>

#include "runtime/plan/plan.h"

namespace exm {

/// The PowerShell script of a plan. Its steps run one after another, so that more may be done before a step than the plan asks for: a
/// recorded way back is offered only where the checker finds it right in that order too. Of the orders, the one in which users feel
/// least, and then the one with the most ways back.
std::string script_of(const plan::Plan& plan);

}  // namespace exm
