// Which timers a run has left on hosts and not ended, as its journal tells. Entry point: leases_left.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "runtime/run/lease.h"
#include "runtime/run/record.h"

namespace exm {

/// How a record of kind `lease` begins while the timer is on its host.
constexpr std::string_view lease_left_word = "left: ";

/// Each with when it was left. `run` as for leases_of.
std::vector<std::pair<Lease, Milliseconds>> leases_left(const plan::Plan& plan, const std::vector<Record>& records, const std::string& run);

}  // namespace exm
