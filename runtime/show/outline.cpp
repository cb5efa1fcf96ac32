#include "runtime/show/outline.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "runtime/plan/instantiate.h"
#include "runtime/plan/paths.h"
#include "runtime/plan/timeline.h"
#include "runtime/show/failures.h"
#include "runtime/show/words.h"

namespace exm::show {

namespace {

constexpr std::size_t most_named = 4;
constexpr std::string_view no_host = "no host";

std::vector<std::string> sentences(const std::vector<std::string>& texts) {
  std::vector<std::string> out;
  for (const auto& text : texts) out.push_back(sentence(clean(text)));
  return out;
}

std::vector<std::string> marks_of(const plan::Template& shape) {
  std::vector<std::string> out;
  for (const auto& d : shape.disrupts) out.push_back(fmt::format("users of {} feel it for {}", clean(d.whose), duration_words(d.lasts)));
  if (shape.irreversible) out.push_back("cannot be undone");
  for (auto& line : lease_lines(shape)) out.push_back(std::move(line));
  if (shape.run.contains("person")) out.push_back("a person does it");
  for (const auto& question : shape.confirm) out.push_back("asks first: " + clean(question));
  for (const auto& privilege : shape.privileges) out.push_back("needs " + clean(privilege));
  for (const auto& notice : shape.notices) out.push_back(clean(notice));
  if (shape.run.empty()) out.push_back("waits until it is seen to be so");
  return out;
}

OutlineStep outline_step(const plan::Plan& plan, std::size_t index, const plan::Template& shape, const plan::Span& span) {
  OutlineStep out;
  out.index = index;
  out.id = clean(plan.steps[index].id);
  out.title = clean(shape.title);
  out.why = sentence(clean(plan.steps[index].why));
  out.start = span.start;
  out.takes = shape.takes;
  out.marks = marks_of(shape);
  return out;
}

std::string meanwhile(const std::vector<std::string>& named, std::size_t all) {
  if (all <= named.size()) return list_words(named);
  std::vector<std::string> shown(named);
  shown.resize(all);  // so that the rest is counted
  return list_words(shown, named.size());
}

/// What runs at the same time: what is running when the step starts, and what starts before it ends. Some are named, all are counted.
void find_company(std::vector<OutlineStep>& steps) {
  std::vector<std::size_t> order;
  std::vector<plan::Seconds> ends;
  for (std::size_t i = 0; i < steps.size(); ++i)
    if (steps[i].takes > 0 && steps[i].start >= 0) order.push_back(i), ends.push_back(steps[i].start + steps[i].takes);
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return steps[a].start < steps[b].start; });
  std::sort(ends.begin(), ends.end());
  std::set<std::pair<plan::Seconds, std::size_t>> running;
  for (std::size_t at = 0; at < order.size(); ++at) {
    OutlineStep& step = steps[order[at]];
    const plan::Seconds end = step.start + step.takes;
    while (!running.empty() && running.begin()->first <= step.start) running.erase(running.begin());
    std::vector<std::string> named;
    for (auto it = running.begin(); it != running.end() && named.size() < most_named; ++it) named.push_back(steps[it->second].id);
    for (std::size_t later = at + 1; later < order.size() && steps[order[later]].start < end && named.size() < most_named; ++later)
      named.push_back(steps[order[later]].id);
    const auto begun = std::lower_bound(order.begin(), order.end(), end, [&](std::size_t i, plan::Seconds t) { return steps[i].start < t; }) - order.begin();
    const auto over = std::upper_bound(ends.begin(), ends.end(), step.start) - ends.begin();
    step.meanwhile = meanwhile(named, static_cast<std::size_t>(begun - over) - 1);
    running.emplace(end, order[at]);
  }
}

std::string measure_name(plan::Measure measure) {
  switch (measure) {
    case plan::Measure::disruption: return "disruption";
    case plan::Measure::duration: return "duration";
    case plan::Measure::cost: return "cost";
    case plan::Measure::away: return "time away from how things were";
  }
  return "";
}

/// Which measures are proven least; where one is not, below what no plan can be.
void add_proof(const plan::Plan& plan, std::vector<std::string>& out) {
  const plan::Summary& s = plan.summary;
  if (!s.least.empty() && s.least == plan.minimize) {
    out.push_back("Proven: no valid plan is better.");
  } else if (!s.least.empty()) {
    std::vector<std::string> names;
    for (auto m : s.least) names.push_back(measure_name(m));
    out.push_back(fmt::format("Proven least: {}.", list_words(names)));
  }
  for (const auto& [measure, bound] : s.bounds) {
    const std::string least = measure == plan::Measure::cost ? std::to_string(bound) : duration_words(bound);
    out.push_back(measure == plan::Measure::duration ? fmt::format("No plan can take less than {}.", least)
                                                     : fmt::format("No plan can have less {} than {}.", measure_name(measure), least));
  }
}

/// What the plan gains by doing things side by side.
std::string alone_words(const Outline& o, plan::Seconds whole) {
  plan::Seconds alone = 0;
  for (const auto& lane : o.lanes)
    for (const auto& step : lane.steps) alone += step.takes;
  return alone == whole ? "" : fmt::format("; {} one step at a time", duration_words(alone));
}

/// How many may be between taking a slot and giving it back, of how many that want one.
std::vector<std::string> slots_in_all(const plan::Plan& plan) {
  std::vector<std::string> out;
  for (const auto& [slot, n] : plan.limits.slots) {
    std::int64_t takers = 0;
    for (const auto& step : plan.steps) takers += std::count(step.acquires.begin(), step.acquires.end(), slot);
    out.push_back(clean(fmt::format("{} at a time, of {}, for {}: who is done first lets the next one in.", n, takers, slot)));
  }
  return out;
}

std::vector<std::string> summary(const plan::Plan& plan, const Outline& o, plan::Seconds whole) {
  std::vector<std::string> hosts, finals, felt;
  for (const auto& lane : o.lanes)
    if (lane.name != no_host) hosts.push_back(lane.name);
  for (const auto& lane : o.lanes)
    for (const auto& step : lane.steps) {
      if (std::find(step.marks.begin(), step.marks.end(), "cannot be undone") != step.marks.end()) finals.push_back(fmt::format("{} ({})", step.title, step.id));
      const bool blow = !step.marks.empty() && step.marks.front().starts_with("users of ");
      if (blow) felt.push_back(fmt::format("{} at {}", step.id, clock_words(step.start)));
    }
  std::vector<std::string> out;
  const auto steps = count_words(static_cast<std::int64_t>(plan.steps.size()), "step");
  const std::string where = hosts.empty() ? "" : fmt::format(" on {}", list_words(hosts, 6));
  out.push_back(o.lanes.empty() ? "Nothing is to be done." : fmt::format("{}{}, {} in all{}.", steps, where, duration_words(whole), alone_words(o, whole)));
  const plan::Seconds pain = plan.summary.disruption;
  std::string users = pain > 0 ? fmt::format("Users feel it for {} in all", duration_words(pain)) : felt.empty() ? "Users feel nothing" : "Users feel it";
  if (!felt.empty()) users += fmt::format(": {}", list_words(felt, 6));
  users += '.';
  out.push_back(users);
  if (!finals.empty()) out.push_back(fmt::format("Cannot be undone: {}.", list_words(finals, 8)));
  constexpr std::size_t most_slots = 4;
  auto slots = slots_in_all(plan);
  if (slots.size() > most_slots) slots = {fmt::format("{} times hosts wait for a slot of their own, not for each other.", slots.size())};
  out.insert(out.end(), slots.begin(), slots.end());
  add_proof(plan, out);
  return out;
}

std::vector<std::string> gates(const plan::Plan& plan) {
  std::vector<std::string> out;
  for (const auto& c : plan.limits.confirms)
    out.push_back(c.before.empty() ? fmt::format("{} (before the first step)", clean(c.question)) : fmt::format("{} (before the first {})", clean(c.question), clean(c.before)));
  return out;
}

std::vector<std::string> ends(const plan::Plan& plan) {
  const auto start = plan::start_world(plan), restore = plan::restore_world(plan);
  std::vector<std::string> out;
  for (const auto& [variable, free] : plan.free) {
    if (comes_along(plan, variable)) continue;
    if (const std::string fresh = what_is_new(plan, variable); !fresh.empty()) {
      out.push_back(clean(fmt::format("{} is new.", fresh)));
      continue;
    }
    const auto was = restore.find(variable);
    const std::string before = was == restore.end() ? "not there" : value_words(was->second);
    const bool found_so = free.why == plan::Free::Why::left && was != restore.end() && !(start.at(variable) == was->second);
    out.push_back(clean(fmt::format("{} is {}, was {}: {}.", variable, value_words(free.ends), before, found_so ? "it stays so" : free_words(free.why))));
  }
  return out;
}

/// That a step waits for the one just before it in its lane goes without saying.
void find_waits(const plan::Plan& plan, Lane& lane) {
  for (std::size_t i = 0; i < lane.steps.size(); ++i) {
    const plan::Step& step = plan.steps[lane.steps[i].index];
    auto& waits = lane.steps[i].waits;
    std::vector<std::string> waits_for;
    for (const auto& id : step.after)
      if (i == 0 || plan.steps[lane.steps[i - 1].index].id != id) waits_for.push_back(clean(id));
    if (!waits_for.empty()) waits.push_back(fmt::format("Waits for {}.", list_words(waits_for)));
    for (auto& words : slot_lines(plan, step)) waits.push_back(std::move(words));
  }
}

}  // namespace

Outline outline(const plan::Plan& plan) {
  const auto spans = plan::timeline(plan);
  std::vector<OutlineStep> steps;
  std::vector<std::string> hosts;
  for (std::size_t i = 0; i < plan.steps.size(); ++i) {
    const plan::Template shape = plan::instantiate(plan, plan.steps[i]);
    steps.push_back(outline_step(plan, i, shape, spans[i]));
    hosts.push_back(shape.on.empty() ? std::string(no_host) : clean(shape.on));
  }
  find_company(steps);
  std::stable_sort(steps.begin(), steps.end(), [](const OutlineStep& a, const OutlineStep& b) { return a.start < b.start; });
  Outline out;
  out.title = clean(plan.title.empty() ? plan.maintenance : plan.title);
  std::map<std::string, std::size_t> lanes;
  for (auto& step : steps) {
    const auto [at, fresh] = lanes.emplace(hosts[step.index], out.lanes.size());
    if (fresh) out.lanes.push_back({at->first, {}});
    out.lanes[at->second].steps.push_back(std::move(step));
  }
  for (auto& lane : out.lanes) find_waits(plan, lane);
  out.summary = summary(plan, out, plan::duration(spans));
  out.gates = gates(plan);
  out.failures = failures(plan);
  out.ends = ends(plan);
  out.notices = sentences(plan.notices);
  out.exposure = sentences(plan.summary.exposure);
  return out;
}

}  // namespace exm::show
