// `verify`: is a plan file a valid plan? Entry point: verify_plans.
#pragma once

#include <string>
#include <vector>

#include "runtime/cli/commands.h"

namespace exm {

struct VerifyArguments {
  std::vector<std::string> plans;
  std::vector<std::string> against;
  std::string modules;            // a folder, for `against`
  std::string state;              // a STATE.json: where the plan is to begin
  std::string format = "text";
};

int verify_plans(const VerifyArguments& arguments, const RuntimeHooks& hooks);

}  // namespace exm
