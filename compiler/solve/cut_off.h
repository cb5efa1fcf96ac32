// Where a step can be cut off, and the states that it may leave then.
#pragma once

#include <cstdint>
#include <vector>

#include "compiler/solve/phases.h"

namespace exm::planning {

/// The variables that may be other than before the step, sorted, and all values that they may have together.
struct CutOff {
  std::vector<Var> variables;
  std::vector<std::vector<Val>> values;  // sorted
};

/// `before` is the state in which the step begins. Where there are too many combinations, variables that may be unknown are taken for
/// unknown: what is right then is right whatever they are, as far as nothing asks whether they are known.
CutOff cut_off(const Model& model, std::uint32_t op, const State& before);

}  // namespace exm::planning
