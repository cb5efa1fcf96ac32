// Which operators can be of any use for some wishes from some state: those that could make a wish, a requirement, a rule or a
// restoration hold, backwards until nothing is added. What holds already and nothing found so far can break needs no help.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "compiler/solve/model.h"

namespace exm::planning {

struct Relevant {
  std::vector<std::uint32_t> operators;  // sorted
  std::vector<Var> variables;            // that they write; sorted
};

/// `wishes` index the task's. Constraints that are dropped count for nothing. `narrow` leaves out what only casts doubt: no proof that
/// there is no plan, or no better one, may rest on it.
Relevant relevant(const Model& model, std::span<const std::uint32_t> wishes, const State& from, bool narrow = false);

/// A variable that is not, or may not be, as it is to end, and the values that it may have.
struct Strayed {
  Var variable = 0;
  std::vector<Val> values;
};

/// Likewise for the way back: what could put the strayed variables back, or make them what they are at the plan's `end`, and end what users
/// feel. `from` is one of the states it may start from. `never` is left out.
Relevant relevant_back(const Model& model, const State& from, std::span<const Strayed> strayed, std::uint32_t never, const State& end);

}  // namespace exm::planning
