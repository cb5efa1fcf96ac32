// The steps that touch a few variables, side by side, and the states that any order, overlap and cut-off of them can
// reach. `reach.h` and `chains.h` prove what holds in all of these, `survey.h` measures how near each is to breaking.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "runtime/verify/projection.h"

namespace exm::model {

/// One step: its course, and the nearest lanes that have to be over before it begins.
struct Lane {
  Course course;
  std::vector<int> waits;
  bool blocked = false;  // it cannot begin, or a step before it cannot
};

/// Whether places that show nothing new are walked as well.
enum class Silent { told, left_out };

/// Whether steps wait for slots. Slots only take states away: what holds without them holds with them.
enum class WithSlots { yes, no };

class Lanes {
 public:
  /// Some steps may have too many phases to write down: then the lanes are not complete.
  Lanes(const Scene& scene, const Projection& projection, Silent silent = Silent::told, WithSlots slots = WithSlots::yes);

  bool complete() const { return complete_; }
  const std::vector<Lane>& all() const { return lanes_; }  // in the order's sequence
  const Projection& projection() const { return projection_; }

  /// A place for each lane, one compact key; whoever walks may append to it.
  using State = std::u16string;
  bool may_begin(const State& state, std::size_t lane) const;
  Values values_in(const State& state) const;
  /// Calls `look` with every reachable state and its values until it says no or there are more than `most`. False: not all.
  bool walk(std::uint64_t most, const std::function<bool(const State&, const Values&)>& look) const;

 private:
  void add(const Scene& scene, int step, const std::vector<int>& variables, std::vector<Course>& found);
  int left(const State& state, int slot) const;

  const Model& model_;
  const Projection& projection_;
  WithSlots slots_;
  std::vector<Lane> lanes_;
  bool complete_ = true;
};

}  // namespace exm::model
