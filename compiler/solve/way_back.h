// The search for one sequence of steps that is right from each of several states: a small conformant search. A state of the search is
// the set of the states that the environment may be in.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "compiler/solve/cut_off.h"
#include "compiler/solve/model.h"
#include "compiler/solve/solution.h"

namespace exm::planning {

struct BackProblem {
  std::uint32_t step = 0;                 // the operator that was cut off
  std::vector<Var> differing;             // that are, or may be, other than they are to end; sorted
  CutOff cut;
  std::vector<std::uint32_t> operators;   // that may be used
  const State* end = nullptr;             // of the plan: what ends other than it was is finished work
  std::uint64_t most_states = 0;
};

struct Back {
  std::optional<WayBack> way;
  std::uint32_t felt = ~0u;  // where there is none: an entry of disrupts_when that stays true in the best that was found
  bool bound = false;        // the search ended at its bound
};

/// `before` is the state in which the step began; it is changed and put back.
Back way_back(const Model& model, const BackProblem& problem, State& before);

}  // namespace exm::planning
