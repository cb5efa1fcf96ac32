// From files to what there is to observe of them. Entry point: observation_of.
#pragma once

#include <optional>

#include "compiler/driver/compile.h"
#include "runtime/plan/observation.h"

namespace exm {

/// Nothing, and diagnostics, where the files have errors. `sources` is what was read in any case.
std::optional<plan::Observation> observation_of(const CompileRequest& request, const FileReader& read, Diagnostics& diagnostics, Sources& sources);

}  // namespace exm
