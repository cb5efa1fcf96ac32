// Timers on hosts: left before a step changes the host, extended while the run lives, ended when what they put back is put
// back, or before a step during which they might do harm. What becomes of each is in the journal before it is done.
#include <algorithm>

#include "runtime/plan/paths.h"
#include "runtime/run/leases_left.h"
#include "runtime/run/runner.h"
#include "runtime/verify/evaluate.h"

namespace exm {
namespace {

constexpr std::string_view gone_word = "gone: ";
constexpr plan::Seconds patience = 60;

}  // namespace

/// Before anything is run: each lease has something that puts back what it is for, in a language that the adapter speaks.
std::optional<Outcome> Runner::check_leases() {
  const bool any = std::any_of(plan_.templates.begin(), plan_.templates.end(), [](const auto& entry) { return !entry.second.lease.empty(); });
  if (!any) return std::nullopt;
  World world = plan::start_world(plan_);
  for (int step = 0; step < progress_.step_count(); ++step) {
    const auto shape = progress_.shape(step);
    const auto leases = leases_of(plan_, static_cast<std::size_t>(step), world, journal_.head().created);
    if (!leases) return end(Outcome::Kind::usage, leases.error().message);
    for (const auto& lease : *leases)
      if (!adapter_.speaks(lease.language))
        return end(Outcome::Kind::usage, "step " + lease.step + " is to leave a timer, whose command is in " + lease.language + "; adapter `" + adapter_.name() + "` does not run that");
    take_effect(resolve(shape->effects, world, [](const plan::Expression& e, const World& w) { return evaluate(e, w); }), world);
  }
  return std::nullopt;
}

std::vector<std::shared_ptr<const plan::Template>> Runner::under_way(const Active* and_this) const {
  std::vector<std::shared_ptr<const plan::Template>> shapes;
  for (const auto& [step, active] : active_)
    if (is_under_way(progress_.state(step)) || &active == and_this) shapes.push_back(active.fallback ? active.fallback : active.shape);
  return shapes;
}

/// True where the step has to wait: its own timers are left, and those that might do harm during it are ended.
bool Runner::settle_timers(Active& active) {
  auto leases = leases_of(plan_, static_cast<std::size_t>(active.step), progress_.believed(), journal_.head().created);
  if (!leases) {
    give_back(active, leases.error().message);
    stop(Outcome::Kind::usage, leases.error().message);
    return true;
  }
  active.phase = Active::Phase::leasing;
  active.timers = 0;
  if (timers_.empty() && leases->empty()) return false;
  const auto steps = under_way(&active);
  for (auto& [name, held] : timers_)
    if (held.left && !harmless(plan_, held.lease, progress_.believed(), steps)) command_timer(held, LeaseAct::end, active.step);
  for (auto& lease : *leases) {
    auto& held = timers_[lease.name];
    held.lease = std::move(lease);
    if (harmless(plan_, held.lease, progress_.believed(), steps)) command_timer(held, LeaseAct::leave, active.step);
  }
  return active.timers > 0;
}

void Runner::command_timer(Held& held, LeaseAct what, int step) {
  const auto& lease = held.lease;
  if (what == LeaseAct::leave) {
    tell({Record::Kind::lease, 0, lease.step, {}, 0, std::string(lease_left_word) + lease_words(lease) + ", unless this run extends it", lease.prior});
    held.left = true;
    held.turned = adapter_.now();
  }
  held.busy = true;
  held.issued = adapter_.now();
  const std::string key = journal_.head().created + "/timer/" + std::to_string(adapter_.now()) + "/" + std::to_string(++last_timer_);
  timer_commands_[key] = {lease.name, what, step};
  if (step >= 0) ++active_.at(step).timers;
  act([this, key, what, lease] {
    auto shape = std::make_shared<plan::Template>();
    shape->title = "timer " + lease.name;
    shape->on = lease.host;
    adapter_.execute({key, lease.step + "/timer", lease.host, probes_.address_of(lease.host), lease.language,
                      lease_script(what, lease.language, lease.name, lease.lasts, lease.undo), patience, shape});
  });
}

/// What has become of a timer, once the host has answered.
void Runner::timer_turned(Held& held, LeaseAct what, const Reply& reply) {
  const bool well = reply.status == Reply::Status::ok;
  const bool run_out = !well && reply.text.find(lease_run_out) != std::string::npos;
  const Milliseconds lasts = held.lease.lasts * 1000;
  const auto gone = [&](const std::string& how) {
    held.left = false;
    tell({Record::Kind::lease, 0, held.lease.step, {}, 0, std::string(gone_word) + how, held.lease.prior});
  };
  held.busy = false;
  if (what == LeaseAct::end) {
    if (well || run_out) gone(well ? "the timer is ended" : std::string(lease_run_out));
  } else if (well) {
    held.turned = held.issued;
    held.next = held.issued + lasts / 3;
  } else if (what == LeaseAct::leave) {
    gone("the timer could not be left: " + reply.text);
  } else if (held.left) {
    // It is tried again while there may be something to extend.
    tell({Record::Kind::note, 0, held.lease.step, {}, 0, "the timer could not be extended: " + reply.text, {}});
    held.next = adapter_.now() + std::clamp<Milliseconds>(lasts / 6, 1'000, 10'000);
    if (run_out || held.turned + lasts <= adapter_.now()) gone("the timer has run out, for all that is known");
  }
}

/// The step that waits for it goes on, or is not begun.
void Runner::timer_answered(const TimerCommand& command, const Reply& reply) {
  auto& held = timers_.at(command.name);
  timer_turned(held, command.act, reply);
  const auto found = command.step < 0 ? active_.end() : active_.find(command.step);
  if (found == active_.end()) return;
  auto& active = found->second;
  --active.timers;
  if (active.phase != Active::Phase::leasing) return;
  if (reply.status != Reply::Status::ok) {
    const std::string what = command.act == LeaseAct::leave ? "no timer could be left on " : "a timer could not be ended on ";
    const std::string message = label(active.step) + " is not begun: " + what + held.lease.host + ": " + reply.text;
    for (auto& [key, other] : timer_commands_)
      if (other.step == active.step) other.step = -1;
    give_back(active, message);
    return stop(Outcome::Kind::failed, message);
  }
  if (active.timers > 0) return;
  if (stopping_) return give_back(active, "the run is stopping");
  run_command(active, {});
}

/// Extends those of which a third is over.
void Runner::tend_timers() {
  for (auto& [name, held] : timers_)
    if (held.left && !held.busy && adapter_.now() >= held.next) command_timer(held, LeaseAct::extend, -1);
}

Milliseconds Runner::next_turn() const {
  Milliseconds next = adapter_.now() + 60'000;
  for (const auto& [name, held] : timers_)
    if (held.left && !held.busy) next = std::min(next, held.next);
  return next;
}

/// What a step has put back needs no timer any more; and where one was ended for it, it is left again once it does no harm.
void Runner::timers_after(int step) {
  if (timers_.empty()) return;
  const auto wrote = written(*progress_.shape(step));
  const bool all_over = progress_.count(StepState::done) + progress_.count(StepState::skipped) == progress_.step_count();
  for (auto& [name, held] : timers_) {
    const auto& prior = held.lease.prior;
    const bool back = std::all_of(prior.begin(), prior.end(), [&](const auto& entry) { return same(value_of(progress_.believed(), entry.first), entry.second); });
    const bool touched = std::any_of(prior.begin(), prior.end(), [&](const auto& entry) { return std::find(wrote.begin(), wrote.end(), entry.first) != wrote.end(); });
    if (held.left && ((back && touched) || all_over)) {
      command_timer(held, LeaseAct::end, -1);
    } else if (!held.left && !held.busy && !back && !all_over && !stopping_ && harmless(plan_, held.lease, progress_.believed(), under_way(nullptr))) {
      command_timer(held, LeaseAct::leave, -1);
    }
  }
}

/// A run that goes on extends at once what its dead predecessor had left.
void Runner::take_timers_up() {
  for (auto& [lease, when] : leases_left(plan_, journal_.records(), journal_.head().created)) {
    auto& held = timers_[lease.name];
    held = {lease, true, when, 0, 0, false};
    command_timer(held, LeaseAct::extend, -1);
  }
}

}  // namespace exm
