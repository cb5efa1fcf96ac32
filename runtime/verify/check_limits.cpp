// Clause 6: what the maintenance forbids, when it may run, who is asked, and slots. `withstand` is with the rules.
#include <algorithm>
#include <map>
#include <optional>
#include <queue>
#include <set>

#include "runtime/verify/clauses.h"

namespace exm::model {
namespace {

bool listed(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// The template's action and those of its fallbacks, one after another.
void check_forbidden(const plan::Plan& plan, const Step& step, std::vector<Finding>& findings) {
  std::set<std::string> seen;
  std::string name = step.source->step_template;
  for (bool first = true; seen.insert(name).second; first = false) {
    const auto at = plan.templates.find(name);
    if (at == plan.templates.end()) return;
    if (listed(plan.limits.forbid, at->second.action)) {
      findings.push_back(
          finding(code::forbidden, step.id, "",
                  named(step) + (first ? " is `" : " falls back to `") + at->second.action + "`, which is forbidden"));
    }
    if (!at->second.fallback) return;
    name = at->second.fallback->step_template;
  }
}

void check_forbidden_retreats(const plan::Plan& plan, std::vector<Finding>& findings) {
  for (const auto& [id, retreat] : plan.retreats) {
    for (const plan::RetreatStep& step : retreat.steps) {
      const auto at = plan.templates.find(step.step_template);
      if (at == plan.templates.end() || !listed(plan.limits.forbid, at->second.action)) continue;
      findings.push_back(
          finding(code::forbidden, "", "", "retreat " + id + " has `" + at->second.action + "`, which is forbidden"));
    }
  }
}

void check_windows(const plan::Plan& plan, std::int64_t duration, std::vector<Finding>& findings) {
  const auto& windows = plan.limits.windows;
  const bool fits =
      std::any_of(windows.begin(), windows.end(), [&](const plan::Window& w) { return duration <= w.length; });
  if (windows.empty() || fits) return;
  findings.push_back(finding(code::window, "", "",
                             "the plan takes " + std::to_string(duration) + " s, longer than each of its windows"));
}

void check_gates(const plan::Plan& plan, std::vector<Finding>& findings) {
  for (const plan::Confirm& gate : plan.limits.confirms) {
    const bool known =
        gate.before.empty() || std::any_of(plan.templates.begin(), plan.templates.end(),
                                           [&](const auto& t) { return t.second.action == gate.before; });
    if (known) continue;
    findings.push_back(finding(
        code::confirm, "", "",
        "\"" + gate.question + "\" is to be confirmed before `" + gate.before + "`, which is no action of this plan"));
  }
}

/// Slots as holds: which step gives back what which other one takes.
class Slots {
 public:
  explicit Slots(const Scene& scene) : scene_(scene), model_(scene.model), free_(model_.slots) {}

  void check(std::vector<Finding>& findings) {
    if (scene_.slot_steps.empty()) return;
    match(findings);
    if (!findings.empty() || holds_wait_for_nothing()) return;
    walk(findings);
  }

 private:
  struct Hold {
    int taker = -1;  // or a step that is done
    int giver = 0;
  };

  /// Each giver gets the last taker before it that has none yet, or a slot that was held when the rest began.
  void match(std::vector<Finding>& findings) {
    std::map<int, int> held;
    std::map<int, std::vector<int>> takers;
    for (const int s : scene_.slot_steps) {
      for (const int slot : model_.steps[s].acquires) takers[slot].push_back(s);
      for (const int slot : model_.steps[s].releases) {
        auto& open = takers[slot];
        const auto at =
            std::find_if(open.rbegin(), open.rend(), [&](int t) { return t == s || scene_.order.before(t, s); });
        if (at != open.rend()) {
          holds_.push_back({*at, s});
          open.erase(std::next(at).base());
        } else if (held[slot]++ < model_.held[slot]) {
          holds_.push_back({-1, s});
        } else {
          findings.push_back(finding(code::slots, model_.steps[s].id, "",
                                     named(model_.steps[s]) + " gives back a slot of `" + model_.slot_names[slot] +
                                         "` that no step before it has taken"));
        }
      }
    }
    for (const auto& [slot, open] : takers) kept_ = kept_ || !open.empty();
  }

  /// Enough for no deadlock, and quick: nothing that has to happen while a slot is held waits for a slot.
  bool holds_wait_for_nothing() const {
    if (kept_ || !enough_for_each()) return false;
    return std::all_of(holds_.begin(), holds_.end(), [&](const Hold& hold) {
      return std::none_of(scene_.slot_steps.begin(), scene_.slot_steps.end(), [&](int s) {
        if (model_.steps[s].acquires.empty() || s == hold.taker) return false;
        const bool before_taking = hold.taker >= 0 && scene_.order.before(s, hold.taker);
        return (s == hold.giver || scene_.order.before(s, hold.giver)) && !before_taking;
      });
    });
  }

  bool enough_for_each() const {
    return std::all_of(scene_.slot_steps.begin(), scene_.slot_steps.end(), [&](int s) {
      const auto& wanted = model_.steps[s].acquires;
      return std::all_of(wanted.begin(), wanted.end(), [&](int slot) {
        return std::count(wanted.begin(), wanted.end(), slot) <= model_.slots[slot] + model_.held[slot];
      });
    });
  }

  /// Exactly: every set of ended steps that some order leads to has a step that can go on. Overlaps lead nowhere else,
  /// since a step that has ended holds no more than one that runs.
  void walk(std::vector<Finding>& findings) {
    using Ended = std::vector<bool>;
    std::set<Ended> seen{Ended(scene_.slot_steps.size())};
    std::queue<Ended> next;
    next.push(*seen.begin());
    while (!next.empty() && seen.size() <= scene_.bound) {
      const Ended ended = std::move(next.front());
      next.pop();
      std::optional<std::size_t> waits;
      bool moved = false;
      for (std::size_t i = 0; i < ended.size(); ++i) {
        if (ended[i] || !ready(i, ended)) continue;
        if (!free_for(i, ended)) {
          waits = i;
          continue;
        }
        moved = true;
        Ended more = ended;
        more[i] = true;
        if (seen.insert(more).second) next.push(std::move(more));
      }
      if (!moved && waits) return stuck(*waits, ended, findings);
    }
    if (!next.empty())
      findings.push_back(finding(code::bound, "", "",
                                 "whether steps can wait for slots for ever is not known: the check ended after " +
                                     std::to_string(scene_.bound) + " states"));
  }

  bool ready(std::size_t i, const std::vector<bool>& ended) const {
    for (std::size_t j = 0; j < ended.size(); ++j) {
      if (!ended[j] && scene_.order.before(scene_.slot_steps[j], scene_.slot_steps[i])) return false;
    }
    return true;
  }

  bool free_for(std::size_t i, const std::vector<bool>& ended) const {
    std::vector<int> free = free_;
    for (std::size_t j = 0; j < ended.size(); ++j) {
      if (!ended[j]) continue;
      for (const int slot : model_.steps[scene_.slot_steps[j]].acquires) --free[slot];
      for (const int slot : model_.steps[scene_.slot_steps[j]].releases) ++free[slot];
    }
    for (const int slot : model_.steps[scene_.slot_steps[i]].acquires) {
      if (--free[slot] < 0) return false;
    }
    return true;
  }

  void stuck(std::size_t waits, const std::vector<bool>& ended, std::vector<Finding>& findings) {
    const Step& step = model_.steps[scene_.slot_steps[waits]];
    findings.push_back(finding(code::deadlock, step.id, "", named(step) + " can wait for a slot for ever"));
    std::set<int> told;
    for (std::size_t i = 0; i < ended.size(); ++i) {
      if (!ended[i]) continue;
      for (const int s : scene_.order.sequence()) {
        if ((s != scene_.slot_steps[i] && !scene_.order.before(s, scene_.slot_steps[i])) || !told.insert(s).second)
          continue;
        const auto events = whole_step(scene_, s);
        findings.back().trace.insert(findings.back().trace.end(), events.begin(), events.end());
      }
    }
  }

  const Scene& scene_;
  const Model& model_;
  std::vector<int> free_;
  std::vector<Hold> holds_;
  bool kept_ = false;  // some slot is never given back
};

}  // namespace

void check_limits(const plan::Plan& plan, const Scene& scene, std::int64_t duration, std::vector<Finding>& findings) {
  for (const Step& step : scene.model.steps) check_forbidden(plan, step, findings);
  check_forbidden_retreats(plan, findings);
  if (plan.limits.at_most && *plan.limits.at_most < 1 && !scene.model.steps.empty()) {
    findings.push_back(
        finding(code::at_most, "", "",
                "at most " + std::to_string(*plan.limits.at_most) + " steps may run at once: none ever does"));
  }
  check_windows(plan, duration, findings);
  check_gates(plan, findings);
}

void check_slots(const Scene& scene, std::vector<Finding>& findings) {
  std::vector<Finding> found;
  Slots(scene).check(found);
  findings.insert(findings.end(), found.begin(), found.end());
}

}  // namespace exm::model
