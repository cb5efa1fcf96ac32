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

/// How the files were compiled.
struct CompiledFrom {
  std::vector<std::string> files;
  std::string modules;           // a folder; empty: the modules that come along
  std::vector<std::string> set;  // NAME=VALUE
  std::string state;             // a STATE.json, or empty
};

/// What only a program that knows `.exm` files can do.
struct RuntimeHooks {
  /// `verify --against FILE…`, with `--modules`, `--set` and `--with-state`. Empty: no such options.
  std::function<Result<Comparison>(const plan::Plan& plan, const CompiledFrom& from)> against;
};

/// Adds the subcommands. Each sets `exit_code` when it has run.
void add_runtime_commands(CLI::App& app, int& exit_code, RuntimeHooks hooks = {});

}  // namespace exm
