// What a question is about: the variables of its formula and those that the faults on them read, numbered from 0.
#pragma once

#include <vector>

#include "runtime/verify/ask.h"

namespace exm::model {

class Projection {
 public:
  Projection(const Model& model, const Compiled& formula, const std::vector<Fault>& faults);

  const std::vector<int>& variables() const { return variables_; }  // sorted
  const Values& start() const { return start_; }
  /// -1 where it is not about that variable.
  int local(int variable) const;
  Compiled local(const Compiled& formula) const;
  /// Without the assignments that do not matter here.
  Fault local(const Fault& fault) const;
  /// What the course shows in that place, put into a state.
  void show(const Course& course, int place, Values& values) const;

 private:
  std::vector<int> variables_;
  Values start_;
};

/// Whether a fault changes anything.
bool strikes(const Fault& fault);
/// What the fault does in a state: its changes, read there, with what each variable then is.
std::vector<Change> strike(const Fault& fault, Values& values);

}  // namespace exm::model
