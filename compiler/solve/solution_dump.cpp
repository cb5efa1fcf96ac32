#include "compiler/solve/solution_dump.h"

#include <fmt/format.h>

#include <algorithm>

namespace exm {

std::string dump(const task::Task& task, const Found& found) {
  std::string out;
  for (std::size_t s = 0; s < found.steps.size(); ++s) {
    const auto& step = found.steps[s];
    out += fmt::format("{} {}-{} {}", s, step.start, step.end, task.operators[step.op].title);
    for (auto a : step.after) {
      const bool late = std::find(step.only_late.begin(), step.only_late.end(), a) != step.only_late.end();
      out += fmt::format(" {}{}", late ? "late:" : "", a);
    }
    for (auto slot : step.acquires) out += fmt::format(" takes:{}", slot);
    for (auto slot : step.releases) out += fmt::format(" gives:{}", slot);
    out += '\n';
  }
  for (std::size_t i = 0; i < found.slots.size(); ++i)
    out += fmt::format("slots {}: {} for {}\n", i, found.slots[i].n, task.constraints[task.rules[found.slots[i].rule].constraint].sentence);
  const auto& m = found.measures;
  out += fmt::format("disruption {} duration {} cost {} away {}; {} of 4 proven least\n", m.disruption, m.duration, m.cost, m.away, found.least.size());
  return out;
}

}  // namespace exm
