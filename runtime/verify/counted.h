// A rule that holds a count or a sum to a limit. Entry points: counted, worst.
#pragma once

#include <cstdint>
#include <optional>

#include "runtime/verify/evaluate.h"

namespace exm::model {

/// `count` is to be at least `limit`, or at most.
struct Counted {
  Compiled count;
  bool at_most = false;
  std::int64_t limit = 0;
};

/// The first such comparison with a number in a formula, or in one of the parts that must all hold.
std::optional<Counted> counted(const Compiled& formula);

/// The most, or the least, that a count can be in a state. Nothing where that is not known.
std::optional<std::int64_t> worst(const Compiled& count, const Values& values, bool most);

}  // namespace exm::model
