// Cuts retreats and fallbacks out of a plan as cases (retreat_case.h): which variables, rules and disruptions a step
// and what takes over from it have to do with, and a key that is the same for equal cases. `Cutter` is the entry.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "runtime/verify/reach.h"
#include "runtime/verify/retreat_case.h"

namespace exm::model {

/// A case as the plan has it: what its numbers stand for.
struct Cutting {
  int step = 0;
  std::vector<const Bound*> back;
  std::vector<int> variables, rules, disruptions;  // of the model, by the case's numbers
  std::string key;
};

class Cutter {
 public:
  Cutter(const plan::Plan& plan, const Scene& scene);

  /// `disruptions`: those to look at besides the ones that the steps touch; nothing: none at all.
  Cutting cut(int step, std::vector<const Bound*> back, const std::vector<int>* disruptions);
  /// Adds what else the caller puts into the case.
  void add(Cutting& cutting, int number) const;
  void add(Cutting& cutting, const plan::Value& value) { add(cutting, id(value)); }
  RetreatCase case_of(const Cutting& cutting) const;
  /// The case's number of a variable in the latest cutting, or -1.
  int number(int variable) const { return numbered_[variable] == latest_ ? numbers_[variable] : -1; }

  /// The value when the step begins, with nothing begun but what is before it.
  const plan::Value& before(int step, int variable) const;
  const RetreatCase::Due& due(int variable) const { return due_[variable]; }
  const std::vector<int>& disruptions_of(int variable) const { return disruptions_of_[variable]; }
  const std::vector<int>& variables_of_disruption(int d) const { return disruptions_[d].variables; }

 private:
  /// A formula: one number for all that are equal but for their variables, and these.
  struct Outline {
    int id = -1;
    std::vector<int> variables;  // in the order in which they come
  };
  Outline outline(const Compiled& formula);
  int id(const plan::Value& value);
  int id(const std::string& text) { return ids_.emplace(text, static_cast<int>(ids_.size()) + 4).first->second; }
  int local(Cutting& cutting, int variable);
  void add_run(Cutting& cutting, const Run& run);
  void add_formulas(Cutting& cutting, std::vector<int>& found, const std::vector<Outline>& outlines);

  const Scene& scene_;
  std::map<std::string, int> ids_;
  std::vector<RetreatCase::Due> due_;  // by variable, as `due_ids_`
  std::vector<int> due_ids_;
  std::vector<Outline> rules_, disruptions_;
  std::vector<std::vector<int>> rules_of_, disruptions_of_;  // by variable
  std::vector<int> numbered_, numbers_;                      // by variable: in which cutting, and its number there
  int latest_ = 0;
};

}  // namespace exm::model
