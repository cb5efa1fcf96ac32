// Holds a run's log against its plan: that it is of this plan, and that no step was taken before its time, without its
// questions answered, twice, or after it was over. The chain of hashes is checked when the journal is read. Entry point: audit.
#pragma once

#include <string>
#include <vector>

#include "runtime/plan/plan.h"
#include "runtime/run/record.h"

namespace exm {

/// What is not as it should be, in the log's order; empty: nothing. `digest` is where the chain of the log's hashes begins.
std::vector<std::string> audit(const plan::Plan& plan, const std::string& digest, const std::vector<Record>& records);

}  // namespace exm
