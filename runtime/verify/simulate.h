// One run of the whole plan, a step at a time. Where no two steps race this is what each step reads and leaves in every
// order (clause 1), so the other clauses build on it. `simulate` is the entry.
#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "runtime/verify/model.h"
#include "runtime/verify/order.h"

namespace exm::model {

/// An assignment as read when its step begins. `when` is never `no`.
struct Change {
  int variable = 0;
  plan::Value to;
  Truth when = Truth::yes;
};

/// Changes that happen at once, as one event.
struct Moment {
  std::vector<Change> changes;
  std::vector<int> after;
};

/// What a variable that a step writes would be, were the step cut off now: its `during` value or the one before, each
/// replaced by the effects that are done. A running step shows the first, an ended one leaves the second.
struct Either {
  int variable = 0;
  plan::Value during, before;
};
using Progress = std::vector<Either>;  // by variable

/// All that one step does, in the only way in which it can begin.
struct Run {
  std::vector<Moment> moments;  // those that do something, each after those it waits for
  std::vector<Bits> needs;      // of each moment: the moments before it
  Progress begun;
  Progress ended;  // `before` holds what the step leaves
  std::vector<std::pair<int, plan::Value>> before;
  int events() const { return static_cast<int>(moments.size()) + 2; }
};

/// What is wrong with a step where it begins.
struct Obstacle {
  int step = 0;
  int requirement = -1;                           // or -1: effects that conflict
  int variable = -1;                              // that gets two values
  std::vector<std::pair<int, plan::Value>> seen;  // what it read
};

struct Simulation {
  std::vector<Run> runs;  // by step
  Values end;
  std::vector<Obstacle> obstacles;
};

Simulation simulate(const Model& model, const Order& order);

/// What the blocks of a step or a fault change, read in `world`.
std::vector<Moment> moments_of(const std::vector<Block>& blocks, const Values& world);
/// The step as it would run from `world`.
Run begin(const Step& step, const Values& world);
/// A variable to which two effects whose conditions hold give different values, or -1.
int conflict(const Step& step, const Run& run, const Values& world);
/// The progress after one moment more.
Progress after(const Progress& progress, const Moment& moment);

}  // namespace exm::model
