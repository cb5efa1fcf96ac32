// For one group of wishes by itself: from each state that its own variables can be in, how much is at least still to come?
// Everything that concerns other groups is left out, so no plan of the whole can do with less.
#pragma once

#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

#include "compiler/ground/ground.h"
#include "compiler/solve/components.h"
#include "compiler/solve/schedule.h"

namespace exm::planning {

/// What is at least still to come.
struct Rest {
  Seconds work = 0;               // on the group's host; 0 where its steps are on several
  std::int64_t cost = 0;
  std::vector<Seconds> failing;   // per term of all resources, in their order
};

class Pattern {
 public:
  /// Nothing where the group has more local states than the limits allow. `others` are written by other groups.
  static std::optional<Pattern> make(const Model& model, const Group& group, const std::vector<bool>& others,
                                     const std::vector<Resource>& resources, const Limits& limits);

  const std::vector<std::uint32_t>& operators() const { return operators_; }
  const std::vector<Var>& variables() const { return variables_; }
  /// Nothing where the end can't be reached from there any more.
  const Rest* rest(const State& state) const;

 private:
  struct Hash {
    std::size_t operator()(const std::vector<Val>& key) const {
      std::size_t h = 1469598103934665603ull;
      for (Val v : key) h = (h ^ v) * 1099511628211ull;
      return h;
    }
  };
  std::vector<std::uint32_t> operators_;
  std::vector<Var> variables_;
  std::unordered_map<std::vector<Val>, std::uint32_t, Hash> index_;
  std::vector<std::optional<Rest>> rests_;
};

}  // namespace exm::planning
