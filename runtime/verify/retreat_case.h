// Clause 7 for one step and its retreat, cut out of the plan: only the variables, rules and disruptions that the two
// have to do with, under numbers of their own, so that the same case elsewhere in the plan is the same bytes. `judge`
// is the entry.
//
// The step is cut off in each of its phases in turn, and the retreat runs from there. Where the phases are too many to
// look at each, some variables are taken as unknown: what then holds, holds in each phase; what does not is not known.
#pragma once

#include <optional>
#include <vector>

#include "runtime/verify/retreat_shapes.h"
#include "runtime/verify/simulate.h"

namespace exm::model {

struct RetreatCase {
  /// A step of the retreat: its shape, and which variables of the case are meant.
  struct Back {
    const Step* step = nullptr;
    std::vector<int> variables;  // by the shape's numbers
    std::vector<int> probed;     // the shape's numbers
  };
  /// When a variable is no difference at the end.
  struct Due {
    bool free = false;
    plan::Value restore;
    std::optional<plan::Value> achieved;  // the value that the plan's wishes give it
  };
  Values before;  // the world when the step begins
  std::vector<Due> due;
  Run cut;  // the step
  std::vector<Back> steps;
  std::vector<Compiled> rules;        // that a step of the retreat touches
  std::vector<bool> must_end_kept;    // by rule: it has to hold at the end, kept before or not
  std::vector<Compiled> disruptions;  // that may hold at the end
  std::optional<std::vector<std::optional<plan::Value>>> open;  // by variable, what the plan lists; nothing: not asked
  bool ends_as_cut = false;                                     // it has to end where the step would have: a fallback
};

struct RetreatProblem {
  enum class What { requirement, conflict, rule, disruption, open, end, unclear };
  What what = What::unclear;
  int step = -1;                    // of the retreat
  int number = -1;                  // of the requirement, rule, disruption, or the variable
  Values cut;                       // the world in which the step was cut off
  Values seen;                      // the world in which it shows
  std::vector<int> ran;             // the steps of the retreat before, that did not hold already
  std::optional<plan::Value> ends;  // of open: the value that it has; nothing: it is no difference
};

std::optional<RetreatProblem> judge(const RetreatCase& retreat);

/// When each variable of the plan is a difference.
std::vector<RetreatCase::Due> dues_of(const plan::Plan& plan, const Model& model);
/// Whether a variable that ends so is left different.
bool differs(const RetreatCase::Due& due, const plan::Value& ends);

}  // namespace exm::model
