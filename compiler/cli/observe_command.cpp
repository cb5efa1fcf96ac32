#include "compiler/cli/observe_command.h"

#include "compiler/driver/observation.h"
#include "runtime/cli/exit_codes.h"

namespace exm {

int observe_files(const RequestArguments& arguments, const ObserveArguments& observe) {
  const auto request = make_request(arguments);
  if (!request) return exit_code_of(request.error(), "observe");
  Diagnostics diagnostics;
  Sources sources;
  const auto observation = observation_of(*request, read_file, diagnostics, sources);
  print_diagnostics(sources, diagnostics, "text");
  if (!observation) return exit_refuted;
  return observe_environment(*observation, observe);
}

}  // namespace exm
