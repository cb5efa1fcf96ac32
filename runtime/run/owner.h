// Who runs this program: for locks, and for what somebody asks of a run. Entry point: owner_name.
#pragma once

#include <string>

namespace exm {

/// "alice@jump1"; without a name in the system's list, the user's number.
std::string owner_name();

}  // namespace exm
