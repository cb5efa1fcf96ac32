// How near the world is to breaking what a plan keeps: each count that must not fall below a number, as it stands now.
// Entry point: Counts.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "runtime/plan/plan.h"
#include "runtime/verify/evaluate.h"

namespace exm {

struct CountNow {
  std::string what;         // "enough_hosts_serve of casnlb"
  std::int64_t now = 0;     // of whom it is known
  std::int64_t all = 0;
  std::int64_t needed = 0;
};

/// "enough_hosts_serve of casnlb: 1 of 2, 1 needed"
std::string count_text(const CountNow& count);

class Counts {
 public:
  /// Finds the counts in the plan's rules: at the top of a rule, or one of several that must hold together.
  explicit Counts(const plan::Plan& plan);
  /// Those with the least room first; at most so many.
  std::vector<CountNow> nearest(const World& world, std::size_t most) const;

 private:
  struct Count {
    std::string what;
    std::vector<plan::Expression> terms;
    std::int64_t needed = 0;
  };
  void look(const plan::Expression& formula, const std::string& what);
  std::vector<Count> counts_;
};

}  // namespace exm
