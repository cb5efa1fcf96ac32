// A rule that is a count: so many of its terms must hold. Entry point: count_rule.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "compiler/solve/model.h"

namespace exm::planning {

/// `k <= count(…)`: how many terms may fail at once, and the terms. Nothing for other formulas.
struct CountRule {
  std::int64_t may_fail = 0;
  std::vector<NodeId> terms;
};
std::optional<CountRule> count_rule(const Model& model, NodeId formula);

}  // namespace exm::planning
