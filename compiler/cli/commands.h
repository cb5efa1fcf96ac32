// The commands of `exm` that know `.exm` files: check, plan, observe, test, fmt, doc, explain. The runtime's commands come from runtime/cli.
// Entry point: add_compiler_commands.
#pragma once

#include "runtime/cli/commands.h"

namespace CLI {
class App;
}

namespace exm {

void add_compiler_commands(CLI::App& app, int& exit_code);

/// What `exm` can do beside `exm-run` in the runtime's commands: `verify --against`.
RuntimeHooks compiler_hooks();

}  // namespace exm
