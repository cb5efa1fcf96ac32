// Where `verify` begins: the plan's own start, or what was observed when some of its steps had ended. Entry point: start_of.
#pragma once

#include <set>
#include <string>

#include "runtime/cli/verify_command.h"
#include "runtime/verify/evaluate.h"

namespace exm {

struct VerifyStart {
  World world;
  std::set<std::string> done;
  World observed;  // what the state file says of the plan's variables
};

/// `text` is that of the plan's file.
Result<VerifyStart> start_of(const plan::Plan& plan, const VerifyArguments& arguments);

}  // namespace exm
