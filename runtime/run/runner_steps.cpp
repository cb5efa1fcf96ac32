// The life of one step in a run; see step_state.h.
#include <algorithm>

#include "runtime/adapter/value_text.h"
#include "runtime/plan/instantiate.h"
#include "runtime/run/report.h"
#include "runtime/run/runner.h"
#include "runtime/run/window.h"
#include "runtime/verify/verify.h"

namespace exm {
namespace {

constexpr Milliseconds patience = 60'000;  // for an answer to a probe
constexpr Milliseconds between_answers = 200;
constexpr Milliseconds grace = 30'000;     // for a command to end when told so

Milliseconds timeout_of(const plan::Template& shape) {
  return 1000 * (shape.timeout > 0 ? shape.timeout : std::max<plan::Seconds>(60, 4 * shape.takes));
}

Milliseconds round_of(const plan::Template& shape) {
  plan::Seconds every = 5;
  for (const auto& probe : shape.probes) every = std::min(every, std::max<plan::Seconds>(1, probe.every));
  if (!shape.probes.empty()) {
    every = shape.probes.front().every;
    for (const auto& probe : shape.probes) every = std::min(every, probe.every);
  }
  return 1000 * std::max<plan::Seconds>(1, every);
}

std::string joined(const std::vector<std::string>& parts) {
  std::string text;
  for (const auto& part : parts) text += (text.empty() ? "" : "; ") + part;
  return text;
}

/// What a person is to do: nothing of it is ever code.
std::string words_of(const plan::Text& text) {
  std::string words;
  for (const auto& piece : text) words += piece.kind == plan::Piece::Kind::value ? value_text(piece.value) : piece.text;
  return words;
}

}  // namespace

std::string Runner::label(int step) const {
  return "step " + plan_.steps[static_cast<std::size_t>(step)].id + " (" + progress_.shape(step)->title + ")";
}

std::string Runner::key_of(const Active& active) const {
  return journal_.head().created + "/" + step_of(active).id + (active.fallback ? "/fallback" : "");
}

void Runner::enter(const Active& active, StepState state, const std::string& why, const World& values) {
  Record record{Record::Kind::transition, adapter_.now(), step_of(active).id, state, active.attempt, why, values};
  progress_.take(record);
  tell(std::move(record));
}

void Runner::act_on(int step, void (Runner::*what)(Active&)) {
  act([this, step, what] {
    const auto found = active_.find(step);
    if (found != active_.end()) (this->*what)(found->second);
  });
}

void Runner::start(int step) {
  auto& active = active_[step];
  active.step = step;
  enter(active, StepState::checking, {});
  active.shape = progress_.shape(step);
  act([this, step] { ask(active_.at(step), concerned(*active_.at(step).shape)); });
}

void Runner::ask(Active& active, const std::vector<std::string>& variables) {
  active.probed.clear();
  active.answers.clear();
  active.tickets.clear();
  for (const auto& variable : variables) {
    auto question = probes_.question(variable, *active.shape);
    if (!question) continue;
    active.probed.insert(variable);
    active.tickets.insert(++last_ticket_);
    asked_[last_ticket_] = {active.step, variable};
    adapter_.observe({last_ticket_, step_of(active).id, question->host, question->address, question->probe});
  }
  if (active.tickets.empty()) return answered(active);
  wake_at(active, adapter_.now() + patience);
}

/// Probes that do not answer show nothing.
void Runner::forget_questions(Active& active) {
  for (const auto ticket : active.tickets) {
    active.answers[asked_.at(ticket).second] = plan::unknown();
    asked_.erase(ticket);
  }
  active.tickets.clear();
}

void Runner::answered(Active& active) {
  wake_at(active, 0);
  switch (active.phase) {
    case Active::Phase::checking: return checked(active);
    case Active::Phase::verifying: return verify_effects(active, {});
    case Active::Phase::looking: return after_failure(active);
    case Active::Phase::settling: return settled(active);
    case Active::Phase::asking:
    case Active::Phase::leasing:
    case Active::Phase::running:
    case Active::Phase::resting: return;
  }
}

void Runner::alarm(Active& active) {
  if (!active.tickets.empty()) {
    forget_questions(active);
    return answered(active);
  }
  switch (active.phase) {
    case Active::Phase::verifying: return look_at_effects(active);
    case Active::Phase::settling: return ask(active, concerned(*active.shape));
    case Active::Phase::resting:
      if (stopping_) return fail(active);
      ++active.attempt;
      return run_command(active, "tried again");
    case Active::Phase::asking: return ask_again(active);
    case Active::Phase::running:
      if (active.handed) return give_command(active);
      if (active.cancelled) {
        active.lost = true;
        return try_failed(active, "its time ran out, and nobody knows whether its command has ended");
      }
      active.cancelled = true;
      wake_at(active, adapter_.now() + grace);
      adapter_.cancel(key_of(active));
      return;
    case Active::Phase::checking:
    case Active::Phase::leasing:
    case Active::Phase::looking: return;
  }
}

void Runner::checked(Active& active) {
  if (stopping_) return give_back(active, "the run is stopping");
  if (paused_) return give_back(active, "the run is paused");
  progress_.see(active.answers);
  const auto judgement = judge(*active.shape, {progress_.planned(), progress_.believed(), active.probed});
  if (judgement.kind == Judgement::Kind::skip) return finish(active, StepState::skipped, "its effects hold already");
  if (judgement.kind == Judgement::Kind::drift) {
    const std::string text = joined(judgement.differences);
    tell({Record::Kind::drift, 0, step_of(active).id, {}, 0, text, {}});
    const std::string message = "before " + label(active.step) + " the environment is not as the plan says";
    problems_.insert(problems_.end(), judgement.differences.begin(), judgement.differences.end());
    give_back(active, "drift: " + text);
    return stop(Outcome::Kind::drift, message);
  }
  if (!may_run(active)) return active.phase == Active::Phase::asking ? void() : give_back(active, stop_message_);
  if (settle_timers(active)) return;
  run_command(active, {});
}

/// Gates, windows, and the rest of the plan.
bool Runner::may_run(Active& active) {
  const auto look = look_at_windows(plan_.limits.windows, adapter_.now());
  if (!look.open || look.closes - adapter_.now() < active.shape->takes * 1000) {
    stop(Outcome::Kind::stopped, "the window closes before " + label(active.step) + " could end; go on in the next one");
    return false;
  }
  return rest_is_valid() && gates_open(active);
}

/// False: it may not run, or nobody has answered yet, and the step waits for that.
bool Runner::gates_open(Active& active) {
  for (const auto& gate : gates_of(plan_, *active.shape, !anything_ran_)) {
    if (approved_.count(gate.key()) != 0) continue;
    bool open = options_.yes || options_.approved.count(gate.id) != 0;
    if (!open && options_.ask) {
      const auto answer = options_.ask(gate);
      if (answer == Consent::later) {
        active.phase = Active::Phase::asking;
        wake_at(active, adapter_.now() + between_answers);
        return false;
      }
      open = answer == Consent::yes;
    }
    if (!open) {
      stop(Outcome::Kind::refused, label(active.step) + " waits for a person's yes: " + gate.question + " (pass --approve " + gate.id + ")");
      return false;
    }
    approved_.insert(gate.key());
    tell({Record::Kind::approved, 0, {}, {}, 0, gate.key(), {}});
  }
  return true;
}

/// While a person thinks about it the world goes on: once there is a yes, the step is looked at anew.
void Runner::ask_again(Active& active) {
  if (stopping_) return give_back(active, "the run is stopping");
  if (paused_) return wake_at(active, adapter_.now() + between_answers);
  active.phase = Active::Phase::checking;
  if (gates_open(active)) return ask(active, concerned(*active.shape));
  if (active.phase != Active::Phase::asking) give_back(active, stop_message_);
}

/// What is left, without what was given up, from what is believed. Asked only when the world has left the plan in a way
/// that was not looked at yet: knowing more than the plan did takes nothing from its validity.
bool Runner::rest_is_valid() {
  const auto& believed = progress_.believed();
  const bool looked_at = std::all_of(progress_.astray().begin(), progress_.astray().end(), [&](const auto& variable) {
    const auto found = verified_astray_.find(variable);
    return found != verified_astray_.end() && found->second == value_of(believed, variable);
  });
  if (looked_at && !must_verify_) return true;
  if (options_.check) return takes(options_.check(believed, progress_.over()), true);
  plan::Plan rest = plan_;
  std::erase_if(rest.steps, [&](const plan::Step& step) { return schedule_.dropped(progress_.number_of(step.id)); });
  const bool whole = rest.steps.size() == plan_.steps.size();
  rest.digest.clear();
  return takes(verify(rest, believed, progress_.over()), whole);
}

/// Stops the run where the rest is not valid.
bool Runner::takes(const Verdict& verdict, bool whole) {
  std::vector<std::string> reasons;
  for (const auto& finding : verdict.findings) {
    // What was given up fulfils no wish and puts nothing back: only what the rest does is asked for.
    const bool counts = whole || (finding.clause != "4" && finding.clause != "5" && finding.clause != "7");
    if (counts) reasons.push_back(finding.code + " " + finding.message);
  }
  if (!reasons.empty()) {
    problems_.insert(problems_.end(), reasons.begin(), reasons.end());
    stop(Outcome::Kind::invalid, "what is left of the plan is not valid from what was observed");
    return false;
  }
  verified_astray_.clear();
  for (const auto& variable : progress_.astray()) verified_astray_[variable] = value_of(progress_.believed(), variable);
  must_verify_ = false;
  return true;
}

void Runner::run_command(Active& active, const std::string& why) {
  anything_ran_ = true;
  active.phase = Active::Phase::running;
  active.cancelled = false;
  enter(active, StepState::running, why, active.answers);
  act_on(active.step, &Runner::give_command);
}

void Runner::give_command(Active& active) {
  const auto& shape = active.fallback ? active.fallback : active.shape;
  active.deadline = adapter_.now() + timeout_of(*shape);
  Execute request{key_of(active), step_of(active).id, shape->on, probes_.address_of(shape->on), {}, {}, timeout_of(*shape) / 1000, shape};
  const auto spoken = std::find_if(shape->run.begin(), shape->run.end(), [&](const auto& entry) { return adapter_.speaks(entry.first); });
  if (spoken == shape->run.end() && shape->run.count("person") != 0) return ask_person(active, shape->run.at("person"));
  if (spoken != shape->run.end()) {
    request.language = spoken->first;
    request.command = spoken->second.command;
    if (!spoken->second.from.empty()) {
      request.host = spoken->second.from;
      request.address = probes_.address_of(request.host);
    }
  }
  wake_at(active, active.deadline);
  commands_[request.key] = active.step;
  adapter_.execute(std::move(request));
}

void Runner::ask_person(Active& active, const plan::Command& command) {
  const auto done = options_.hand_over ? options_.hand_over(step_of(active).id, words_of(command.command)) : Consent::nobody;
  active.handed = done == Consent::later;
  if (active.handed) return wake_at(active, adapter_.now() + between_answers);
  if (done == Consent::yes) {
    active.phase = Active::Phase::verifying;
    enter(active, StepState::verifying, "a person says that it is done");
    return act_on(active.step, &Runner::look_at_effects);
  }
  try_failed(active, done == Consent::no ? "a person says that it could not be done" : "a person has to do it, and nobody can be asked: " + words_of(command.command));
}

void Runner::executed(Active& active, const Reply& reply) {
  wake_at(active, 0);
  if (reply.status == Reply::Status::lost) active.lost = true;
  if (reply.status == Reply::Status::ok && !active.cancelled) {
    active.phase = Active::Phase::verifying;
    enter(active, StepState::verifying, {});
    return act_on(active.step, &Runner::look_at_effects);
  }
  const std::string limit = std::to_string((active.fallback ? timeout_of(*active.fallback) : timeout_of(*active.shape)) / 1000);
  try_failed(active, active.cancelled ? "it did not end within " + limit + " s" : reply.text);
}

void Runner::look_at_effects(Active& active) { ask(active, written(*active.shape)); }

void Runner::verify_effects(Active& active, const std::string& why) {
  const auto open = missing(progress_.brief(active.step).goals, active.answers, active.probed);
  if (open.empty()) return finish(active, StepState::done, why);
  if (adapter_.now() >= active.deadline)
    return try_failed(active, "its command ended well, but its effects did not show in time: " + joined(open));
  wake_at(active, std::min(active.deadline, adapter_.now() + round_of(*active.shape)));
}

/// First a look at what it left; then what comes next is decided.
void Runner::try_failed(Active& active, std::string reason) {
  active.reason = std::move(reason);
  active.phase = Active::Phase::looking;
  tell({Record::Kind::note, 0, step_of(active).id, {}, active.attempt, active.reason, {}});
  act([this, step = active.step] { ask(active_.at(step), concerned(*active_.at(step).shape)); });
}

void Runner::after_failure(Active& active) {
  const auto& shape = *active.shape;
  if (!active.lost && !stopping_ && !active.fallback && shape.retry && active.attempt <= shape.retry->times) {
    active.phase = Active::Phase::resting;
    return wake_at(active, std::max(adapter_.now() + 1, adapter_.now() + shape.retry->every * 1000));
  }
  if (!active.lost && !stopping_ && begin_fallback(active)) return;
  fail(active);
}

bool Runner::begin_fallback(Active& active) {
  if (!active.shape->fallback || active.fallback) return false;
  const auto& named = *active.shape->fallback;
  if (plan_.templates.count(named.step_template) == 0) return false;
  auto form = std::make_shared<const plan::Template>(plan::instantiate(plan_, named, step_of(active).args));
  World seen = progress_.believed();
  cut_off(*active.shape, seen);
  for (const auto& [variable, value] : active.answers) seen[variable] = value;
  for (const auto& requirement : form->requires_)
    if (truth(requirement.formula, seen) != Truth::yes) return false;
  active.fallback = std::move(form);
  active.attempt = 1;
  run_command(active, "fallback: " + active.fallback->title);
  return true;
}

void Runner::fail(Active& active) {
  const int step = active.step;
  const auto state = active.lost ? StepState::in_doubt : StepState::failed;
  const std::string text = label(step) + " failed: " + active.reason;
  enter(active, state, active.reason, active.answers);
  schedule_.cut_off(step);
  active_.erase(step);
  ++failures_;
  if (failures_ > plan_.limits.tolerate || state == StepState::in_doubt)
    return stop(state == StepState::failed ? Outcome::Kind::failed : Outcome::Kind::in_doubt, text);
  problems_.push_back(text);
  tolerate(step);
}

/// Gives up what depends on the step and what works on the same objects; the rest goes on.
void Runner::tolerate(int step) {
  const auto& objects = plan_.steps[static_cast<std::size_t>(step)].objects;
  schedule_.drop(step);
  for (int other = 0; other < progress_.step_count(); ++other) {
    if (is_over(progress_.state(other)) || active_.count(other) != 0) continue;
    const auto& theirs = plan_.steps[static_cast<std::size_t>(other)].objects;
    const bool shares = std::any_of(theirs.begin(), theirs.end(), [&](const auto& object) {
      return std::find(objects.begin(), objects.end(), object) != objects.end();
    });
    if (shares) schedule_.drop(other);
  }
  must_verify_ = true;
  tell({Record::Kind::note, 0, plan_.steps[static_cast<std::size_t>(step)].id, {}, 0,
        "tolerated: failure " + std::to_string(failures_) + " of " + std::to_string(plan_.limits.tolerate), {}});
}

void Runner::finish(Active& active, StepState state, const std::string& why) {
  const int step = active.step;
  enter(active, state, why, active.answers);
  schedule_.end(step);
  wake_at(active, 0);
  active_.erase(step);
  timers_after(step);
}

void Runner::give_back(Active& active, const std::string& why) {
  const int step = active.step;
  active.attempt = 0;
  enter(active, StepState::pending, why, active.answers);
  schedule_.put_back(step);
  wake_at(active, 0);
  active_.erase(step);
}

}  // namespace exm
