// What is at least still to come from a state: sets of operators of which one must be used in any case (landmarks), found in the relaxed
// problem one after another, each paid for once. Helmert and Domshlak's landmark cut (2009).
#pragma once

#include <cstdint>
#include <limits>
#include <vector>

#include "compiler/solve/relaxed.h"
#include "compiler/solve/weight.h"

namespace exm::planning {

inline constexpr Weight no_way = std::numeric_limits<Weight>::max();

class Landmarks {
 public:
  /// `weights`: of each operator of the problem, not negative; in its order.
  Landmarks(const Model& model, const Search& problem, std::vector<Weight> weights);

  /// No plan of the problem from the state on costs less. `no_way` where there is none.
  Weight still_to_come(const State& state);

 private:
  void start(const State& state);
  void spread(bool first);
  void lower(std::uint32_t step);
  void choose(std::uint32_t step);
  void mark_zone(Fact fact);
  Weight cut(std::vector<std::uint32_t>& crossing);

  Relaxed relaxed_;
  std::vector<Weight> weights_;
  std::vector<Var> variables_;
  std::vector<std::vector<std::uint32_t>> needed_by_;  // per fact: steps
  std::vector<std::vector<std::uint32_t>> given_by_;   // per fact: steps
  std::vector<Fact> initial_;
  // per state
  std::vector<Weight> left_;        // per operator: what of its weight has not been paid for
  std::vector<Weight> reached_;     // per fact: the dearest of what it needs
  std::vector<Fact> dearest_;       // per step: the need that is reached last
  std::vector<std::uint32_t> open_needs_;  // per step
  std::vector<std::uint8_t> zone_;  // per fact: 1 the goal follows from it, 2 it is reached before
  using Entry = std::pair<Weight, Fact>;
  std::vector<Entry> queue_;
};

}  // namespace exm::planning
