#include "runtime/run/audit.h"

#include <algorithm>
#include <map>
#include <set>

#include "runtime/plan/instantiate.h"
#include "runtime/run/gates.h"
#include "runtime/run/window.h"

namespace exm {
namespace {

/// What may come next in the life of a step. A run that was killed goes on from any state that is no end.
bool may_follow(StepState before, StepState after) {
  using S = StepState;
  switch (before) {
    case S::pending: return after == S::checking;
    case S::checking: return after == S::skipped || after == S::running || after == S::pending;
    case S::running: return after != S::checking && after != S::skipped;
    case S::verifying: return after == S::done || after == S::failed || after == S::in_doubt || after == S::running || after == S::pending;
    case S::failed:
    case S::in_doubt: return after == S::done || after == S::pending || after == S::failed || after == S::in_doubt;
    case S::skipped:
    case S::done: return false;
  }
  return false;
}

class Audit {
 public:
  explicit Audit(const plan::Plan& plan) : plan_(plan), states_(plan.steps.size(), StepState::pending) {
    for (std::size_t i = 0; i < plan.steps.size(); ++i) numbers_[plan.steps[i].id] = i;
  }

  void take(const Record& record, std::size_t entry) {
    entry_ = entry;
    const bool start = record.kind == Record::Kind::started;
    if (start && started_) tell("the run is started a second time");
    // Who signed the plan is noted before it is started.
    if (!start && !started_ && record.kind != Record::Kind::note) tell("the log does not begin with the run's start");
    started_ = started_ || record.kind != Record::Kind::note;
    if (record.kind == Record::Kind::approved) approved_.insert(record.text);
    if (record.kind == Record::Kind::retreat) retreated_ = true;
    if (record.kind != Record::Kind::transition) return;
    const auto found = numbers_.find(record.step);
    if (found != numbers_.end()) return enter(found->second, record);
    if (!retreated_) tell("step " + record.step + " is no step of the plan");
  }

  std::vector<std::string> findings() && { return std::move(findings_); }

 private:
  void enter(std::size_t step, const Record& record) {
    const std::string& id = plan_.steps[step].id;
    const StepState before = states_[step];
    if (retreated_) tell("step " + id + " went on after the run had gone back");
    if (!may_follow(before, record.state))
      tell("step " + id + " became " + std::string(name_of(record.state)) + " when it was " + std::string(name_of(before)));
    if (record.state == StepState::checking) look_before(step);
    if (record.state == StepState::running && before == StepState::checking) begin(step, record.at);
    states_[step] = record.state;
  }

  void look_before(std::size_t step) {
    for (const auto& id : plan_.steps[step].after)
      if (!is_over(states_[numbers_.at(id)])) tell("step " + plan_.steps[step].id + " was begun before " + id + " was over");
  }

  void begin(std::size_t step, Milliseconds at) {
    const std::string& id = plan_.steps[step].id;
    const auto shape = plan::instantiate(plan_, plan_.steps[step]);
    for (const auto& gate : gates_of(plan_, shape, !anything_ran_))
      if (approved_.count(gate.key()) == 0) tell("step " + id + " was run without a yes to: " + gate.question);
    if (!look_at_windows(plan_.limits.windows, at).open) tell("step " + id + " was run outside the plan's windows");
    const auto under_way = std::count_if(states_.begin(), states_.end(), is_under_way);
    if (plan_.limits.at_most && under_way + 1 > *plan_.limits.at_most) tell("with step " + id + " more steps ran at once than the plan allows");
    anything_ran_ = true;
  }

  void tell(const std::string& what) { findings_.push_back("entry " + std::to_string(entry_) + ": " + what); }

  const plan::Plan& plan_;
  std::map<std::string, std::size_t> numbers_;
  std::vector<StepState> states_;
  std::set<std::string> approved_;
  std::vector<std::string> findings_;
  std::size_t entry_ = 0;
  bool started_ = false;
  bool anything_ran_ = false;
  bool retreated_ = false;
};

}  // namespace

std::vector<std::string> audit(const plan::Plan& plan, const std::string& digest, const std::vector<Record>& records) {
  Audit audit(plan);
  for (std::size_t i = 0; i < records.size(); ++i) audit.take(records[i], i + 1);
  auto findings = std::move(audit).findings();
  if (plan.digest != digest) findings.insert(findings.begin(), "the log is chained to " + digest + ", and the plan in the journal is " + plan.digest);
  return findings;
}

}  // namespace exm
