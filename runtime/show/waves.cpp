#include "runtime/show/waves.h"

#include <algorithm>
#include <map>
#include <set>

#include "runtime/plan/instantiate.h"
#include "runtime/plan/timeline.h"

namespace exm::show {
namespace {

/// What a wave holds already.
class Wave {
 public:
  explicit Wave(const plan::Plan& plan) : plan_(plan) {}

  /// Takes the step in, where it may be under way with the others.
  bool take(const plan::Step& step, std::map<std::string, int>& slots) {
    const plan::Template& shape = plan_.templates.at(step.step_template);
    const std::string language = playbook_language(shape);
    const bool alone = language == "person";
    if (!steps.empty() && (alone || language != language_ || full())) return false;
    std::set<std::string> wants{"on " + (shape.on.empty() ? "controller" : plan::fill(shape.on, step.objects, step.args))};
    for (const std::string& used : shape.uses) wants.insert("uses " + plan::fill(used, step.objects, step.args));
    if (std::any_of(wants.begin(), wants.end(), [&](const auto& thing) { return taken_.count(thing) != 0; })) return false;
    if (!free(step, slots)) return false;
    for (const std::string& slot : step.acquires) --slots[slot];
    taken_.insert(wants.begin(), wants.end());
    language_ = language;
    steps.push_back(&step);
    return true;
  }

  std::vector<const plan::Step*> steps;

 private:
  bool full() const {
    return playbook_language(plan_.templates.at(steps.front()->step_template)) == "person" ||
           (plan_.limits.at_most && steps.size() >= static_cast<std::size_t>(*plan_.limits.at_most));
  }
  static bool free(const plan::Step& step, const std::map<std::string, int>& slots) {
    return std::all_of(step.acquires.begin(), step.acquires.end(), [&](const auto& slot) {
      const auto found = slots.find(slot);
      return found == slots.end() || found->second > 0;
    });
  }

  const plan::Plan& plan_;
  std::string language_;
  std::set<std::string> taken_;
};

}  // namespace

std::string playbook_language(const plan::Template& shape) {
  for (const char* const language : {"shell", "powershell"})
    if (shape.run.count(language) != 0) return language;
  if (!shape.run.empty()) return "person";
  for (const plan::Probe& probe : shape.probes)
    if (probe.language == "powershell") return "powershell";
  return "shell";
}

Waves waves(const plan::Plan& plan, WaveWidth width) {
  std::map<std::string, std::size_t> index;
  for (std::size_t i = 0; i < plan.steps.size(); ++i) index[plan.steps[i].id] = i;
  const std::vector<plan::Span> times = plan::timeline(plan);
  std::vector<std::vector<std::size_t>> next(plan.steps.size());
  std::vector<std::size_t> waits(plan.steps.size());
  std::set<std::pair<plan::Seconds, std::size_t>> ready;  // by the begin, then by the place in the plan
  for (std::size_t i = 0; i < plan.steps.size(); ++i) {
    for (const std::string& id : plan.steps[i].after)
      if (const auto at = index.find(id); at != index.end()) next[at->second].push_back(i), ++waits[i];
    if (waits[i] == 0) ready.insert({times[i].start, i});
  }
  std::map<std::string, int> slots = plan.limits.slots;
  Waves all;
  while (!ready.empty()) {
    Wave wave(plan);
    plan::Seconds first_end = 0;
    const auto candidates = ready;
    for (const auto& [start, step] : candidates) {
      if (width == WaveWidth::overlapping && !wave.steps.empty() && start >= first_end) break;
      if (!wave.take(plan.steps[step], slots)) continue;
      first_end = wave.steps.size() == 1 ? times[step].end : std::min(first_end, times[step].end);
      ready.erase({start, step});
    }
    if (wave.steps.empty()) break;
    for (const plan::Step* step : wave.steps) {
      for (const std::string& slot : step->releases) ++slots[slot];
      for (const std::size_t later : next[index.at(step->id)])
        if (--waits[later] == 0) ready.insert({times[later].start, later});
    }
    all.push_back(std::move(wave.steps));
  }
  return all;
}

plan::Plan in_waves(const plan::Plan& plan, const Waves& waves) {
  plan::Plan ordered = plan;
  ordered.digest.clear();
  ordered.steps.clear();
  std::vector<std::string> before;
  for (const auto& wave : waves) {
    std::vector<std::string> now;
    for (const plan::Step* step : wave) {
      ordered.steps.push_back(*step);
      ordered.steps.back().after = before;
      now.push_back(step->id);
    }
    before = std::move(now);
  }
  return ordered;
}

}  // namespace exm::show
