// What changed from one plan to another, for whoever has read the one and is to approve the other.
// Entry points: compare_plans, difference_text, difference_json.
#pragma once

#include <string>
#include <vector>

#include "runtime/plan/plan.h"

namespace exm {

struct DiffEntry {
  enum class Kind { added, removed, changed };
  Kind kind = Kind::changed;
  std::string what;                  // a step, a rule, a state, …
  std::vector<std::string> details;  // lines that begin with "+ " or "- "; or sentences
  int count = 1;                     // so many things changed alike
};

struct DiffSection {
  std::string id;     // "steps"
  std::string title;  // "Steps"
  std::vector<DiffEntry> changes;
};

struct PlanDifference {
  bool same = false;                   // the plans are one and the same
  std::vector<DiffSection> sections;   // those in which something changed
};

/// Steps are held against each other by what they do and where, not by their ids. The measures, and what is near to break, are made anew
/// for both.
PlanDifference compare_plans(const plan::Plan& before, const plan::Plan& now);

std::string difference_text(const PlanDifference& difference);
std::string difference_json(const PlanDifference& difference, const plan::Plan& before, const plan::Plan& now);

}  // namespace exm
