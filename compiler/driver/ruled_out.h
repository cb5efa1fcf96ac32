// Where no plan exists for a requirement that facts alone decide: its steps are not in the task, so no conflict in there can name it.
// Entry point: with_what_facts_rule_out.
#pragma once

#include <optional>

#include "compiler/ground/ground.h"
#include "compiler/solve/solution.h"

namespace exm {

struct RuledOut {
  task::Task task;  // with the steps that facts rule out
  Impossible impossible;
};

/// The conflict of `task`, found once more with the steps that facts rule out and that would change what the conflict speaks of.
/// Nothing where none of their requirements is in the way.
std::optional<RuledOut> with_what_facts_rule_out(const program::Program& program, const task::Task& task, const Impossible& impossible,
                                                 const program::Wishes* with, const Limits& limits);

}  // namespace exm
