// Is it UTF-8? Fast where it is ASCII.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace exm::parsing {

/// Where the first byte stands that is no part of a well-formed character.
std::optional<std::uint32_t> first_bad_utf8(std::string_view text);

/// False where there is no such character: surrogates, and numbers above 10FFFF.
bool append_utf8(std::string& to, std::uint32_t code_point);

}  // namespace exm::parsing
