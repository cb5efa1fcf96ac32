// What to say of a syntax error, and where to go on after it. Looks at the text alone, not at the grammar.
#pragma once

#include "compiler/base/diagnostics.h"

namespace exm::parsing {

struct Failure {
  std::uint32_t at = 0;
  std::string_view expected;
  std::uint32_t opened = 0;  // of a text that has no end: where it begins
  bool unclosed_text = false;
};

/// Reports what was expected, what was found, and what was probably meant. `begin` is where the declaration begins.
void report(std::string_view text, std::uint32_t source, std::uint32_t begin, const Failure& failure, Diagnostics& diagnostics);

/// Where the next declaration seems to begin: later than `begin` always, later than `failed` mostly.
std::uint32_t next_declaration(std::string_view text, std::uint32_t begin, std::uint32_t failed);

}  // namespace exm::parsing
