// Several plans as one in which nothing orders the steps of one against those of another. `joined` is the entry.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "runtime/plan/plan.h"
#include "runtime/verify/verdict.h"

namespace exm {

/// A plan and the name that its steps are told by.
struct NamedPlan {
  std::string name;
  const plan::Plan* plan = nullptr;
};

namespace model {

/// Ids of steps, and of what else is a plan's own, get its name before them: "rollup5:1a". Rules and faults that are the
/// same in several plans are there once. Where the plans do not begin in the same world, that is found.
plan::Plan joined(std::span<const NamedPlan> plans, std::vector<Finding>& findings);

}  // namespace model
}  // namespace exm
