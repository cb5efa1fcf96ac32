// `pause`, `unpause` and `stop`: what somebody asks of a run that is under way. Entry point: ask_command.
#pragma once

#include <string>

#include "runtime/run/control.h"

namespace exm {

/// The exit code.
int ask_command(const std::string& journal, Request::Kind kind, const std::string& why);

}  // namespace exm
