// Small random tasks for the planner, made so that many have a plan and the rest just miss one. The same seed and size
// give the same task.
#pragma once

#include <cstdint>
#include <optional>

#include "compiler/ground/task.h"

namespace exm::naive {

struct Shape {
  int operators = 8;
  int variables = 5;
  int hosts = 2;
  bool latent = true;     // rules of steps, rules under repair
  bool withstand = true;
  bool strayed = false;  // as after a run that was left: some states are other than they are to be restored
};

bool assigns(const task::Effect& effect, Id<task::Variable> v);

task::Task random_task(std::uint64_t seed, const Shape& shape);

/// The task without its n-th piece (an operator, a rule, a wish, a requirement, an assignment, a limit); nothing where
/// it has fewer.
std::optional<task::Task> smaller(const task::Task& task, std::size_t n);

}  // namespace exm::naive
