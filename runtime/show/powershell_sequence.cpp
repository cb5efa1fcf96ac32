#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "runtime/plan/instantiate.h"
#include "runtime/plan/timeline.h"
#include "runtime/show/powershell_tables.h"

namespace exm::show {
namespace {

bool is_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/// Whether the slots that a step takes are free, and what they are then.
bool take(const plan::Plan& plan, const plan::Step& step, std::map<std::string, int>& used) {
  for (const std::string& slot : step.acquires) {
    const auto limit = plan.limits.slots.find(slot);
    if (limit != plan.limits.slots.end() && used[slot] >= limit->second) return false;
  }
  for (const std::string& slot : step.acquires) ++used[slot];
  for (const std::string& slot : step.releases) --used[slot];
  return true;
}

std::vector<std::string> hosts_of(const plan::Plan& plan) {
  std::vector<std::string> hosts;
  for (const plan::Step& step : plan.steps) {
    const auto shape = plan.templates.find(step.step_template);
    hosts.push_back(shape == plan.templates.end() ? "" : filled(shape->second.on, step, Slot::path));
  }
  return hosts;
}

}  // namespace

std::vector<const plan::Step*> in_sequence(const plan::Plan& plan, ScriptOrder which) {
  std::map<std::string, std::size_t> index;
  for (std::size_t i = 0; i < plan.steps.size(); ++i) index[plan.steps[i].id] = i;
  std::vector<std::vector<std::size_t>> next(plan.steps.size());
  std::vector<std::size_t> waits(plan.steps.size());
  const std::vector<plan::Span> times = plan::timeline(plan);
  std::set<std::pair<plan::Seconds, std::size_t>> ready;  // by the begin, then by the place in the plan
  for (std::size_t i = 0; i < plan.steps.size(); ++i) {
    for (const std::string& id : plan.steps[i].after)
      if (const auto at = index.find(id); at != index.end()) next[at->second].push_back(i), ++waits[i];
    if (waits[i] == 0) ready.insert({times[i].start, i});
  }
  std::vector<const plan::Step*> order;
  std::map<std::string, int> used;
  const std::vector<std::string> hosts = hosts_of(plan);
  std::string host;  // that the last step kept busy
  while (!ready.empty()) {
    auto at = ready.end();
    if (which == ScriptOrder::host_by_host && !order.empty())
      at = std::find_if(ready.begin(), ready.end(), [&](const auto& r) { return hosts[r.second] == host && take(plan, plan.steps[r.second], used); });
    if (at == ready.end()) at = std::find_if(ready.begin(), ready.end(), [&](const auto& r) { return take(plan, plan.steps[r.second], used); });
    if (at == ready.end()) break;
    const std::size_t step = at->second;
    host = hosts[step];
    ready.erase(at);
    order.push_back(&plan.steps[step]);
    for (const std::size_t later : next[step])
      if (--waits[later] == 0) ready.insert({times[later].start, later});
  }
  return order;
}

std::string file_name(const std::string& text) {
  std::string out;
  for (const char c : text) out += is_name(c) || c == '-' ? c : '_';
  return out.empty() ? "plan" : out.substr(0, 60);
}

std::string filled(const std::string& text, const plan::Step& step, Slot slot) {
  return slot == Slot::path ? plan::fill(text, step.objects, step.args) : plan::fill_title(text, step.objects, step.args);
}

}  // namespace exm::show
