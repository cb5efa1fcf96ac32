// What plans are compared by: the four measures, in the order of the maintenance's `minimize`.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <span>

#include "compiler/solve/model.h"

namespace exm::planning {

/// Indexed by program::Measure.
struct Cost {
  std::array<std::int64_t, 4> of{};
  std::int64_t& operator[](program::Measure m) { return of[static_cast<std::size_t>(m)]; }
  std::int64_t operator[](program::Measure m) const { return of[static_cast<std::size_t>(m)]; }
  Cost operator+(const Cost& other) const {
    Cost sum = *this;
    for (std::size_t i = 0; i < of.size(); ++i) sum.of[i] += other.of[i];
    return sum;
  }
};

/// Costs in the order in which a maintenance compares them.
using Rank = std::array<std::int64_t, 4>;
Rank rank(const Model& model, const Cost& cost);

/// How long users feel it and objects differ from how they are to end, while a state lasts: per second.
class Meter {
 public:
  /// Only `changing` variables change while this meter is used; the others stay as in `state`. Variables that are `exempt`
  /// (by variable) need not be restored.
  Meter(const Model& model, std::span<const Var> changing, const State& state, const std::vector<bool>& exempt);
  std::int64_t disrupted(const State& state) const;
  std::int64_t away(const State& state) const;
  /// What a step costs that takes its time in `state` (with its `during` values).
  Cost step(std::uint32_t op, const State& state) const;

 private:
  struct Watched {
    Var variable;
    Val restore;
    std::uint32_t object;  // watched variables of one object stand together
  };
  struct Disrupts {
    NodeId formula;
    std::uint32_t object;  // those of one object stand together
  };
  const Model& model_;
  std::vector<Disrupts> disrupts_;
  std::vector<std::uint32_t> always_;  // objects that are disrupted whatever changes; sorted
  std::vector<Watched> watched_;
};

}  // namespace exm::planning
