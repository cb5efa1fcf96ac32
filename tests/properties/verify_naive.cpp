#include "tests/properties/verify_naive.h"

#include <algorithm>
#include <deque>
#include <set>

#include "runtime/plan/paths.h"
#include "tests/properties/verify_stage.h"

namespace exm::naive {
namespace {

void fail(Judgement& judgement, const std::string& why) {
  if (judgement.valid) judgement.why = why;
  judgement.valid = false;
}

bool lasting(const plan::Plan& plan, const std::string& name) {
  for (const auto& [path, object] : plan.objects) {
    for (const auto& [state, about] : plan.kinds.at(object.kind).states) {
      if (path + "." + state == name) return about.lasting;
    }
  }
  return false;
}

bool planned(const plan::Plan& plan, const std::string& name) {
  const auto at = plan.objects.find(name.substr(0, name.rfind('.')));
  return at != plan.objects.end() && at->second.planned;
}

bool wishes_hold(const plan::Plan& plan, const Stage& world, const World& end) {
  for (const plan::Expression& wish : plan.achieve) {
    if (truth(wish, end) != Truth::yes) return false;
  }
  for (const RuleInstance& r : world.rules) {
    if (r.rule->repaired && truth(r.formula, end) != Truth::yes) return false;
  }
  return true;
}

void judge_end(const plan::Plan& plan, const Stage& world, const World& end, Judgement& judgement) {
  if (!wishes_hold(plan, world, end)) fail(judgement, "wish");
  const World restore = plan::restore_world(plan);
  for (const auto& [name, value] : end) {
    const auto listed = plan.free.find(name);
    if (listed != plan.free.end() && !same(listed->second.ends, value)) fail(judgement, "ends of " + name);
    if (same(value, restore.at(name))) continue;
    if (listed == plan.free.end()) {
      fail(judgement, "not listed: " + name);
      continue;
    }
    World back = end;
    back[name] = restore.at(name);
    bool fine = false;
    switch (listed->second.why) {
      case plan::Free::Why::left:
        fine = true;
        break;
      case plan::Free::Why::lasting:
        fine = lasting(plan, name);
        break;
      case plan::Free::Why::planned:
        fine = planned(plan, name);
        break;
      case plan::Free::Why::unknown:
        fine = restore.at(name).type == Value::Type::unknown;
        break;
      case plan::Free::Why::achieved:
        fine = wishes_hold(plan, world, end) && !wishes_hold(plan, world, back);
        break;
    }
    if (!fine) fail(judgement, "not free: " + name);
  }
}

}  // namespace

namespace {

Judgement judge_forward(const plan::Plan& plan, std::size_t most_states) {
  Judgement judgement;
  const Stage world(plan);
  for (std::size_t s = 0; s < plan.steps.size(); ++s) {
    if (world.before[s][s]) return fail(judgement, "circle"), judgement;
  }
  if (const auto race = world.race(); !race.empty()) {
    judgement.races = true;
    return fail(judgement, race), judgement;
  }
  State first = world.start();
  for (std::size_t r = 0; r < world.rules.size(); ++r) {
    const plan::Rule& rule = *world.rules[r].rule;
    if (!first.bound[r] && !rule.of_steps && !rule.repaired) fail(judgement, "at start: " + rule.id);
  }
  std::optional<World> end;
  std::deque<std::pair<State, std::size_t>> queue{{first, 0}};
  std::set<std::string> seen{key(first)};
  const auto push = [&](State next, std::size_t events) {
    for (const std::size_t r : world.broken(next)) {
      fail(judgement, "rule " + world.rules[r].rule->id);
      judgement.shortest.emplace(world.rules[r].rule->id, events);  // breadth first: the first is the shortest
    }
    if (seen.insert(key(next)).second) queue.emplace_back(std::move(next), events);
  };
  while (!queue.empty()) {
    const auto [state, events] = std::move(queue.front());
    queue.pop_front();
    if (++judgement.states > most_states) {
      judgement.gave_up = true;
      return judgement;
    }
    for (const plan::Withstand& limit : plan.limits.withstand) {
      if (world.hurt(state.world, state.bound, limit, {})) fail(judgement, "withstand");
    }
    bool busy = false, waiting = false, moves = false, all_ended = true;
    for (std::size_t s = 0; s < plan.steps.size(); ++s) {
      const Status status = state.steps[s].status;
      all_ended = all_ended && status == Status::ended;
      busy = busy || status == Status::running || status == Status::cut_off;
      waiting = waiting || status == Status::waiting;
      if (status == Status::waiting && world.may_begin(state, s)) {
        moves = true;
        if (const auto obstacle = world.obstacle(state, s); !obstacle.empty())
          fail(judgement, obstacle);
        else
          push(world.begun(state, s), events + 1);
      } else if (status == Status::running) {
        for (State& next : world.effects(state, s)) push(std::move(next), events + 1);
        if (auto next = world.ended(state, s)) push(std::move(*next), events + 1);
        for (State& next : world.cut_offs(state, s)) push(std::move(next), events + 1);
      }
    }
    if (waiting && !busy && !moves) fail(judgement, "deadlock");
    for (const auto& [slot, left] : world.slots(state)) {
      if (left > plan.limits.slots.at(slot)) fail(judgement, "slot given back too often");
    }
    if (!all_ended) continue;
    if (end && *end != state.world) judgement.several_ends = true;
    end = state.world;
    judge_end(plan, world, state.world, judgement);
  }
  return judgement;
}

}  // namespace

Judgement judge(const plan::Plan& plan, std::size_t most_states) {
  Judgement judgement = judge_forward(plan, most_states);
  if (!judgement.valid || judgement.gave_up) return judgement;
  if (const std::string wrong = judge_retreats(plan); !wrong.empty()) fail(judgement, wrong);
  return judgement;
}

namespace {

bool shows(const World& world, const Event& event) {
  return std::all_of(event.assignments.begin(), event.assignments.end(),
                     [&](const auto& a) { return same(world.at(a.first), a.second); });
}

/// The states to which this event leads from that one.
std::vector<State> follow(const plan::Plan& plan, const Stage& world, const State& state, const Event& event) {
  std::vector<State> next;
  for (std::size_t s = 0; s < plan.steps.size(); ++s) {
    if (plan.steps[s].id != event.step) continue;
    const bool running = state.steps[s].status == Status::running;
    if (event.what == Event::What::begins && world.may_begin(state, s) && world.obstacle(state, s).empty()) {
      next.push_back(world.begun(state, s));
    }
    if (event.what == Event::What::effect && running) next = world.effects(state, s);
    if (event.what == Event::What::is_cut_off && running) next = world.cut_offs(state, s);
    if (event.what == Event::What::ends && running) {
      if (auto ended = world.ended(state, s)) next.push_back(std::move(*ended));
    }
  }
  std::erase_if(next, [&](const State& there) { return !shows(there.world, event); });
  return next;
}

}  // namespace

std::optional<std::string> replay(const plan::Plan& plan, const std::vector<Event>& trace, const std::string& rule) {
  const Stage world(plan);
  std::vector<State> states{world.start()};
  bool broken = false;
  for (std::size_t i = 0; i < trace.size(); ++i) {
    std::vector<State> next;
    broken = false;
    for (const State& state : states) {
      for (State& there : follow(plan, world, state, trace[i])) {
        for (const std::size_t r : world.broken(there)) broken = broken || world.rules[r].rule->id == rule;
        next.push_back(std::move(there));
      }
    }
    if (next.empty()) return "event " + std::to_string(i) + " (" + trace[i].step + ") cannot happen";
    states = std::move(next);
  }
  if (!broken) return "the rule is not broken at the end";
  return std::nullopt;
}

std::optional<std::map<std::string, Value>> end_of(const plan::Plan& plan) {
  const Stage world(plan);
  State state = world.start();
  for (std::size_t done = 0; done < plan.steps.size(); ++done) {
    std::size_t s = 0;
    while (s < plan.steps.size() && !world.may_begin(state, s, false)) ++s;
    if (s == plan.steps.size()) return std::nullopt;
    state = world.begun(std::move(state), s);
    for (auto next = world.effects(state, s); !next.empty(); next = world.effects(state, s)) state = next[0];
    state = *world.ended(std::move(state), s);
  }
  return state.world;
}

}  // namespace exm::naive
