// Misfortunes for the simulator, as `--inject` names them:
//   fail:STEP  fail:STEP@PHASE  hang:STEP  hang:STEP@PHASE  cut:STEP@PHASE  delay:STEP=30s  drift:VAR=VALUE[@STEP]
//   lie:VAR=VALUE  forget  crash:STEP@PHASE
// PHASE is how many effects are done then; without it nothing has begun. Entry point: parse_injection.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "runtime/result.h"

namespace exm {

struct Injection {
  enum class Kind {
    fail,    // the command ends there and says so; `STEP*2` does so twice only
    hang,    // the command stays there and says nothing
    cut,     // the command is gone there, and nobody says so
    delay,   // it takes that much longer
    drift,   // somebody else changes a state: at the start, or just before STEP
    lie,     // a probe says so whatever is
    forget,  // it does not remember which commands it was given
    crash,   // the controller dies there
  };
  Kind kind = Kind::fail;
  std::string step;
  std::optional<int> phase;
  int times = 0;  // 0: always
  std::string variable;
  std::string value;  // as written; read by the variable's type
  std::int64_t milliseconds = 0;
};

Result<Injection> parse_injection(std::string_view text);

}  // namespace exm
