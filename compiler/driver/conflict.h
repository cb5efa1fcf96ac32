// A search that found no plan, as diagnostics.
#pragma once

#include "compiler/base/diagnostics.h"
#include "compiler/check/program.h"
#include "compiler/ground/task.h"
#include "compiler/solve/retreat.h"
#include "compiler/solve/solution.h"

namespace exm {

/// One diagnostic for each set of constraints that exclude each other, with the place of each.
void report_conflict(const program::Maintenance& maintenance, const task::Task& task, const Impossible& impossible,
                     Diagnostics& diagnostics);

void report_bound(const program::Maintenance& maintenance, const task::Task& task, const GaveUp& bound, Diagnostics& diagnostics);

/// One diagnostic for each action that has a step without a way back. Was one of them only not found?
bool report_no_retreat(const program::Program& program, const task::Task& task, const Found& found, const std::vector<NoRetreat>& none,
                       Diagnostics& diagnostics);

}  // namespace exm
