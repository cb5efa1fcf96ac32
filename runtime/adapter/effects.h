// What the effects of a step do to a world, as groups of changes in the order in which they happen.
// Entry points: resolve (when the step begins), take_effect.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "runtime/plan/plan.h"

namespace exm {

using World = std::map<std::string, plan::Value>;

/// Gives the value of an expression without slots in a world. What is not in the world is unknown.
using Evaluate = std::function<plan::Value(const plan::Expression&, const World&)>;

/// One assignment, read. `doubtful`: its condition is unknown, so the variable becomes unknown unless it has the value.
struct Change {
  std::string variable;
  plan::Value value;
  bool doubtful = false;

  friend bool operator==(const Change& a, const Change& b) {
    return a.variable == b.variable && a.value == b.value && a.doubtful == b.doubtful;
  }
};

/// Changes that happen together.
using Changes = std::vector<Change>;

/// The assignments whose conditions are not known false, read in that world.
Changes resolve(const std::vector<plan::Assignment>& assignments, const World& world, const Evaluate& evaluate);

/// The groups one after another. Where the plan leaves the order open it is the order written. Groups in which no
/// condition is met stay, empty: so phases have the same numbers whatever the conditions say.
std::vector<Changes> resolve(const plan::Effect& effect, const World& world, const Evaluate& evaluate);

/// The value that a variable has after a change, when it has `before` now.
const plan::Value& after(const Change& change, const plan::Value& before);

/// Makes the changes in a world.
void take_effect(const Changes& changes, World& world);
void take_effect(const std::vector<Changes>& groups, World& world);

/// The value of a variable in a world; unknown where it is not in it.
const plan::Value& value_of(const World& world, const std::string& variable);

/// Every variable that the step may write, sorted: effects and `during`, condition met or not.
std::vector<std::string> written(const plan::Template& shape);

/// Every variable that an expression reads.
void reads(const plan::Expression& expression, std::vector<std::string>& variables);

}  // namespace exm
