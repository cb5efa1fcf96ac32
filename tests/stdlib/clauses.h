// The clauses of the standard modules, each with its place, so that one can be taken out. Entry points: clauses_of, take_out.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/driver/stdlib.h"
#include "runtime/result.h"

namespace exm::clauses {

struct Clause {
  std::string module;  // "exchange.cas"
  std::string owner;   // "rule one_array_per_site", "install" (an action or what extends it), "host" (a kind), "probe host.mode"
  std::string word;    // "requires", "check", …; empty for the whole of a rule or a probe
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  std::string text;  // as written, each gap one blank
};

/// `nlb: start requires "a suspended host"`
std::string name_of(const Clause& clause);

std::vector<Clause> clauses_of(const std::string& name, const Module& module);

/// Which clause is meant, as the table in stdlib/README.md writes it: `MODULE: OWNER [WORD] ["FRAGMENT"]`.
struct Reference {
  std::string module, owner, word, fragment;
};
Result<Reference> read_reference(std::string_view text);

/// Whether the clause is the one, or one of those, that the reference names.
bool means(const Reference& reference, const Clause& clause);

/// The modules without what is named. Blanks stand in its place, so all else stays where it was.
Result<Modules> take_out(const Modules& modules, const std::vector<Reference>& references);
Modules take_out(const Modules& modules, const Clause& clause);

}  // namespace exm::clauses
