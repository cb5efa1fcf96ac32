// What a playbook is made of: the steps of a plan in waves, and for each what is asked, wanted and done. Whoever makes one has had
// the order checked (runtime/cli/playbook.h); ansible.h writes it. Entry point: Playbook.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "runtime/plan/plan.h"

namespace exm::show {

/// A look at one state, before a step and after it.
struct PlaybookLook {
  plan::Probe probe;                    // without slots
  std::string at;                       // an object's path, or "controller"
  plan::Type type;                      // of the state
  std::optional<plan::Value> goal;      // what it is once the step is over, where that is known
  std::optional<plan::Value> expected;  // what the plan says that it is before, where anything else stops the run
};

/// One command, with the place where it runs.
struct PlaybookCommand {
  std::string language;  // "shell", "powershell", or "person": its text is for one then. Empty: there is none
  plan::Text command;
  std::string at;
  plan::Seconds timeout = 60;
};

struct PlaybookStep {
  std::string id, title, why;
  std::string host;  // whose play it is in: an object's path, or "controller"
  std::string kind;  // of the object that it is on: its prelude
  PlaybookCommand act;
  std::optional<PlaybookCommand> fallback;
  std::vector<PlaybookLook> looks;
  /// Of what the step asks for, what a look can refute: each variable in it has a look, or is a constant already.
  std::vector<plan::Requirement> wanted;
  bool skips = false;  // what no look shows is so already: nothing is done where the looks show the rest
  bool goes_away = false;  // its host is not to be reached for a while
  plan::Retry retry;
  plan::Seconds every = 5;  // between two looks afterwards
  std::vector<std::pair<std::string, std::string>> gates;  // asked before it: the gate's id, the question
  bool has_way_back = false;
};

/// Steps that may all be under way at once.
using PlaybookWave = std::vector<PlaybookStep>;

/// What undoes a step that was cut off, for the steps that it is the same for.
struct PlaybookWayBack {
  std::vector<std::string> from;
  std::vector<PlaybookStep> steps;  // one after another
  std::vector<std::string> open;    // what stays different, a line each
};

struct Playbook {
  std::vector<PlaybookWave> waves;
  std::vector<PlaybookWayBack> ways_back;
};

}  // namespace exm::show
