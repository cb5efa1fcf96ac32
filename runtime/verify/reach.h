// All states one by one: walks the courses of the steps that touch a formula's variables through every order, overlap
// and cut-off. Exact for every formula; the cost grows with the number of states.
#pragma once

#include "runtime/verify/ask.h"
#include "runtime/verify/lanes.h"

namespace exm::model {

enum class Purpose {
  proof,           // places that show nothing new are left out, and the first broken state will do
  shortest_trace,  // every event counts
};

/// `bound`: how many states are looked at before it says `bound_reached`.
Answer reach(const Scene& scene, const Question& question, Purpose purpose, std::uint64_t bound, WithSlots slots = WithSlots::yes);

}  // namespace exm::model
