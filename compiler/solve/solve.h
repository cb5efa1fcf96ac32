// The planner: a task to the least plan, an irreducible conflict, or the bound that was reached. What it is made of lives in
// the namespace `planning`.
#pragma once

#include "compiler/ground/ground.h"
#include "compiler/ground/task.h"
#include "compiler/solve/solution.h"

namespace exm {

Solution solve(const task::Task& task, const Limits& limits);

}  // namespace exm
