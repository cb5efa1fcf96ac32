// Is there any timeline of any steps that is better than the one that was found? Branch and bound over all moments of small
// components; what the groups still need by themselves (pattern.h) tells how much is at least to come.
#pragma once

#include <optional>

#include "compiler/ground/ground.h"
#include "compiler/solve/components.h"
#include "compiler/solve/schedule.h"

namespace exm::planning {

struct Least {
  enum class Answer { proven, better, bound };
  Answer answer = Answer::bound;
  Schedule better;  // the least, where the one known is not
};

/// `known` is a valid timeline for the goal. Nothing else is assumed of it.
Least prove_least(const Model& model, const Component& component, const Goal& goal, const std::vector<Resource>& resources,
                  const Schedule& known, const Limits& limits);

}  // namespace exm::planning
