#include "runtime/adapter/sim.h"

#include <algorithm>
#include <chrono>
#include <thread>

#include "runtime/adapter/value_text.h"

namespace exm {
namespace {

/// A step of the plan, or of the retreat from one: "1e/retreat/2".
bool knows_step(const plan::Plan& plan, const std::string& id) {
  const std::string own = id.substr(0, id.find("/retreat/"));
  return std::any_of(plan.steps.begin(), plan.steps.end(), [&](const auto& step) { return step.id == own; });
}

/// What the end of a step puts back: `during` values that no effect sets.
Changes put_back(const Changes& during, const std::vector<Changes>& effects, const World& world) {
  Changes back;
  for (const auto& change : during) {
    bool set = false;
    for (const auto& group : effects)
      for (const auto& other : group) set = set || other.variable == change.variable;
    if (!set) back.push_back({change.variable, value_of(world, change.variable), false});
  }
  return back;
}

}  // namespace

Sim::Sim(const plan::Plan& plan, World world, SimOptions options)
    : plan_(plan), options_(std::move(options)), world_(std::move(world)) {}

Result<Milliseconds> Sim::start() {
  if (auto fine = check_injections(); !fine) return fine.error();
  auto store = SimStore::open(options_.path, options_.open);
  if (!store) return store.error();
  store_ = std::move(*store);
  auto clock = store_->load(world_, commands_);
  if (!clock) return clock.error();
  now_ = std::max(*clock, options_.start);
  for (auto& [key, command] : commands_) schedule(command);
  if (options_.open == SimStore::Open::fresh)
    if (auto done = drift({}); !done) return done.error();
  return now_;
}

Result<Done> Sim::check_injections() const {
  for (const auto& injection : options_.injections) {
    if (!injection.step.empty() && !knows_step(plan_, injection.step))
      return Failure{Failure::Kind::usage, "--inject: the plan has no step `" + injection.step + "`"};
    if (injection.variable.empty()) continue;
    const auto type = type_of(plan_, injection.variable);
    if (!type)
      return Failure{Failure::Kind::usage, "--inject: the plan has no state `" + injection.variable + "`"};
    if (injection.value != "unknown" && !read_value(injection.value, *type))
      return Failure{Failure::Kind::usage,
                     "--inject: `" + injection.value + "` is no value that `" + injection.variable + "` can have"};
  }
  return Done{};
}

const Injection* Sim::injected(Injection::Kind kind, const std::string& step) const {
  for (const auto& injection : options_.injections)
    if (injection.kind == kind && injection.step == step) return &injection;
  return nullptr;
}

Result<Done> Sim::transact(const std::function<Result<Done>()>& change) {
  if (options_.at_point) options_.at_point();
  if (auto done = store_->begin(); !done) return done;
  if (auto done = change(); !done) return done;
  if (auto done = store_->commit(now_); !done) return done;
  if (options_.at_point) options_.at_point();
  return Done{};
}

Result<Done> Sim::change(const Changes& changes) {
  take_effect(changes, world_);
  for (const auto& one : changes)
    if (auto done = store_->save(one.variable, value_of(world_, one.variable)); !done) return done;
  return Done{};
}

/// Somebody else's changes that are due: those before `step`, or those at the start.
Result<Done> Sim::drift(const std::string& step) {
  for (const auto& injection : options_.injections) {
    if (injection.kind != Injection::Kind::drift || injection.step != step) continue;
    if (std::find(drifted_.begin(), drifted_.end(), &injection) != drifted_.end()) continue;
    drifted_.push_back(&injection);
    const auto type = type_of(plan_, injection.variable);
    const Changes changes{{injection.variable, read_value(injection.value, *type).value_or(plan::unknown()), false}};
    if (auto done = transact([&] { return change(changes); }); !done) return done;
  }
  return Done{};
}

/// A broken file is told by the next `wait`: the requests themselves give no answer.
void Sim::note(const Result<Done>& done) {
  if (!done && !failure_) failure_ = done.error();
}

void Sim::observe(Observe request) {
  note(drift(request.step));
  const auto& probe = *request.probe;
  plan::Value value = value_of(world_, probe.variable);
  for (const auto& injection : options_.injections) {
    if (injection.kind != Injection::Kind::lie || injection.variable != probe.variable) continue;
    const auto type = type_of(plan_, probe.variable);
    value = read_value(injection.value, *type).value_or(plan::unknown());
  }
  std::string text = value.type == plan::Value::Type::unknown ? "(nobody knows)" : value_text(value);
  for (const auto& [said, meant] : probe.as) {
    if (!(meant == value)) continue;
    text = said;
    break;
  }
  replies_.push_back({Reply::Kind::observed, Reply::Status::ok, request.ticket, {}, std::move(text)});
}

void Sim::execute(Execute request) {
  note(drift(request.step));
  note(begin(request));
}

Result<Done> Sim::begin(const Execute& request) {
  SimCommand command;
  command.key = request.key;
  command.step = request.step;
  command.during = resolve(request.shape->during, world_, options_.evaluate);
  command.effects = resolve(request.shape->effects, world_, options_.evaluate);
  command.back = put_back(command.during, command.effects, world_);
  const auto* delay = injected(Injection::Kind::delay, request.step);
  const Milliseconds takes = request.shape->takes * 1000 + (delay != nullptr ? delay->milliseconds : 0);
  command.each = takes / static_cast<Milliseconds>(command.effects.size() + 1);
  command.next = now_;
  auto done = transact([&]() -> Result<Done> {
    if (auto logged = store_->log({request.key, request.step}, now_); !logged) return logged;
    return store_->save(command);
  });
  if (!done) return done;
  if (auto old = commands_.find(command.key); old != commands_.end()) agenda_.erase({old->second.next, command.key});
  auto& kept = commands_[request.key] = std::move(command);
  schedule(kept);
  return Done{};
}

void Sim::schedule(const SimCommand& command) {
  if (command.state == SimCommand::State::going) agenda_[{command.next, command.key}] = &commands_[command.key];
}

/// Whatever an injection has in store for the phase that the command is in.
Result<Done> Sim::stumble(SimCommand& command) {
  for (const auto& injection : options_.injections) {
    if (injection.step != command.step || injection.phase.value_or(-1) != command.phase) continue;
    if (injection.times > 0) {
      auto count = store_->executions(command.step);
      if (!count) return count.error();
      if (*count > injection.times) continue;
    }
    switch (injection.kind) {
      case Injection::Kind::crash:
        if (options_.crash) options_.crash();
        break;
      case Injection::Kind::fail:
        command.state = SimCommand::State::ended_badly;
        reply(command, Reply::Status::failed, "the command failed, as the simulation was told to");
        break;
      case Injection::Kind::hang: command.state = SimCommand::State::stuck; break;
      case Injection::Kind::cut: command.state = SimCommand::State::gone; break;
      default: break;
    }
    if (command.state != SimCommand::State::going) return transact([&] { return store_->save_progress(command); });
  }
  return Done{};
}

Result<Done> Sim::advance(SimCommand& command) {
  if (auto done = stumble(command); !done || command.state != SimCommand::State::going) return done;
  const int last = static_cast<int>(command.effects.size());
  if (command.phase == last) return finish(command);
  const Changes& changes = command.phase < 0 ? command.during : command.effects[static_cast<std::size_t>(command.phase)];
  ++command.phase;
  command.next = now_ + command.each;
  auto done = transact([&]() -> Result<Done> {
    if (auto changed = change(changes); !changed) return changed;
    return store_->save_progress(command);
  });
  schedule(command);
  return done;
}

Result<Done> Sim::finish(SimCommand& command) {
  command.state = SimCommand::State::ended_well;
  const Changes back = std::move(command.back);
  command.back.clear();
  command.during.clear();
  command.effects.clear();
  auto done = transact([&]() -> Result<Done> {
    if (auto changed = change(back); !changed) return changed;
    return store_->save_progress(command);
  });
  reply(command, Reply::Status::ok, {});
  return done;
}

void Sim::reply(const SimCommand& command, Reply::Status status, std::string text) {
  replies_.push_back({Reply::Kind::executed, status, 0, command.key, std::move(text)});
}

void Sim::cancel(const std::string& key) {
  const auto found = commands_.find(key);
  if (found == commands_.end()) return;
  auto& command = found->second;
  if (command.state == SimCommand::State::ended_well || command.state == SimCommand::State::ended_badly) return;
  agenda_.erase({command.next, key});
  command.state = SimCommand::State::ended_badly;
  note(transact([&] { return store_->save_progress(command); }));
  reply(command, Reply::Status::failed, "the command was ended before it was done");
}

Fate Sim::fate(const std::string& key) {
  for (const auto& injection : options_.injections)
    if (injection.kind == Injection::Kind::forget) return Fate::unknown;
  const auto found = commands_.find(key);
  if (found == commands_.end()) return Fate::not_begun;
  switch (found->second.state) {
    case SimCommand::State::going:
    case SimCommand::State::stuck: return Fate::under_way;
    case SimCommand::State::ended_well: return Fate::ended_well;
    case SimCommand::State::gone:
    case SimCommand::State::ended_badly: return Fate::ended_badly;
  }
  return Fate::unknown;
}

/// Lets the clock go to `until`, or as far as a tenth of a second takes it.
bool Sim::pass_time(Milliseconds until) {
  if (options_.speed <= 0 || until <= now_) {
    now_ = std::max(now_, until);
    return true;
  }
  const double real = std::min(100.0, static_cast<double>(until - now_) / options_.speed);
  std::this_thread::sleep_for(std::chrono::duration<double, std::milli>(real));
  now_ = std::min(until, now_ + std::max<Milliseconds>(1, static_cast<Milliseconds>(real * options_.speed)));
  return now_ >= until;
}

Result<std::vector<Reply>> Sim::wait(Milliseconds until) {
  while (replies_.empty() && !failure_) {
    const bool due = !agenda_.empty() && agenda_.begin()->first.first <= until;
    if (!pass_time(due ? agenda_.begin()->first.first : until)) break;
    if (!due) break;
    auto& command = *agenda_.begin()->second;
    agenda_.erase(agenda_.begin());
    note(advance(command));
  }
  if (failure_) return *failure_;
  return std::exchange(replies_, {});
}

}  // namespace exm
