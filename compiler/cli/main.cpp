// exm: from `.exm` files to plans, and all that the runtime can do with plans.
#include <CLI/CLI.hpp>
#include <iostream>

#include "compiler/cli/commands.h"
#include "runtime/cli/exit_codes.h"

int main(int argc, char** argv) {
  CLI::App app{"exm: say what servers shall be like; get the steps there, ordered, proven and with their reasons"};
  app.set_version_flag("--version", "exm " EXM_VERSION);
  app.require_subcommand(1);
  int exit_code = exm::exit_done;
  exm::add_compiler_commands(app, exit_code);
  exm::add_runtime_commands(app, exit_code, exm::compiler_hooks());
  const auto commands = app.get_subcommands([&](const CLI::App* command) { return argc > 1 && command->check_name(argv[1]); });
  if (argc > 1 && argv[1][0] != '-' && commands.empty()) {
    std::cerr << "exm: there is no command `" << argv[1] << "`; exm --help lists them\n";
    return exm::exit_usage;
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? exm::exit_done : exm::exit_usage;
  }
  return exm::after_output(exit_code);
}
