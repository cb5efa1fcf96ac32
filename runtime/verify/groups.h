// The terms of a sum in groups that share no step, and what each group is worth on its way: before its first step, in
// each of its steps, and after each.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "runtime/verify/linear.h"
#include "runtime/verify/lanes.h"

namespace exm::model {

/// What a group is worth at least in one spot of its way, by how many faults have happened there.
struct Spot {
  std::vector<std::int64_t> least;
  int place = 0;  // of the step's course: where it is least without a fault

  /// With each fault charged for.
  std::int64_t priced(std::int64_t fault_price) const;
};

/// Faults, numbered as the projection does, of which so many may happen at once.
struct Blows {
  const std::vector<Fault>& faults;
  int at_once = 0;
};

class Groups {
 public:
  /// Nothing where the steps of a group do not follow one another, or where a fault strikes several groups.
  static std::optional<Groups> of(const Scene& scene, const Projection& projection, const Lanes& lanes, std::vector<Term> terms, const Blows& blows);

  /// By group.
  const std::vector<Spot>& starts() const { return starts_; }
  /// The group that a lane moves; -1: none.
  int of_lane(std::size_t lane) const { return of_lane_[lane]; }
  /// Of a lane that moves a group: somewhere between its begin and its end, and once it has ended.
  const Spot& inside(std::size_t lane) const { return inside_[lane]; }
  const Spot& ended(std::size_t lane) const { return ended_[lane]; }
  /// How far the worst spot of any group is from its best.
  std::int64_t largest_drop() const;
  std::uint64_t looked_at() const { return looked_at_; }

 private:
  friend class Grouping;
  std::vector<Spot> starts_;
  std::vector<int> of_lane_;
  std::vector<Spot> inside_, ended_;
  std::uint64_t looked_at_ = 0;
};

}  // namespace exm::model
