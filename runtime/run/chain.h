// The chain of hashes of a run's log: each entry's is made of the one before it, the first of the plan's digest.
#pragma once

#include <string>
#include <string_view>

namespace exm {

/// "sha256:" and the SHA-256 of the hash before, a line feed and the entry.
std::string chained(std::string_view before, std::string_view entry);

}  // namespace exm
