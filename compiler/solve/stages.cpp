#include "compiler/solve/stages.h"

#include <algorithm>

namespace exm::planning {

std::vector<Stage> stages(const Model& model, const OrderProblem& problem) {
  std::vector<Stage> out;
  State state = problem.from;
  // An end counts before a beginning at the same time: so the effects of all that has ended by a step's start are in its state.
  std::vector<std::uint32_t> ends;
  for (std::uint32_t i = 0; i < problem.steps.size(); ++i) ends.push_back(i);
  std::stable_sort(ends.begin(), ends.end(), [&](std::uint32_t a, std::uint32_t b) { return problem.steps[a].end < problem.steps[b].end; });
  std::size_t next = 0;
  for (std::uint32_t i = 0; i < problem.steps.size(); ++i) {
    for (; next < ends.size() && ends[next] < i && problem.steps[ends[next]].end <= problem.steps[i].start; ++next)
      finish(out[ends[next]].begun, state);
    const auto& op = model.task.operators[Id<task::Operator>(problem.steps[i].op)];
    out.push_back({problem.steps[i].op, begin(model, problem.steps[i].op, state), state, op.on ? model.evaluate.value(op.on, state) : 0});
  }
  return out;
}

}  // namespace exm::planning
