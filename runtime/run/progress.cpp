#include "runtime/run/progress.h"

#include <algorithm>

#include "runtime/plan/instantiate.h"
#include "runtime/plan/paths.h"
#include "runtime/run/judge.h"
#include "runtime/verify/evaluate.h"

namespace exm {
namespace {

plan::Value value_in(const plan::Expression& expression, const World& world) { return evaluate(expression, world); }

}  // namespace

Progress::Progress(const plan::Plan& plan)
    : plan_(plan),
      states_(plan.steps.size(), StepState::pending),
      attempts_(plan.steps.size(), 0),
      since_(plan.steps.size(), 0),
      planned_(plan::start_world(plan)),
      believed_(planned_) {
  for (std::size_t i = 0; i < plan.steps.size(); ++i) numbers_[plan.steps[i].id] = static_cast<int>(i);
}

int Progress::number_of(const std::string& id) const {
  const auto found = numbers_.find(id);
  return found == numbers_.end() ? -1 : found->second;
}

std::shared_ptr<const plan::Template> Progress::shape(int step) const {
  if (const auto kept = shapes_.find(step); kept != shapes_.end()) return kept->second;
  auto made = std::make_shared<const plan::Template>(plan::instantiate(plan_, plan_.steps[static_cast<std::size_t>(step)]));
  if (const auto now = state(step); now == StepState::checking || is_under_way(now)) shapes_[step] = made;
  return made;
}

void Progress::compare(const std::string& variable) {
  const auto& planned = value_of(planned_, variable);
  const bool as_planned =
      planned.type == plan::Value::Type::unknown || same(planned, value_of(believed_, variable));
  if (as_planned)
    astray_.erase(variable);
  else
    astray_.insert(variable);
}

void Progress::see(const World& values) {
  for (const auto& [variable, value] : values) {
    believed_[variable] = value;
    compare(variable);
  }
}

/// The step is over, or it was cut off: both worlds move on.
void Progress::finish(int step, StepState state) {
  const auto form = shape(step);
  if (is_over(state)) {
    take_effect(resolve(form->effects, planned_, value_in), planned_);
    if (state == StepState::done) take_effect(resolve(form->effects, believed_, value_in), believed_);
  } else {
    cut_off(*form, planned_);
    cut_off(*form, believed_);
  }
  for (const auto& variable : written(*form)) compare(variable);
}

void Progress::take(const Record& record) {
  if (record.kind == Record::Kind::resumed) see(record.values);
  const int step = number_of(record.step);
  if (step < 0 || record.kind != Record::Kind::transition) return;
  const auto at = static_cast<std::size_t>(step);
  const bool was_under_way = is_under_way(states_[at]);
  const bool cut = record.state == StepState::failed || record.state == StepState::in_doubt;
  if (is_over(record.state) || (cut && was_under_way)) finish(step, record.state);
  states_[at] = record.state;
  attempts_[at] = record.attempt;
  see(record.values);
  if (record.state == StepState::running) {
    since_[at] = record.at;
    if (!was_under_way) keep_brief(step);
  }
  if (is_over(record.state)) briefs_.erase(step);
  if (record.state != StepState::checking && !is_under_way(record.state)) shapes_.erase(step);
}

void Progress::keep_brief(int step) {
  const auto form = shape(step);
  Brief brief;
  for (const auto& variable : written(*form)) brief.before[variable] = value_of(believed_, variable);
  brief.goals = goals_of(*form, believed_);
  briefs_[step] = std::move(brief);
}

std::set<std::string> Progress::over() const {
  std::set<std::string> ids;
  for (std::size_t i = 0; i < states_.size(); ++i)
    if (is_over(states_[i])) ids.insert(plan_.steps[i].id);
  return ids;
}

int Progress::count(StepState state) const {
  return static_cast<int>(std::count(states_.begin(), states_.end(), state));
}

}  // namespace exm
