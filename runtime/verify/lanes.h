// The steps that touch a few variables, side by side: every state that any order, overlap and cut-off of them can
// reach, one after another. What `reach.h` proves of them all, `survey.h` measures in each.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "runtime/verify/projection.h"

namespace exm::model {

/// One step: its course, and the lanes that have to be over before it begins.
struct Lane {
  Course course;
  std::vector<int> waits;
};

class Lanes {
 public:
  /// Some steps may have too many phases to write down: then the lanes are not complete.
  Lanes(const Scene& scene, const Projection& projection);

  bool complete() const { return complete_; }
  const std::vector<Lane>& all() const { return lanes_; }
  const Projection& projection() const { return projection_; }

  using State = std::u16string;  // a place a lane
  /// Calls `look` with every reachable state and its values until it says no or there are more than `most`. False: not all.
  bool walk(std::uint64_t most, const std::function<bool(const State&, const Values&)>& look) const;

 private:
  void add(const Scene& scene, int step, const std::vector<int>& variables, std::vector<Course>& found);
  bool may_begin(const State& state, std::size_t lane) const;
  int left(const State& state, int slot) const;
  Values values_in(const State& state) const;

  const Model& model_;
  const Projection& projection_;
  std::vector<Lane> lanes_;
  bool complete_ = true;
};

}  // namespace exm::model
