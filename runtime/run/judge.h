// What a look at the live system means for a step: skip it, run it, or stop because the world has drifted; and, after a
// crash, what became of it. Pure functions of worlds. Entry points: judge, traces_of.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "runtime/adapter/effects.h"
#include "runtime/plan/plan.h"

namespace exm {

/// What has to be looked at before a step: what it requires, reads and overwrites.
std::vector<std::string> concerned(const plan::Template& shape);

/// The value that each variable has once the step is over, as read in `world`; those that are not known are left out.
Changes goals_of(const plan::Template& shape, const World& world);

/// A world seen by somebody: `seen` has what was probed (in `probed`) and, for the rest, what is believed.
struct Look {
  const World& planned;  // what the plan says the world is before the step
  const World& seen;
  const std::set<std::string>& probed;
};

struct Judgement {
  enum class Kind { run, skip, drift };
  Kind kind = Kind::run;
  std::vector<std::string> differences;  // of drift: sentences
};

Judgement judge(const plan::Template& shape, const Look& look);

/// The goals that do not hold, in words; none: all hold that can be seen.
std::vector<std::string> missing(const Changes& goals, const World& seen, const std::set<std::string>& probed);

/// What a command that nobody watched has left behind. `before` is the world when it was given.
enum class Traces {
  done,       // all its goals hold
  untouched,  // everything is as before, and it would show if it were not
  half_done,  // neither
  invisible,  // there is a goal that no probe shows
};
Traces traces_of(const plan::Template& shape, const Changes& goals, const World& before, const World& seen,
                 const std::set<std::string>& probed);

/// What is believed of the variables that a step writes when it was cut off somewhere: those that can have more than one
/// value become unknown.
void cut_off(const plan::Template& shape, World& world);

}  // namespace exm
