#include "tests/examples/members_world.h"

#include <algorithm>
#include <random>
#include <set>

#include "runtime/plan/instantiate.h"
#include "runtime/plan/paths.h"
#include "runtime/verify/evaluate.h"

namespace exm::cli {
namespace {

using plan::Assignment;
using plan::Effect;
using plan::Value;

/// What a step changes at one moment: values as read when it began.
using Change = std::vector<std::pair<std::string, Value>>;

struct Running {
  std::size_t step = 0;
  UnderWay shown;
  std::vector<Change> changes;
  std::size_t done = 0;
  std::map<std::string, Value>
      after;  // of what it holds while it runs: the value when it has ended, unless an effect gives one
};

class Play {
 public:
  Play(const plan::Plan& plan, std::uint32_t seed)
      : plan_(plan), chance_(seed), world_(plan::start_world(plan)), slots_(plan.limits.slots) {
    for (const auto& step : plan.steps) waiting_.push_back(&step);
  }

  World run(const Watcher& watch) {
    watch(world_, {});
    while (event()) {
      std::vector<UnderWay> shown;
      for (const Running& r : running_) shown.push_back(r.shown);
      watch(world_, shown);
    }
    return waiting_.empty() ? world_ : World{};
  }

 private:
  std::size_t below(std::size_t n) { return chance_() % n; }

  /// One step begins, or one that runs changes something, or ends. False: nothing can happen any more.
  bool event() {
    std::vector<std::size_t> open;
    for (std::size_t i = 0; i < waiting_.size(); ++i)
      if (may_begin(*waiting_[i])) open.push_back(i);
    const std::size_t all = open.size() + running_.size();
    if (all == 0) return false;
    const std::size_t chosen = below(all);
    if (chosen < open.size())
      begin(open[chosen]);
    else
      go_on(chosen - open.size());
    return true;
  }

  bool may_begin(const plan::Step& step) const {
    const auto in_use = [&](const auto& name) { return used_.count(name) > 0; };
    const plan::Template shape = plan::instantiate(plan_, step);
    return std::all_of(step.after.begin(), step.after.end(), [&](const auto& id) { return ended_.count(id) > 0; }) &&
           std::all_of(step.acquires.begin(), step.acquires.end(),
                       [&](const auto& slot) { return slots_.at(slot) > 0; }) &&
           std::none_of(shape.uses.begin(), shape.uses.end(), in_use);
  }

  void begin(std::size_t at) {
    const plan::Step& step = *waiting_[at];
    const plan::Template shape = plan::instantiate(plan_, step);
    waiting_.erase(waiting_.begin() + static_cast<std::ptrdiff_t>(at));
    for (const auto& slot : step.acquires) --slots_[slot];
    used_.insert(shape.uses.begin(), shape.uses.end());
    Running r;
    r.step = static_cast<std::size_t>(&step - plan_.steps.data());
    r.shown = {shape.action, step.objects};
    r.changes = order(shape.effects);
    for (const Assignment& a : shape.during) r.after[a.variable] = world_.at(a.variable);
    for (const auto& [variable, value] : read(shape.during)) world_[variable] = value;
    running_.push_back(std::move(r));
  }

  void go_on(std::size_t at) {
    Running& r = running_[at];
    if (r.done < r.changes.size()) {
      for (const auto& [variable, value] : r.changes[r.done]) {
        world_[variable] = value;
        r.after.erase(variable);
      }
      ++r.done;
      return;
    }
    for (const auto& [variable, value] : r.after) world_[variable] = value;
    const plan::Step& step = plan_.steps[r.step];
    ended_.insert(step.id);
    for (const auto& slot : step.releases) ++slots_[slot];
    for (const auto& name : plan::instantiate(plan_, step).uses) used_.erase(name);
    running_.erase(running_.begin() + static_cast<std::ptrdiff_t>(at));
  }

  Change read(const std::vector<Assignment>& assignments) const {
    Change change;
    for (const Assignment& a : assignments) {
      const Truth when = a.when ? truth(*a.when, world_) : Truth::yes;
      const Value to = evaluate(a.to, world_);
      if (when == Truth::yes) change.emplace_back(a.variable, to);
      if (when == Truth::unknown && !same(world_.at(a.variable), to)) change.emplace_back(a.variable, plan::unknown());
    }
    return change;
  }

  /// The effect's moments in one of the orders that it allows.
  std::vector<Change> order(const Effect& effect) {
    if (effect.kind == Effect::Kind::together) return {read(effect.assignments)};
    std::vector<std::vector<Change>> parts;
    for (const Effect& part : effect.parts) parts.push_back(order(part));
    std::vector<Change> all;
    for (;;) {
      std::erase_if(parts, [](const auto& part) { return part.empty(); });
      if (parts.empty()) return all;
      auto& next = parts[effect.kind == Effect::Kind::sequence ? 0 : below(parts.size())];
      all.push_back(next.front());
      next.erase(next.begin());
    }
  }

  const plan::Plan& plan_;
  std::mt19937 chance_;
  World world_;
  std::map<std::string, int> slots_;
  std::vector<const plan::Step*> waiting_;
  std::vector<Running> running_;
  std::set<std::string> ended_, used_;
};

}  // namespace

World play(const plan::Plan& plan, std::uint32_t seed, const Watcher& watch) {
  return Play(plan, seed).run(watch);
}

}  // namespace exm::cli
