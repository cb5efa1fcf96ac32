#include "runtime/plan/timeline.h"

#include <algorithm>
#include <limits>
#include <map>
#include <queue>
#include <set>

#include "runtime/plan/instantiate.h"

namespace exm::plan {

namespace {

/// Plays a plan by the clock. Steps that wait for the same thing are tried in the plan's order.
class Clock {
 public:
  explicit Clock(const Plan& plan) : plan_(plan), spans_(plan.steps.size(), Span{-1, -1}), waits_(plan.steps.size(), 0), next_(plan.steps.size()) {
    std::map<std::string, std::size_t> index;
    for (std::size_t i = 0; i < plan.steps.size(); ++i) index.emplace(plan.steps[i].id, i);
    for (std::size_t i = 0; i < plan.steps.size(); ++i)
      for (const auto& a : plan.steps[i].after)
        if (const auto it = index.find(a); it != index.end()) {
          ++waits_[i];
          next_[it->second].push_back(i);
        }
    for (std::size_t i = 0; i < waits_.size(); ++i)
      if (waits_[i] == 0) ready_.insert(i);
    free_slots_ = plan.limits.slots;
  }

  std::vector<Span> run() {
    Seconds now = 0;
    while (!ready_.empty() || !ends_.empty()) {
      start_what_may(now);
      if (ends_.empty()) break;
      now = ends_.begin()->first;
      while (!ends_.empty() && ends_.begin()->first == now) end(ends_.begin()->second);
    }
    return spans_;
  }

 private:
  const Template& shape(std::size_t step) const { return plan_.templates.at(plan_.steps[step].step_template); }

  std::vector<std::string> uses(std::size_t step) const {
    std::vector<std::string> out;
    for (const auto& used : shape(step).uses) out.push_back(fill(used, plan_.steps[step].objects, plan_.steps[step].args));
    return out;
  }

  void start_what_may(Seconds now) {
    for (auto it = ready_.begin(); it != ready_.end();) {
      if (plan_.limits.at_most && ends_.size() >= static_cast<std::size_t>(*plan_.limits.at_most)) return;
      const std::size_t step = *it;
      if (!may(step)) {
        ++it;
        continue;
      }
      it = ready_.erase(it);
      for (const auto& used : uses(step)) in_use_.insert(used);
      for (const auto& slot : plan_.steps[step].acquires) --free_slots_[slot];
      spans_[step] = {now, now + shape(step).takes};
      ends_.emplace(spans_[step].end, step);
    }
  }

  bool may(std::size_t step) {
    for (const auto& used : uses(step))
      if (in_use_.contains(used)) return false;
    std::map<std::string, int> wanted;
    for (const auto& slot : plan_.steps[step].acquires) ++wanted[slot];
    return std::all_of(wanted.begin(), wanted.end(), [&](const auto& w) { return free_slots_[w.first] >= w.second; });
  }

  void end(std::size_t step) {
    ends_.erase({spans_[step].end, step});
    for (const auto& used : uses(step)) in_use_.erase(used);
    for (const auto& slot : plan_.steps[step].releases) ++free_slots_[slot];
    for (std::size_t n : next_[step])
      if (--waits_[n] == 0) ready_.insert(n);
  }

  const Plan& plan_;
  std::vector<Span> spans_;
  std::vector<std::size_t> waits_;
  std::vector<std::vector<std::size_t>> next_;
  std::set<std::size_t> ready_;
  std::set<std::pair<Seconds, std::size_t>> ends_;
  std::set<std::string> in_use_;
  std::map<std::string, int> free_slots_;
};

}  // namespace

std::vector<Span> timeline(const Plan& plan) { return Clock(plan).run(); }

Seconds duration(const std::vector<Span>& timeline) {
  Seconds last = 0;
  for (const auto& span : timeline) last = std::max(last, span.end);
  return last;
}

}  // namespace exm::plan
