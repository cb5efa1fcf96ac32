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
  /// A variable, and all the values that it can have, where it is unknown only because it is supposed to be.
  void add(int variable, const Values& values);
  /// The step is taken from that world: what it makes of such variables can be one thing or another, too.
  void take(const Step& step, const Values& world);

  /// Whether the formula asks if one of them is known.
  bool asked_for(const Compiled& formula, const Values& world) const;
  /// Whether what the step does asks so.
  bool asked_for(const Step& step, const Values& world) const;
  /// Whether the formula is known to hold with each of their values, and where they are unknown.
  bool holds(const Compiled& formula, const Values& world) const;

 private:
  bool among(int variable, const Values& world) const;
  /// The world with each value of these. Nothing: there are too many.
  std::vector<Values> cases(const std::set<int>& variables, const Values& world) const;

  std::map<int, Values> values_;
  bool anything_ = false;  // there was more to look at than can be
};

}  // namespace exm::model
