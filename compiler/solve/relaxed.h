// A search problem as if nothing that was once so ever ceased to be: variables gather values instead of changing them. A way to the
// goal is one here too, so what is needed here at least is needed there at least.
#pragma once

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "compiler/solve/search.h"

namespace exm::planning {

/// Something that may come to be so: a variable has a value, a formula is known to hold (or not to), an operator has been used.
using Fact = std::uint32_t;

/// One way in which a fact comes to be so. Only the use of an operator costs anything; the rest just follows.
struct RelaxedStep {
  std::vector<Fact> needs;  // all of them; never none
  Fact gives = 0;
  std::uint32_t op = ~0u;   // the place in `Search::operators`; ~0: it follows
};

struct Relaxed {
  std::uint32_t facts = 0;
  std::vector<RelaxedStep> steps;
  Fact always = 0;                              // is so from the start
  Fact goal = 0;
  std::map<std::pair<Var, Val>, Fact> values;   // of the variables that may change
};

/// Requirements, rules at a step's end, conditions, wishes and what is to be restored are kept; what is too intricate to be kept
/// is taken for granted.
Relaxed relax(const Model& model, const Search& problem);

}  // namespace exm::planning
