// The adapters that there are, by the names that `--adapter` takes. Entry points: check_adapter, make_adapter.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "runtime/adapter/adapter.h"
#include "runtime/adapter/sim.h"

namespace exm {

/// Which adapter, and what it is told besides: what the journal keeps, so that a run goes on as it began.
struct AdapterChoice {
  std::string name = "sim";                    // as `--adapter` has it
  std::map<std::string, std::string> options;  // as `--adapter-option KEY=VALUE` has them
};

/// What the caller gives to whatever adapter it is.
struct AdapterSetup {
  SimOptions sim;                               // read by the simulator only
  World start;                                  // likewise: where its world begins
  std::string begun;                            // when the run began, in UTC: what `${run.started}` stands for
  std::function<void(const std::string&)> log;  // a line for people: what a plugin says on its standard error
};

/// Refused (usage) with the list of those that there are, and where the adapter has no such option.
Result<Done> check_adapter(const AdapterChoice& choice);

/// Not started yet. The plan outlives it.
Result<std::unique_ptr<Adapter>> make_adapter(const AdapterChoice& choice, const plan::Plan& plan, AdapterSetup setup);

}  // namespace exm
