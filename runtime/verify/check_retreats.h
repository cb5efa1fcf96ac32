// Clause 7: from each step there is a way back. `check_retreats.cpp` cuts each out of the plan as a case of its own
// (retreat_case.h), and asks equal cases once; `retreat_words.cpp` tells what is wrong with one.
//
// What the clause leaves open is read so:
// - A step of the plan is cut off with all that precedes it done and nothing else begun.
// - A rule binds from when it first holds, in the state of the cut-off or later. One under `repair` that has not held
//   yet need not hold at the end, and what disrupted users before the plan may disrupt them after the retreat: a way
//   back owes no more than the start had. A disruption that is not known counts as one, as in the measures.
// - A state that a wish has changed is no difference where it has the value that the plan gives it (finished work);
//   where it is neither that nor the value to be restored, it is one.
// - `open` lists what is a difference at the end from at least one phase; the value is the one that it has from all
//   phases, else unknown. It is judged for whole plans only: what is left of one may begin in a world that differs.
#pragma once

#include <string>
#include <vector>

#include "runtime/verify/clauses.h"
#include "runtime/verify/retreat_case.h"

namespace exm::model {

enum class Takeover { retreat, fallback };

/// One retreat or fallback as a step of the plan has it, for who tells about it.
struct Retreating {
  const plan::Plan& plan;
  const Scene& scene;
  int step = 0;
  Takeover as = Takeover::retreat;
  const plan::Retreat& retreat;
  const std::vector<int>& variables;   // of the model, by the case's numbers
  const std::vector<int>& rules;       // likewise
  const std::vector<int> disruptions;  // likewise
};

/// What is wrong, in words, with a way there where `traced`.
Finding tell(const Retreating& retreating, const RetreatProblem& problem, bool traced);
/// A variable that is listed as open, or should be: `ends` is what it ends as, where it is a difference.
Finding tell_open(const Scene& scene, int step, const std::string& name, const std::optional<plan::Value>& ends,
                  const std::optional<plan::Value>& listed);

}  // namespace exm::model
