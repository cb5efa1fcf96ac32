#include "runtime/run/schedule.h"

#include <algorithm>

#include "runtime/plan/instantiate.h"

namespace exm {

Schedule::Schedule(const plan::Plan& plan, int at_most)
    : plan_(plan),
      at_most_(at_most),
      waits_for_(plan.steps.size(), 0),
      followers_(plan.steps.size()),
      dropped_(plan.steps.size(), false),
      begun_(plan.steps.size(), false),
      free_slots_(plan.limits.slots) {
  if (plan.limits.at_most && (at_most_ == 0 || *plan.limits.at_most < at_most_)) at_most_ = *plan.limits.at_most;
  std::map<std::string_view, int> numbers;
  for (std::size_t i = 0; i < plan.steps.size(); ++i) numbers[plan.steps[i].id] = static_cast<int>(i);
  for (std::size_t i = 0; i < plan.steps.size(); ++i) {
    for (const auto& before : plan.steps[i].after) {
      const auto found = numbers.find(before);
      if (found == numbers.end()) continue;
      followers_[static_cast<std::size_t>(found->second)].push_back(static_cast<int>(i));
      ++waits_for_[i];
    }
    if (waits_for_[i] == 0) ready_.insert(static_cast<int>(i));
  }
}

std::vector<std::string> Schedule::held_by(int step) const {
  const auto& one = plan_.steps[static_cast<std::size_t>(step)];
  const auto found = plan_.templates.find(one.step_template);
  std::vector<std::string> names;
  if (found == plan_.templates.end()) return names;
  const auto& shape = found->second;
  if (!shape.on.empty()) names.push_back("on " + plan::fill(shape.on, one.objects, one.args));
  for (const auto& used : shape.uses) names.push_back("uses " + plan::fill(used, one.objects, one.args));
  return names;
}

int Schedule::take() {
  if (at_most_ > 0 && running_ >= at_most_) return -1;
  for (const int step : ready_) {
    const auto names = held_by(step);
    const bool free = std::none_of(names.begin(), names.end(), [&](const auto& name) { return busy_.count(name) != 0; });
    const auto& acquires = plan_.steps[static_cast<std::size_t>(step)].acquires;
    const bool slots = std::all_of(acquires.begin(), acquires.end(), [&](const auto& slot) {
      const auto found = free_slots_.find(slot);
      return found == free_slots_.end() || found->second > 0;
    });
    if (!free || !slots) continue;
    hold(step);
    return step;
  }
  return -1;
}

void Schedule::hold(int step) {
  ready_.erase(step);
  begun_[static_cast<std::size_t>(step)] = true;
  ++running_;
  for (const auto& name : held_by(step)) busy_.insert(name);
  for (const auto& slot : plan_.steps[static_cast<std::size_t>(step)].acquires) --free_slots_[slot];
}

void Schedule::let_go(int step) {
  --running_;
  for (const auto& name : held_by(step)) busy_.erase(name);
}

void Schedule::unlock(int step) {
  for (const auto& slot : plan_.steps[static_cast<std::size_t>(step)].releases) ++free_slots_[slot];
  for (const int follower : followers(step))
    if (--waits_for_[static_cast<std::size_t>(follower)] == 0 && !dropped(follower) && !begun_[static_cast<std::size_t>(follower)])
      ready_.insert(follower);
}

void Schedule::end(int step) {
  let_go(step);
  unlock(step);
}

void Schedule::cut_off(int step) { let_go(step); }

void Schedule::assume_over(int step) {
  ready_.erase(step);
  begun_[static_cast<std::size_t>(step)] = true;
  for (const auto& slot : plan_.steps[static_cast<std::size_t>(step)].acquires) --free_slots_[slot];
  unlock(step);
}

void Schedule::put_back(int step) {
  let_go(step);
  for (const auto& slot : plan_.steps[static_cast<std::size_t>(step)].acquires) ++free_slots_[slot];
  begun_[static_cast<std::size_t>(step)] = false;
  if (!dropped(step)) ready_.insert(step);
}

void Schedule::drop(int step) {
  std::vector<int> open{step};
  while (!open.empty()) {
    const int next = open.back();
    open.pop_back();
    if (dropped(next)) continue;
    dropped_[static_cast<std::size_t>(next)] = true;
    ready_.erase(next);
    open.insert(open.end(), followers(next).begin(), followers(next).end());
  }
}

}  // namespace exm
