// A checked program and one of its maintenances to a task.
#pragma once

#include <cstdint>
#include <optional>
#include <stop_token>

#include "compiler/base/diagnostics.h"
#include "compiler/check/program.h"
#include "compiler/ground/task.h"

namespace exm {

/// Bounds of the work, not of the time: the same input gives the same answer on every machine.
struct Limits {
  std::uint64_t operators = 2'000'000;    // instances of actions
  std::uint64_t nodes = 50'000'000;       // of formulas
  std::uint64_t search_states = 400'000;  // of one search
  std::uint64_t plain_states = 20'000;    // of one search, before it is guided by landmarks
  std::uint64_t proof_states = 60;        // of the proof that nothing is better; it is tried where that is enough
  std::uint64_t retreat_states = 2'000;   // of the search for the way back from one step
  bool ruled_out = false;                 // steps that facts rule out stay, where a requirement says why: for a conflict to name it
  std::stop_token stop;                   // asked for from outside: a search then ends as at a bound

  /// A part of the search states, for a search that may fail.
  Limits part(std::uint64_t divisor) const {
    Limits out = *this;
    out.search_states /= divisor;
    return out;
  }
};

/// Nothing, and a diagnostic, where a rule does not hold at the start, or a bound was reached. `with` adds to the
/// maintenance's wishes (a test's `with { … }`).
std::optional<task::Task> ground(const program::Program& program, Id<program::Maintenance> maintenance, const program::Wishes* with,
                                 const Limits& limits, Diagnostics& diagnostics);

}  // namespace exm
