#include "compiler/driver/observation.h"

#include "compiler/lower/observation.h"

namespace exm {

std::optional<plan::Observation> observation_of(const CompileRequest& request, const FileReader& read, Diagnostics& diagnostics, Sources& sources) {
  Loaded loaded = load(request.files, read, diagnostics, request.modules);
  sources = std::move(loaded.sources);
  const auto program = check(sources, loaded.files, request.settings, diagnostics);
  if (!diagnostics.ok()) return std::nullopt;
  return lower_observation(program, sources);
}

}  // namespace exm
