// A found plan as a `plan::Plan`, straight from the task: for the checker, with nothing of `compiler/lower`.
#pragma once

#include <string>
#include <vector>

#include "compiler/solve/solution.h"
#include "runtime/plan/plan.h"

namespace exm::naive {

plan::Plan plan_of(const task::Task& task, const std::vector<FoundStep>& steps, const std::vector<FoundSlots>& slots = {});

/// What a person needs to see of a task, and of a plan for it.
std::string outline(const task::Task& task);
std::string outline(const task::Task& task, const std::vector<FoundStep>& steps);

}  // namespace exm::naive
