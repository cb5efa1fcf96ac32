// What the `test` declarations of some files touch: actions that some plan takes, rules that some plan has to do with,
// requirements that some step of a plan asks. Entry points: touch, coverage_of.
#pragma once

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "compiler/base/source.h"
#include "compiler/check/program.h"
#include "compiler/ground/task.h"
#include "compiler/solve/solution.h"
#include "runtime/plan/plan.h"

namespace exm {

/// Filled test by test.
struct Touched {
  std::set<std::uint32_t> actions;
  std::set<std::string> rules;
  std::set<std::pair<std::uint32_t, std::uint32_t>> requirements;  // by where they stand
};

/// What a plan takes, or what of it is the reason that there is none.
void touch(const task::Task& task, const Solution& solution, const plan::Plan& plan, Touched& touched);

/// One thing that a test can touch.
struct Covered {
  enum class Kind { action, rule, requirement };
  Kind kind = Kind::action;
  std::string name;  // of a requirement: its text, and the action that has it
  std::string file;
  LineColumn at;
  bool touched = false;
};

/// Everything that the files declare, those they use included, in the order of the files.
std::vector<Covered> coverage_of(const program::Program& program, const Sources& sources, const Touched& touched);

}  // namespace exm
