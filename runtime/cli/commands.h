// The commands of the runtime: run, resume, status, show, diff, verify. `exm-run` has these alone, `exm` adds its own.
// Entry point: add_runtime_commands.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "runtime/plan/plan.h"
#include "runtime/result.h"
#include "runtime/verify/verdict_json.h"

namespace CLI {
class App;
}

namespace exm {

/// A plan held against the files that it must have been compiled from.
struct Comparison {
  std::vector<std::string> reasons;    // why it was not; none: it was
  std::map<std::string, Place> rules;  // where the rules stand in the files, by their ids in the plan
};

/// What only a program that knows `.exm` files can do.
struct RuntimeHooks {
  /// `verify --against FILE… --modules DIR`. Empty: no such options.
  std::function<Result<Comparison>(const plan::Plan& plan, const std::vector<std::string>& files, const std::string& modules)> against;
};

/// Adds the subcommands. Each sets `exit_code` when it has run.
void add_runtime_commands(CLI::App& app, int& exit_code, RuntimeHooks hooks = {});

}  // namespace exm
