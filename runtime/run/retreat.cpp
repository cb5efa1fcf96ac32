#include "runtime/run/retreat.h"

#include "runtime/run/progress.h"

namespace exm {

std::string no_retreat(const plan::Plan& plan, const std::vector<Record>& records) {
  Progress progress(plan);
  for (const auto& record : records) progress.take(record);
  std::string steps;
  for (int step = 0; step < progress.step_count(); ++step) {
    const auto state = progress.state(step);
    if (is_over(state) || state == StepState::pending) continue;
    steps += (steps.empty() ? "" : ", ") + plan.steps[static_cast<std::size_t>(step)].id;
  }
  if (steps.empty()) return "no step was cut off: there is nothing to retreat from; `resume` goes on";
  return "the plan has no retreat from " + steps + "; `exm replan --retreat` makes one from the observed state";
}

}  // namespace exm
