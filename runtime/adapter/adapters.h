// The adapters that there are, by the names that `--adapter` takes. Entry point: make_adapter.
#pragma once

#include <memory>
#include <string>

#include "runtime/adapter/adapter.h"
#include "runtime/adapter/sim.h"

namespace exm {

/// Refused (usage) with the list of those that there are.
Result<Done> check_adapter_name(const std::string& name);

/// The plan outlives it. `sim` is used by the simulator only.
Result<std::unique_ptr<Adapter>> make_adapter(const std::string& name, const plan::Plan& plan, World start, SimOptions sim);

}  // namespace exm
