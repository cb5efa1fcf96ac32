// `verify`: is a plan file a valid plan, alone or beside others? Entry point: verify_plans.
#pragma once

#include <string>
#include <vector>

#include "runtime/cli/commands.h"

namespace exm {

struct VerifyArguments {
  std::vector<std::string> plans;
  CompiledFrom against;           // no files: held against none
  std::string state;              // a STATE.json: where the plan, or what is left of it, is to begin
  std::vector<std::string> done;  // the steps that have ended
  std::string journal;            // of a run of the plan: which steps have ended, and what was seen
  bool together = false;          // may all be under way at once?
  std::string format = "text";
};

int verify_plans(const VerifyArguments& arguments, const RuntimeHooks& hooks);

}  // namespace exm
