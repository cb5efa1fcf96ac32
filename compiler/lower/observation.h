// All that can be observed of a program's objects, as a runtime asks for it. Entry point: lower_observation.
#pragma once

#include "compiler/base/source.h"
#include "compiler/check/program.h"
#include "runtime/plan/observation.h"

namespace exm {

/// Every object, every probe of it, and what the files say of its states. What probes themselves read is what the files say.
plan::Observation lower_observation(const program::Program& program, const Sources& sources);

}  // namespace exm
