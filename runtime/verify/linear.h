// A comparison of counts, sums and numbers as one sum of terms, each of which few variables decide.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "runtime/verify/evaluate.h"

namespace exm::model {

struct Term {
  int sign = 1;
  Compiled formula;  // a number
};

/// It is known to hold just where the least that the sum can be is 0 or more.
struct Linear {
  std::vector<Term> terms;
  std::int64_t constant = 0;
};

/// The comparisons that must all hold for the formula to hold: one, or two where it says `==`. Nothing where it is no
/// comparison with a count or a sum.
std::vector<Linear> linear(const Compiled& formula);
/// The least that the terms can be in a state; what may be any number counts as `hopeless`.
std::int64_t least_of(const std::vector<Term>& terms, const Values& values);

/// Less than any sum of numbers that this is used for.
inline constexpr std::int64_t hopeless = -(std::int64_t{1} << 40);

}  // namespace exm::model
