// A task as text, for goldens and `--stop-after=ground`.
#pragma once

#include <string>

#include "compiler/check/program.h"
#include "compiler/ground/task.h"

namespace exm {

std::string dump(const program::Program& program, const task::Task& task);

/// A formula as `(and EX3.up (== EX3.health good))`.
std::string dump(const program::Program& program, const task::Task& task, task::NodeId formula);

}  // namespace exm
