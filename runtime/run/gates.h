// The questions that a person answers before a step: those of the maintenance and those of its action. Each is asked once
// a run. Entry point: gates_of.
#pragma once

#include <string>
#include <vector>

#include "runtime/plan/plan.h"

namespace exm {

struct Gate {
  std::string id;  // what `--approve` takes: the maintenance's name for it, or the action's name
  std::string question;

  /// One answer for one question.
  std::string key() const { return id + ": " + question; }
};

/// The gates before that step; `first`: it is the first one to run.
std::vector<Gate> gates_of(const plan::Plan& plan, const plan::Template& shape, bool first);

}  // namespace exm
