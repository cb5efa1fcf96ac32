// What a formula is worth in one state of the world, by strong Kleene logic: `truth` and `value`.
#pragma once

#include <string>
#include <vector>

#include "compiler/ground/task.h"

namespace exm::task {

/// The value of each variable.
using Assignments = std::vector<ValueId>;

Assignments start_of(const Task& task);
/// false_, true_ or unknown.
ValueId truth(const Task& task, NodeId formula, const Assignments& state);
/// A number that no value of the task has is unknown.
ValueId value(const Task& task, NodeId formula, const Assignments& state);

}  // namespace exm::task
