#include "runtime/cli/ask_command.h"

#include <iostream>

#include "runtime/cli/exit_codes.h"
#include "runtime/run/owner.h"

namespace exm {

int ask_command(const std::string& journal, Request::Kind kind, const std::string& why) {
  if (auto asked = ask_of_run(journal, {kind, owner_name(), why}); !asked) {
    std::cerr << asked.error().message << "\n";
    return exit_code_of(asked.error());
  }
  switch (kind) {
    case Request::Kind::pause: std::cout << "asked for a pause: what runs goes on, nothing new is begun until `exm unpause " << journal << "`\n"; break;
    case Request::Kind::stop: std::cout << "asked to stop: nothing new is begun, and the run ends when what runs has ended\n"; break;
    case Request::Kind::go_on: std::cout << "it goes on\n"; break;
  }
  return exit_done;
}

}  // namespace exm
