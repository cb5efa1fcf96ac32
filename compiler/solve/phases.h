// An operator read in the state in which it begins, and the phases that it goes through: begun, its effects one after
// another, ended; and what is left when it is cut off in any of them.
#pragma once

#include <span>
#include <vector>

#include "compiler/solve/model.h"

namespace exm::planning {

/// An assignment, read. `maybe`: its condition is unknown, so the variable becomes unknown unless it has that value.
struct Write {
  Var variable = 0;
  Val value = 0;
  bool maybe = false;
};

/// As task::Effect, with what is not assigned left out.
struct ReadEffect {
  task::Effect::Kind kind = task::Effect::Kind::together;
  std::vector<Write> writes;
  std::vector<ReadEffect> parts;
  bool empty() const { return writes.empty() && parts.empty(); }
};

/// An operator, read in the state in which it begins.
struct Begun {
  bool possible = true;  // what it reads for a host or a command is known, and no two effects conflict
  std::vector<Write> during;
  ReadEffect effects;
};

Begun begin(const Model& model, std::uint32_t op, const State& state);

/// All assignments of its effects.
std::vector<Write> writes_of(const Begun& begun);

/// What holds while it runs and nothing of it is done: the `during` values.
void enter(const Begun& begun, State& state);

/// What holds when it has ended. `state` is the one in which it began.
void finish(const Begun& begun, State& state);

/// For some variables, all the values that they may have together: not begun, in each phase, cut off in each, ended.
struct Phases {
  std::vector<Var> variables;
  std::vector<std::vector<Val>> values;  // each of the size of `variables`; the first is not begun, the last is ended
};

/// What the step shows when some of its effects are done, and what it may leave when it is cut off then.
struct Halfway {
  std::vector<bool> done;  // per effect that `variables` see
  std::vector<Val> shows;
  std::vector<std::vector<Val>> cut_off;
};

/// As `phases`, in their order: one may come before another where less is done. The last has all done.
std::vector<Halfway> halfways(const Begun& begun, std::span<const Var> seen, const State& before, std::vector<Var>& variables);

/// More phases than this are a bound: the operator is treated as one that may not begin.
inline constexpr std::size_t most_phases = 4096;

/// The phases, seen by the variables (sorted) that the operator writes among `seen` (sorted). None where there are too many.
Phases phases(const Begun& begun, std::span<const Var> seen, const State& before);

}  // namespace exm::planning
