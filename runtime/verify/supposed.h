// Where a step can be cut off in too many states to look at each, some variables are supposed to be unknown. What then holds
// does so whatever they are, but for what asks whether they are known (`known`): that is looked at value by value.
// Entry point: Supposed.
#pragma once

#include <map>
#include <set>

#include "runtime/verify/model.h"

namespace exm::model {

class Supposed {
 public:
  /// A variable, and all the values that it can have. It is supposed to be unknown as long as no step writes it.
  void add(int variable, Values values) { values_[variable] = std::move(values); }

  /// Whether the formula asks if one of them is known, in a world where nothing else has been made of it.
  bool asked_for(const Compiled& formula, const Values& world) const { return asked(formula, world, {}) >= 0; }
  /// Whether what the step does asks so.
  bool asked_for(const Step& step, const Values& world) const;
  /// Whether the formula is known to hold with each of their values, and where they are unknown.
  bool holds(const Compiled& formula, const Values& world) const { return holds(formula, world, {}); }

 private:
  int asked(const Compiled& formula, const Values& world, const std::set<int>& decided) const;
  bool holds(const Compiled& formula, const Values& world, const std::set<int>& decided) const;

  std::map<int, Values> values_;
};

}  // namespace exm::model
