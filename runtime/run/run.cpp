#include "runtime/run/run.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <limits>
#include <thread>

#include "runtime/adapter/value_text.h"
#include "runtime/run/report.h"
#include "runtime/run/retreat_plan.h"
#include "runtime/run/runner.h"
#include "runtime/run/window.h"
#include "runtime/verify/verify.h"

namespace exm {

std::string_view name_of(Outcome::Kind kind) {
  constexpr std::array<std::string_view, 11> names{"done",    "failed", "in_doubt",    "drift",  "invalid", "refused",
                                                   "stopped", "bound",  "interrupted", "broken", "usage"};
  return names[static_cast<std::size_t>(kind)];
}

Outcome run(const plan::Plan& plan, Adapter& adapter, Journal& journal, std::stop_token stop, const RunOptions& options) {
  return Runner(plan, adapter, journal, std::move(stop), options).run();
}

Runner::Runner(const plan::Plan& plan, Adapter& adapter, Journal& journal, std::stop_token stop, const RunOptions& options)
    : plan_(plan),
      adapter_(adapter),
      journal_(journal),
      stop_(std::move(stop)),
      options_(options),
      progress_(plan),
      probes_(plan),
      schedule_(plan, options.parallel) {}

Outcome Runner::run() {
  if (auto refused = open()) return *std::move(refused);
  for (;;) {
    watch_stop();
    if (options_.stop_now.stop_requested()) break;
    attend();
    begin_steps();
    tend_timers();
    if (!perform()) break;
    if (active_.empty() && timer_commands_.empty()) {
      // What was settled or skipped without a question may have made room.
      begin_steps();
      if (!active_.empty()) continue;
      if (stopping_ || (window_opens_ == 0 && !paused_)) break;
      if (paused_) std::this_thread::sleep_for(std::chrono::milliseconds(50));  // a simulated clock does not wait by itself
    }
    auto replies = adapter_.wait(next_wake());
    if (!replies) {
      stop(Outcome::Kind::broken, replies.error().message);
      break;
    }
    for (const auto& reply : *replies) handle(reply);
    ring();
    if (!perform()) break;
  }
  return conclude();
}

/// Takes the journal over and looks whether the run may begin at all.
std::optional<Outcome> Runner::open() {
  resumed_ = !journal_.records().empty();
  for (const auto& record : journal_.records()) {
    progress_.take(record);
    if (record.kind == Record::Kind::approved) approved_.insert(record.text);
    if (record.kind == Record::Kind::transition && record.state == StepState::running) anything_ran_ = true;
  }
  if (auto refused = check_options()) return refused;
  if (auto refused = check_leases()) return refused;
  const auto seen = look_again();
  if (!seen) return end(Outcome::Kind::broken, seen.error().message);
  const Verdict verdict = options_.check ? options_.check(progress_.believed(), progress_.over())
                          : resumed_     ? verify(plan_, progress_.believed(), progress_.over())
                                         : verify(plan_);
  must_verify_ = resumed_;
  const bool unsettled = progress_.count(StepState::failed) + progress_.count(StepState::in_doubt) > 0;
  if (!verdict.valid && !unsettled) {
    std::vector<std::string> details;
    for (const auto& finding : verdict.findings) details.push_back(finding.code + " " + finding.message);
    return end(verdict.bound_reached ? Outcome::Kind::bound : Outcome::Kind::invalid,
               resumed_ ? "what is left of the plan is not valid any more" : "the plan is not valid; nothing was run", details);
  }
  for (const auto& variable : progress_.astray()) verified_astray_[variable] = value_of(progress_.believed(), variable);
  if (auto refused = check_gates()) return refused;
  tell({resumed_ ? Record::Kind::resumed : Record::Kind::started, 0, {}, {}, 0, adapter_.name(), *seen});
  settling_ = resumed_;
  if (resumed_) {
    take_timers_up();
    settle_all();
  }
  return std::nullopt;
}

/// What the command line names has to be there, and each command has to be in a language that the adapter speaks.
std::optional<Outcome> Runner::check_options() {
  for (const auto& [id, decision] : options_.decisions) {
    const int step = progress_.number_of(id);
    if (decision == Decision::ended)
      return end(Outcome::Kind::usage, "--decide " + id + "=ended is for `resume --retreat`; here it is done, or it is to be taken again");
    if (step < 0) return end(Outcome::Kind::usage, "--decide: the plan has no step `" + id + "`");
    const auto state = progress_.state(step);
    if (is_over(state) || state == StepState::pending || state == StepState::checking)
      return end(Outcome::Kind::usage, "--decide: step `" + id + "` is " + std::string(name_of(state)) + "; there is nothing to decide");
  }
  std::set<std::string> seen;
  for (int step = 0; step < progress_.step_count(); ++step) {
    const auto& name = plan_.steps[static_cast<std::size_t>(step)].step_template;
    if (is_over(progress_.state(step)) || !seen.insert(name).second) continue;
    const auto found = plan_.templates.find(name);
    if (found == plan_.templates.end() || found->second.run.empty()) continue;
    std::string languages;
    bool speaks = false;
    for (const auto& [language, command] : found->second.run) {
      speaks = speaks || adapter_.speaks(language) || language == "person";
      languages += (languages.empty() ? "" : ", ") + language;
    }
    if (!speaks)
      return end(Outcome::Kind::usage, "adapter `" + adapter_.name() + "` can't run " + label(step) + ": its command is in " +
                                           languages + " only");
  }
  return std::nullopt;
}

/// Where nobody can be asked, every gate must be open before anything begins.
std::optional<Outcome> Runner::check_gates() {
  std::set<std::string> known;
  std::vector<std::string> closed;
  bool first = !anything_ran_;
  for (int step = 0; step < progress_.step_count(); ++step) {
    const auto form = progress_.shape(step);
    const bool over = is_over(progress_.state(step));
    for (const auto& gate : gates_of(plan_, *form, first && !over)) {
      known.insert(gate.id);
      const bool open = options_.yes || options_.approved.count(gate.id) != 0 || approved_.count(gate.key()) != 0;
      const std::string line = "--approve " + gate.id + "   " + gate.question;
      if (!open && !over && std::find(closed.begin(), closed.end(), line) == closed.end()) closed.push_back(line);
    }
    if (!over) first = false;
  }
  for (const auto& confirm : plan_.limits.confirms) known.insert(confirm.id);
  for (const auto& id : options_.approved)
    if (known.count(id) == 0) return end(Outcome::Kind::usage, "--approve: the plan asks for no `" + id + "`");
  if (closed.empty() || options_.ask) return std::nullopt;
  return end(Outcome::Kind::refused, "a person has to confirm before anything is run, and nobody can be asked here; pass", closed);
}

void Runner::begin_steps() {
  // What an earlier run left is settled first: a verdict on the rest has to stand on it.
  if (settling_) {
    settling_ = std::any_of(active_.begin(), active_.end(), [](const auto& entry) { return entry.second.phase == Active::Phase::settling; });
    if (settling_) return;
  }
  while (!stopping_ && !paused_ && windows_allow()) {
    const int step = schedule_.take();
    if (step < 0) return;
    start(step);
  }
}

bool Runner::windows_allow() {
  const auto look = look_at_windows(plan_.limits.windows, adapter_.now());
  window_opens_ = 0;
  if (look.open) return true;
  if (progress_.count(StepState::pending) == 0) return false;
  if (options_.wait_for_window && !anything_ran_) {
    window_opens_ = look.opens;
    return false;
  }
  std::string windows;
  for (const auto& window : plan_.limits.windows) windows += (windows.empty() ? "" : ", ") + window_text(window);
  stop(Outcome::Kind::stopped, "the window is closed (" + windows + "); it opens again at " + utc_text(look.opens));
  return false;
}

/// Writes what was told, then does what was announced, until there is no more of either.
bool Runner::perform() {
  do {
    if (auto done = journal_.commit(); !done) {
      stopping_ = true;
      stop_kind_ = Outcome::Kind::broken;
      stop_message_ = done.error().message;
      return false;
    }
    if (options_.on_record)
      for (const auto& record : told_) options_.on_record(record);
    told_.clear();
    for (const auto& what : std::exchange(acts_, {})) what();
  } while (!acts_.empty());
  return true;
}

void Runner::handle(const Reply& reply) {
  if (reply.kind == Reply::Kind::executed) {
    if (auto timer = timer_commands_.extract(reply.key)) return timer_answered(timer.mapped(), reply);
    const auto command = commands_.find(reply.key);
    if (command == commands_.end()) return;
    const auto found = active_.find(command->second);
    commands_.erase(command);
    if (found != active_.end() && found->second.phase == Active::Phase::running) executed(found->second, reply);
    return;
  }
  const auto asked = asked_.find(reply.ticket);
  if (asked == asked_.end()) return;
  const auto [step, variable] = asked->second;
  asked_.erase(asked);
  auto& active = active_.at(step);
  active.tickets.erase(reply.ticket);
  const auto question = probes_.question(variable, *active.shape);
  const auto type = type_of(plan_, variable).value_or(plan::Type{});
  active.answers[variable] = reply.status == Reply::Status::ok ? read_probe(*question->probe, reply.text, type) : plan::unknown();
  if (active.tickets.empty()) answered(active);
}

/// Everything whose time has come.
void Runner::ring() {
  while (!alarms_.empty() && alarms_.begin()->first <= adapter_.now()) {
    const auto [time, step] = *alarms_.begin();
    alarms_.erase(alarms_.begin());
    const auto found = active_.find(step);
    if (found == active_.end() || found->second.wake != time) continue;
    found->second.wake = 0;
    alarm(found->second);
  }
}

void Runner::wake_at(Active& active, Milliseconds time) {
  if (active.wake != 0) alarms_.erase({active.wake, active.step});
  active.wake = time;
  if (time != 0) alarms_.insert({time, active.step});
}

Milliseconds Runner::next_wake() const {
  Milliseconds wake = alarms_.empty() ? adapter_.now() + 60'000 : alarms_.begin()->first;
  if (window_opens_ != 0) wake = active_.empty() ? window_opens_ : std::min(wake, window_opens_);
  if (!timers_.empty()) wake = std::min(wake, next_turn());
  if (options_.attend) wake = std::min(wake, adapter_.now() + 1'000);
  return wake;
}

void Runner::watch_stop() {
  if (stop_.stop_requested() && !stopping_)
    stop(Outcome::Kind::interrupted, "stopped on request");
}

void Runner::attend() {
  if (!options_.attend || stopping_) return;
  const Request request = options_.attend();
  const std::string whose = (request.by.empty() ? "" : " by " + request.by) + (request.why.empty() ? "" : ": " + request.why);
  if (request.kind == Request::Kind::stop) return stop(Outcome::Kind::stopped, "stopped" + whose);
  const bool pause = request.kind == Request::Kind::pause;
  if (pause != paused_) tell({Record::Kind::note, 0, {}, {}, 0, pause ? "paused" + whose + "; what runs goes on, nothing new is begun" : "goes on", {}});
  paused_ = pause;
}

/// Begins nothing new. The first reason is the one that is told.
void Runner::stop(Outcome::Kind kind, std::string message) {
  if (stopping_) {
    problems_.push_back(std::move(message));
    return;
  }
  stopping_ = true;
  stop_kind_ = kind;
  stop_message_ = std::move(message);
  if (!active_.empty())
    tell({Record::Kind::note, 0, {}, {}, 0, "nothing new is begun: " + stop_message_, {}});
  for (auto& [step, active] : active_)
    if (active.phase == Active::Phase::resting || active.phase == Active::Phase::asking) wake_at(active, adapter_.now());
}

void Runner::tell(Record record) {
  record.at = adapter_.now();
  told_.push_back(record);
  journal_.add(std::move(record));
}

Outcome Runner::conclude() {
  if (!stopping_ && options_.stop_now.stop_requested()) {
    stopping_ = true;
    stop_kind_ = Outcome::Kind::interrupted;
    stop_message_ = "stopped at once, on request";
  }
  const int over = progress_.count(StepState::done) + progress_.count(StepState::skipped);
  if (!stopping_ && over == progress_.step_count()) {
    if (progress_.strays() || resumed_) {
      const auto open = wishes_open(plan_, progress_.believed());
      if (!open.empty()) return end(Outcome::Kind::drift, "all steps are done, but not all wishes are known to hold", open);
    }
    return end(Outcome::Kind::done, "done");
  }
  if (!stopping_) {
    stop_kind_ = progress_.count(StepState::in_doubt) > 0 ? Outcome::Kind::in_doubt : Outcome::Kind::failed;
    stop_message_ = failures_ > 0 ? "the steps that do not depend on what failed are done"
                                  : "no step may begin, though some are left: what they wait for is held by a step that was cut off";
  }
  for (const auto& line : report(plan_, progress_)) problems_.push_back(line);
  Outcome outcome = end(stop_kind_, stop_message_, problems_);
  if (const auto cut = cut_off_steps(progress_); cut.size() == 1)
    outcome.way_back = retreat_words(plan_, plan_.steps[static_cast<std::size_t>(cut[0])]);
  return outcome;
}

Outcome Runner::end(Outcome::Kind kind, std::string message, std::vector<std::string> details) {
  Outcome outcome{kind, std::move(message), std::move(details), 0, 0, 0, 0, 0, anything_ran_, progress_.believed(), false, {}};
  outcome.done = progress_.count(StepState::done);
  outcome.skipped = progress_.count(StepState::skipped);
  outcome.failed = progress_.count(StepState::failed);
  outcome.in_doubt = progress_.count(StepState::in_doubt);
  outcome.left = progress_.step_count() - outcome.done - outcome.skipped - outcome.failed - outcome.in_doubt;
  const bool recorded = anything_ran_ || outcome.done + outcome.skipped + outcome.failed + outcome.in_doubt > 0;
  if (kind != Outcome::Kind::broken && recorded) {
    tell({Record::Kind::ended, 0, {}, {}, 0, std::string(name_of(kind)) + ": " + outcome.message, {}});
    if (!perform()) outcome.kind = Outcome::Kind::broken, outcome.message = stop_message_;
  }
  return outcome;
}

}  // namespace exm
