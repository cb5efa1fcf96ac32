#include "runtime/run/retreat.h"

#include "runtime/run/progress.h"

namespace exm {

std::string no_retreat(const plan::Plan& plan, const std::vector<Record>& records) {
  Progress progress(plan);
  for (const auto& record : records) progress.take(record);
  std::string steps, recorded;
  for (int step = 0; step < progress.step_count(); ++step) {
    const auto state = progress.state(step);
    if (is_over(state) || state == StepState::pending) continue;
    const auto& one = plan.steps[static_cast<std::size_t>(step)];
    steps += (steps.empty() ? "" : ", ") + one.id;
    if (!one.retreat.empty()) recorded += " (recorded for " + one.id + ": `" + one.retreat + "`)";
  }
  if (steps.empty()) return "no step was cut off: there is nothing to retreat from; `resume` goes on";
  if (!recorded.empty())
    return "`resume` goes forward only: recorded retreats are for a person to take" + recorded + "; `exm plan FILE --state STATE.json` makes a plan from what you see";
  return "the plan has no retreat from " + steps + "; `exm plan FILE --state STATE.json` makes a plan from what you see";
}

}  // namespace exm
