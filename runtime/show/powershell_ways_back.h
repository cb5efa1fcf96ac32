// The ways back of a script: for each step that has one, the function that gives its steps. Entry points: steps_back,
// ways_back.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "runtime/show/powershell_actions.h"

namespace exm::show {

/// The way back from a step as steps of its own; none where it has none, or nothing is to be done.
std::vector<plan::Step> steps_back(const plan::Plan& plan, const plan::Step& from);

/// All steps that a script may take: those of the plan, and of the ways back from them.
std::vector<plan::Step> all_steps(const plan::Plan& plan);

/// A function for each way back, shared by the steps whose way it is, and the table of which step has which.
std::string ways_back(const plan::Plan& plan, const std::vector<Action>& actions, const std::set<std::string>& from);

}  // namespace exm::show
