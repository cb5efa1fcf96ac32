// `observe`: what the probes of an environment show, as a file that `--state` reads, and where that differs from what the files say.
// Entry points: observe_environment, observe_world.
#pragma once

#include <string>
#include <vector>

#include "runtime/plan/observation.h"
#include "runtime/result.h"
#include "runtime/verify/evaluate.h"

namespace exm {

struct ObserveArguments {
  std::string adapter = "sim";
  std::vector<std::string> adapter_options;  // KEY=VALUE
  std::string journal;              // for `sim`: the run in whose world to look; empty: the world is as the files say
  std::vector<std::string> inject;  // misfortunes for the simulator
  std::string output;               // a file, or empty for standard output
  std::string format = "text";      // of the differences
  bool diff = false;
};

/// What was seen.
struct Observed {
  World values;                      // unknown: it was asked for and could not be seen
  std::vector<std::string> unseen;   // of each of those: which, and why
  std::string time;                  // in UTC
};

/// Asks every probe once. A failure is the adapter's.
Result<Observed> observe_world(const plan::Observation& observation, const ObserveArguments& arguments);

/// The text of a STATE.json.
std::string state_text(const Observed& observed);

/// The whole command, to its exit code.
int observe_environment(const plan::Observation& observation, const ObserveArguments& arguments);

}  // namespace exm
