// What a run that was stopped or killed left behind: for each step that it had begun, what has become of it.
// No step is run twice by guess, none is left out.
#include <algorithm>

#include "runtime/adapter/value_text.h"
#include "runtime/run/look.h"
#include "runtime/run/runner.h"

namespace exm {
namespace {

constexpr Milliseconds between_looks = 5'000;

}  // namespace

/// What an earlier run saw to be other than the plan has it may have been put right since. What its steps may still change is
/// looked at when they are settled.
Result<World> Runner::look_again() {
  World seen;
  for (int step = 0; step < progress_.step_count(); ++step)
    if (is_under_way(progress_.state(step))) return seen;
  std::vector<std::string> variables;
  std::vector<Question> questions;
  for (const auto& variable : progress_.astray()) {
    auto question = probes_.question(variable, {});
    if (!question) continue;
    variables.push_back(variable);
    questions.push_back(std::move(*question));
  }
  last_ticket_ = questions.size();
  const auto answers = look(adapter_, questions, {}, stop_);
  if (!answers) return answers.error();
  for (std::size_t q = 0; q < questions.size(); ++q) {
    const Answer& answer = (*answers)[q];
    const auto type = type_of(plan_, variables[q]).value_or(plan::Type{});
    seen[variables[q]] = answer.kind == Answer::Kind::said ? read_probe(*questions[q].probe, answer.text, type) : plan::unknown();
  }
  progress_.see(seen);
  return seen;
}

void Runner::settle_all() {
  for (int step = 0; step < progress_.step_count(); ++step)
    if (is_over(progress_.state(step))) schedule_.assume_over(step);
  for (int step = 0; step < progress_.step_count(); ++step) {
    const auto state = progress_.state(step);
    if (state == StepState::pending || is_over(state)) continue;
    schedule_.occupy(step);
    if (state == StepState::checking)
      give_back(take_up(step, Active::Phase::checking), "nothing had been run");
    else if (is_under_way(state))
      settle_unfinished(step);
    else
      settle_failed(step);
  }
}

Runner::Active& Runner::take_up(int step, Active::Phase phase) {
  auto& active = active_[step];
  active.step = step;
  active.phase = phase;
  active.shape = progress_.shape(step);
  active.attempt = std::max(1, progress_.attempt(step));
  const auto timeout = active.shape->timeout > 0 ? active.shape->timeout : std::max<plan::Seconds>(60, 4 * active.shape->takes);
  // Where the wall clock was set back since, the journal's times are in the future; the deadline must not be.
  active.deadline = std::min(progress_.since(step), adapter_.now()) + timeout * 1000;
  return active;
}

/// It was running when the earlier run ended: whoever knows is asked first, then the probes.
void Runner::settle_unfinished(int step) {
  auto& active = take_up(step, Active::Phase::settling);
  const Fate fate = adapter_.fate(key_of(active));
  if (progress_.state(step) == StepState::verifying || fate == Fate::ended_well) {
    active.phase = Active::Phase::verifying;
    if (progress_.state(step) != StepState::verifying) enter(active, StepState::verifying, "its command had ended well");
    return act_on(step, &Runner::look_at_effects);
  }
  if (fate == Fate::not_begun) return give_back(active, "its command had not been given to the host");
  if (fate == Fate::under_way) {
    active.phase = Active::Phase::running;
    commands_[key_of(active)] = step;
    return wake_at(active, std::max(adapter_.now() + 1, active.deadline));
  }
  active.ended = fate == Fate::ended_badly;
  act([this, step] { ask(active_.at(step), written(*active_.at(step).shape)); });
}

/// It had failed or was in doubt: a person has decided, or the probes may show that nothing is open.
void Runner::settle_failed(int step) {
  auto& active = take_up(step, Active::Phase::settling);
  active.ended = true;
  const auto decided = options_.decisions.find(step_of(active).id);
  if (decided == options_.decisions.end()) {
    act([this, step] { ask(active_.at(step), written(*active_.at(step).shape)); });
    return;
  }
  tell({Record::Kind::decided, 0, step_of(active).id, {}, 0, decided->second == Decision::done ? "done" : "again", {}});
  if (decided->second == Decision::done) return finish(active, StepState::done, "a person says that it is done");
  give_back(active, "a person wants it again");
}

void Runner::settled(Active& active) {
  const auto& brief = progress_.brief(active.step);
  const auto traces = traces_of(*active.shape, brief.goals, brief.before, active.answers, active.probed);
  if (traces == Traces::done) return finish(active, StepState::done, "the probes show its effects");
  const bool may_go_on = !active.ended && adapter_.now() < active.deadline;
  if (may_go_on && traces != Traces::invisible) return wake_at(active, std::min(active.deadline, adapter_.now() + between_looks));
  if (traces == Traces::untouched) return give_back(active, "the probes show that nothing was done");
  const std::string id = step_of(active).id;
  const auto decided = options_.decisions.find(id);
  if (decided != options_.decisions.end()) {
    tell({Record::Kind::decided, 0, id, {}, 0, decided->second == Decision::done ? "done" : "again", {}});
    if (decided->second == Decision::done) return finish(active, StepState::done, "a person says that it is done");
    return give_back(active, "a person wants it again");
  }
  const std::string why = traces == Traces::invisible ? "no probe shows whether it was done" : "the probes show it half done";
  const int step = active.step;
  if (progress_.state(step) != StepState::failed || traces == Traces::invisible)
    enter(active, StepState::in_doubt, why, active.answers);
  else
    enter(active, StepState::failed, why, active.answers);
  problems_.push_back("look at it, then `resume --decide " + id + "=done` or `resume --decide " + id + "=again`");
  stop(progress_.state(step) == StepState::failed ? Outcome::Kind::failed : Outcome::Kind::in_doubt,
       label(step) + ": " + why + "; a person has to decide");
  schedule_.cut_off(step);
  active_.erase(step);
}

}  // namespace exm
