// exm-run: the runtime alone, for machines that run plans and know nothing of `.exm` files.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>
#include <iterator>
#include <string_view>

#include "runtime/cli/commands.h"
#include "runtime/cli/exit_codes.h"

namespace {

/// What `exm` can do beside this, since it reads `.exm` files.
bool is_of_exm(std::string_view command) {
  constexpr std::string_view commands[] = {"check", "plan", "replan", "observe", "test", "fmt", "doc", "explain"};
  return std::find(std::begin(commands), std::end(commands), command) != std::end(commands);
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"exm-run: run, resume, watch, show and verify the plans that exm makes"};
  app.require_subcommand(1);
  int exit_code = exm::exit_done;
  exm::add_runtime_commands(app, exit_code);
  const auto commands = app.get_subcommands([&](const CLI::App* command) { return argc > 1 && command->check_name(argv[1]); });
  if (argc > 1 && argv[1][0] != '-' && commands.empty()) {
    if (is_of_exm(argv[1])) {
      std::cerr << "exm-run: `" << argv[1] << "` reads `.exm` files, and this is the runtime alone: use `exm " << argv[1] << "`, on any machine that has the files\n";
      return exm::exit_usage;
    }
    std::cerr << "exm-run: there is no command `" << argv[1] << "`; exm-run --help lists them\n";
    return exm::exit_usage;
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? exm::exit_done : exm::exit_usage;
  }
  return exm::after_output(exit_code);
}
