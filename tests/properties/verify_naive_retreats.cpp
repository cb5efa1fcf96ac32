// Brute force on clause 7: every phase of every step, whole worlds, every order within a step of the retreat.
#include <algorithm>
#include <deque>
#include <set>

#include "runtime/plan/instantiate.h"
#include "runtime/plan/paths.h"
#include "tests/properties/verify_naive.h"
#include "tests/properties/verify_stage.h"

namespace exm::naive {
namespace {

/// Where a retreat has come to, and which rules bind there.
struct Stand {
  World world;
  std::vector<bool> bound;
  friend bool operator<(const Stand& a, const Stand& b) { return a.text() < b.text(); }
  std::string text() const { return key({world, {}, bound}); }
};

/// The plan with this step alone, from that world.
plan::Plan alone(const plan::Plan& plan, const plan::Step& step, const World& world) {
  plan::Plan one = plan;
  one.steps = {step};
  one.steps[0].after.clear();
  one.steps[0].acquires.clear();
  for (const auto& [name, value] : world) {
    const auto [object, state] = plan::split_variable(name);
    if (one.objects.count(object)) one.objects[object].start[state] = value;
  }
  return one;
}

std::vector<Stand> cut_stands(const plan::Plan& plan, std::size_t s) {
  const Stage stage(plan);
  State state = stage.start();
  for (bool more = true; more;) {
    more = false;
    for (std::size_t p = 0; p < plan.steps.size(); ++p) {
      if (!stage.before[p][s] || !stage.may_begin(state, p, false)) continue;
      state = stage.begun(std::move(state), p);
      for (auto next = stage.effects(state, p); !next.empty(); next = stage.effects(state, p)) state = next[0];
      state = *stage.ended(std::move(state), p);
      more = true;
    }
  }
  std::set<std::string> seen;
  std::deque<State> queue{stage.begun(std::move(state), s)};
  std::set<Stand> found;
  while (!queue.empty()) {
    const State now = std::move(queue.front());
    queue.pop_front();
    if (!seen.insert(key(now)).second) continue;
    for (const State& cut : stage.cut_offs(now, s)) {
      Stand stand{cut.world, {}};
      for (const RuleInstance& r : stage.rules) stand.bound.push_back(truth(r.formula, cut.world) == Truth::yes);
      found.insert(stand);
    }
    for (State& next : stage.effects(now, s)) queue.push_back(std::move(next));
  }
  return {found.begin(), found.end()};
}

void leaves(const Effect& effect, std::vector<Assignment>& found) {
  found.insert(found.end(), effect.assignments.begin(), effect.assignments.end());
  for (const Effect& part : effect.parts) leaves(part, found);
}

bool holds_already(const plan::Template& shape, const World& world) {
  std::vector<Assignment> all;
  leaves(shape.effects, all);
  bool some = false;
  for (const Assignment& a : all) {
    if (a.when && truth(*a.when, world) == Truth::no) continue;
    const Value to = evaluate(a.to, world);
    if (to.type == Value::Type::unknown) continue;
    some = true;
    const bool probed = std::any_of(shape.probes.begin(), shape.probes.end(),
                                    [&](const plan::Probe& probe) { return probe.variable == a.variable; });
    if (!probed || !same(world.at(a.variable), to)) return false;
  }
  return some;
}

/// Where one step leads from there; `wrong` says what is in the way.
std::set<Stand> take(const plan::Plan& plan, const plan::Step& step, const Stand& from, std::string& wrong) {
  if (holds_already(plan::instantiate(plan, step), from.world)) return {from};
  const plan::Plan one = alone(plan, step, from.world);
  const Stage stage(one);
  State first = stage.start();
  for (std::size_t r = 0; r < first.bound.size(); ++r) first.bound[r] = first.bound[r] || from.bound[r];
  if (const auto obstacle = stage.obstacle(first, 0); !obstacle.empty()) wrong = obstacle;
  if (!wrong.empty()) return {};
  std::set<Stand> ends;
  std::set<std::string> seen;
  std::deque<State> queue{stage.begun(first, 0)};
  while (!queue.empty()) {
    State now = std::move(queue.front());
    queue.pop_front();
    if (!stage.broken(now).empty()) wrong = "rule " + stage.rules[stage.broken(now)[0]].rule->id;
    if (!wrong.empty()) return {};
    if (!seen.insert(key(now)).second) continue;
    if (now.steps[0].status == Status::ended) {
      ends.insert({now.world, now.bound});
      continue;
    }
    for (State& next : stage.effects(now, 0)) queue.push_back(std::move(next));
    if (auto next = stage.ended(now, 0)) queue.push_back(std::move(*next));
  }
  return ends;
}

/// The parts of an effect one after another, or in any order, without nesting that says nothing.
std::vector<Effect> parts_of(const Effect& effect, Effect::Kind kind) {
  if (effect.kind == Effect::Kind::together) return effect.assignments.empty() ? std::vector<Effect>{} : std::vector<Effect>{effect};
  std::vector<Effect> parts;
  for (const Effect& part : effect.parts) {
    const auto more = parts_of(part, effect.kind);
    parts.insert(parts.end(), more.begin(), more.end());
  }
  if (effect.kind == kind || parts.size() < 2) return parts;
  return {{effect.kind, {}, parts}};
}

bool same_effect(const Effect& a, const Effect& b) {
  return parts_of(a, Effect::Kind::together) == parts_of(b, Effect::Kind::together);
}

plan::Step step_of(const plan::RetreatStep& step, const plan::Step& from) {
  plan::Step taken;
  taken.id = "back";
  taken.step_template = step.step_template;
  for (const std::string& object : step.objects) taken.objects.push_back(plan::fill(object, from.objects));
  taken.args = plan::completed(step, from).args;
  return taken;
}

/// The worlds where the retreat from a step ends.
std::vector<Stand> ends_of(const plan::Plan& plan, std::size_t s, const plan::Retreat& retreat, std::string& wrong) {
  std::set<Stand> stands;
  for (const Stand& cut : cut_stands(plan, s)) stands.insert(cut);
  for (const plan::RetreatStep& step : retreat.steps) {
    const plan::Step taken = step_of(step, plan.steps[s]);
    const plan::Template shape = plan::instantiate(plan, taken), cut = plan::instantiate(plan, plan.steps[s]);
    if (shape.action == cut.action && same_effect(shape.effects, cut.effects) && shape.during == cut.during) wrong = "repeats";
    const auto& forbid = plan.limits.forbid;
    if (std::find(forbid.begin(), forbid.end(), shape.action) != forbid.end()) wrong = "forbidden";
    std::set<Stand> next;
    for (const Stand& stand : stands) next.merge(take(plan, taken, stand, wrong));
    if (!wrong.empty()) return {};
    stands = std::move(next);
  }
  return {stands.begin(), stands.end()};
}

bool different(const plan::Plan& plan, const World& restore, const std::string& name, const Value& value) {
  const auto [path, state] = plan::split_variable(name);
  const plan::Object& object = plan.objects.at(path);
  const auto about = plan.kinds.at(object.kind).states.find(state);
  const bool lasting = about != plan.kinds.at(object.kind).states.end() && about->second.lasting;
  if (lasting || object.planned || restore.at(name).type == Value::Type::unknown) return false;
  if (const auto free = plan.free.find(name); free != plan.free.end()) {
    if (free->second.why == plan::Free::Why::left) return false;
    if (free->second.why == plan::Free::Why::achieved && same(free->second.ends, value)) return false;
  }
  return !same(restore.at(name), value);
}

std::map<std::string, Value> open_in(const plan::Plan& plan, const std::vector<Stand>& ends) {
  std::map<std::string, Value> open;
  const World restore = plan::restore_world(plan);
  for (const auto& [name, first] : ends.at(0).world) {
    bool differs = false;
    Value value = first;
    for (const Stand& end : ends) {
      differs = differs || different(plan, restore, name, end.world.at(name));
      if (!same(value, end.world.at(name))) value = plan::unknown();
    }
    if (differs) open[name] = value;
  }
  return open;
}

std::string disrupted(const plan::Plan& plan, const std::vector<Stand>& ends) {
  const World start = plan::start_world(plan);
  for (const plan::Formula& formula : plan.disrupts_when) {
    for (const plan::Expression& one : plan::instances(formula)) {
      if (truth(one, start) != Truth::no) continue;
      for (const Stand& end : ends) {
        if (truth(one, end.world) != Truth::no) return "disrupts";
      }
    }
  }
  return "";
}

}  // namespace

std::optional<std::map<std::string, Value>> open_after(const plan::Plan& plan, std::size_t step,
                                                       const plan::Retreat& retreat) {
  std::string wrong;
  const auto ends = ends_of(plan, step, retreat, wrong);
  if (!wrong.empty() || !disrupted(plan, ends).empty()) return std::nullopt;
  return open_in(plan, ends);
}

std::string judge_retreats(const plan::Plan& plan) {
  for (std::size_t s = 0; s < plan.steps.size(); ++s) {
    const plan::Step& step = plan.steps[s];
    const auto retreat = plan.retreats.find(step.retreat);
    if (retreat == plan.retreats.end()) {
      const auto& allow = plan.limits.allow;
      const std::string action = plan::instantiate(plan, step).action;
      if (std::find(allow.begin(), allow.end(), action) == allow.end()) return "no retreat from " + step.id;
      continue;
    }
    std::string wrong;
    const auto ends = ends_of(plan, s, retreat->second, wrong);
    if (wrong.empty()) wrong = disrupted(plan, ends);
    if (!wrong.empty()) return "retreat from " + step.id + ": " + wrong;
    std::map<std::string, Value> listed;
    for (const auto& [path, value] : retreat->second.open) listed[plan::fill(path, step.objects)] = value;
    const auto open = open_in(plan, ends);
    const bool equal_lists =
        std::equal(open.begin(), open.end(), listed.begin(), listed.end(),
                   [](const auto& a, const auto& b) { return a.first == b.first && same(a.second, b.second); });
    if (!equal_lists) return "open after the retreat from " + step.id;
  }
  return "";
}

}  // namespace exm::naive
