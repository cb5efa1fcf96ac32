// What a question is about: the variables of its formula and those that the faults on them read, numbered from 0.
#pragma once

#include <map>
#include <string>
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

/// Which faults can touch a formula: those that write what it reads, or what one of these reads.
class FaultIndex {
 public:
  /// Of all faults of the model, or of those with that id.
  explicit FaultIndex(const Model& model, const std::string& id = "");
  std::vector<int> touching(const Compiled& formula) const;  // sorted

 private:
  const Model& model_;
  std::map<int, std::vector<int>> by_variable_;
};

/// Whether a fault changes anything.
bool strikes(const Fault& fault);
/// What the fault does in a state: its changes, read there, with what each variable then is.
std::vector<Change> strike(const Fault& fault, Values& values);

}  // namespace exm::model
