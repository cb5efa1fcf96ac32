// The least value of a count or sum over all orders, overlaps and cut-offs, without walking them: where the steps that
// move each term follow one another, the states that can be reached are the sets of begins and ends that are closed
// under the order, and the least value is that of a minimum closure (closure.h). Polynomial where `reach` is not.
//
// What it leans on, beside what verify.h says: a cut-off step is in the order what a running one is (what waits for its
// end goes on waiting), so each step counts as two events, its begin and its end, and in between as the worst of its
// places. Slots and faults are budgets: each use of one is charged for (Lagrange), which gives a bound from below; it
// proves, and never refutes.
#pragma once

#include <optional>

#include "runtime/verify/ask.h"

namespace exm::model {

/// Nothing where the method does not apply, or its bound is not enough to tell. "Broken" comes with a state that was
/// looked at, and with a way there that is short, not always shortest.
std::optional<Answer> least_by_chains(const Scene& scene, const Question& question);

}  // namespace exm::model
