// Reads what the command line names: a file, or standard input for `-`. Entry points: read_input, load_plan.
#pragma once

#include <string>

#include "runtime/plan/plan.h"
#include "runtime/plan/plan_json.h"
#include "runtime/result.h"

namespace exm {

Result<std::string> read_input(const std::string& path);

struct LoadedPlan {
  plan::Plan plan;
  std::string text;  // its bytes
};

/// The plan in a file; its shape is checked, whether it holds is for `verify`.
Result<LoadedPlan> load_plan(const std::string& path, DigestCheck digest = DigestCheck::required);

}  // namespace exm
