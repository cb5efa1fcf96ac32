// Where a run was left: what its journal tells, for a plan that goes on or back from there. Entry point: left_run.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "runtime/plan/plan.h"
#include "runtime/result.h"
#include "runtime/verify/evaluate.h"

namespace exm {

struct LeftRun {
  plan::Plan plan;
  std::string adapter;                 // as `--adapter` named it
  std::vector<std::string> adapter_options;  // KEY=VALUE
  World believed;                      // what was cut off, and has not been seen since, is unknown
  World restore;                       // what the plan was to restore; what it makes is unknown
  World ends;                          // what it makes different for good
  std::vector<std::string> cut_off;    // ids of steps, and titles
  std::vector<std::string> may_go_on;  // those of them of which nobody knows whether their commands have ended
  std::vector<std::string> timers;     // left on hosts: what they put back, unless somebody ends them
  int over = 0;                        // so many steps are done or skipped
  std::set<std::string> planned;       // paths of objects that did not exist when it began
};

/// From its journal, at any time.
Result<LeftRun> left_run(const std::string& journal);

/// A value as `--set` would be given it.
std::string setting_text(const plan::Value& value);

}  // namespace exm
