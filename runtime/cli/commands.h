// The commands of the runtime: run, resume, status, show, verify. `exm-run` has these alone, `exm` adds its own.
// Entry point: add_runtime_commands.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "runtime/plan/plan.h"
#include "runtime/result.h"

namespace CLI {
class App;
}

namespace exm {

/// What only a program that knows `.exm` files can do.
struct RuntimeHooks {
  /// `verify --against FILE… --modules DIR`: why the plan was not compiled from just these files; nothing: it was. Empty: no such options.
  std::function<Result<std::vector<std::string>>(const plan::Plan& plan, const std::vector<std::string>& files, const std::string& modules)> against;
};

/// Adds the subcommands. Each sets `exit_code` when it has run.
void add_runtime_commands(CLI::App& app, int& exit_code, RuntimeHooks hooks = {});

}  // namespace exm
