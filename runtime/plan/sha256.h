// SHA-256 (FIPS 180-4), for digests of plans and sources.
#pragma once

#include <string>
#include <string_view>

namespace exm {

/// 64 hex digits.
std::string sha256_hex(std::string_view bytes);

}  // namespace exm
