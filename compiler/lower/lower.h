// A task and the steps that were found to a plan: names, templates, commands, sentences.
#pragma once

#include <string>
#include <vector>

#include "compiler/check/program.h"
#include "compiler/ground/task.h"
#include "compiler/solve/solution.h"
#include "runtime/plan/plan.h"

namespace exm {

plan::Plan lower(const program::Program& program, const task::Task& task, const Found& found, std::vector<plan::SourceFile> sources);

}  // namespace exm
