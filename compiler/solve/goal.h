// Does a state end a plan: the wishes hold, and what was changed on the way is as it was?
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "compiler/solve/rules.h"

namespace exm::planning {

struct Goal {
  std::vector<std::uint32_t> wishes;     // to hold at the end
  std::vector<Var> variables;            // those that may differ; to be restored
};

/// What is still missing: a wish that does not hold, a rule under repair, or a variable that is not as it was.
struct Missing {
  enum class Kind { wish, rule, variable };
  Kind kind = Kind::wish;
  std::uint32_t index = 0;
};

/// Nothing where the goal is reached. The state is changed and put back.
std::optional<Missing> missing(const Model& model, const Goal& goal, State& state, const Bound& bound);

}  // namespace exm::planning
