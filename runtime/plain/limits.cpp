// Clause 6: what the maintenance forbids, how long the plan takes, who is asked, and slots. `withstand` is with the rules.
#include <algorithm>

#include "runtime/plain/check.h"

namespace exm::plain {

namespace {

constexpr std::size_t most_states = 200'000;

/// Takes what a step acquires, or gives back what it releases. False: one is not there to be taken.
bool take(std::map<std::string, int>& slots, const std::vector<std::string>& names, int by) {
  return std::all_of(names.begin(), names.end(), [&](const std::string& name) { return (slots[name] += by) >= 0; });
}

/// The plan by the clock: each step starts when those before it have ended, what it uses and its slots are free, and fewer
/// than `at_most` run; ties in the order of the file. Gives the last end, in seconds.
std::int64_t duration(const Model& model, std::map<std::string, int> slots, std::size_t at_most) {
  std::multimap<std::int64_t, std::size_t> running;  // by end
  std::vector<bool> begun(model.steps.size()), ended(model.steps.size());
  std::multiset<std::string> used;
  for (std::int64_t now = 0;; now = running.begin()->first) {
    while (!running.empty() && running.begin()->first == now) {
      const std::size_t s = running.begin()->second;
      running.erase(running.begin());
      ended[s] = true;
      take(slots, model.steps[s].releases, 1);
      for (const std::string& object : model.steps[s].action->uses) used.erase(used.find(object));
    }
    for (std::size_t s = 0; s < begun.size() && running.size() < at_most; ++s) {
      const Step& step = model.steps[s];
      bool may = !begun[s];
      for (const std::string& object : step.action->uses) may = may && !used.contains(object);
      for (std::size_t p = 0; p < begun.size(); ++p) may = may && (ended[p] || !model.before[p][s]);
      auto left = slots;
      if (!may || !take(left, step.acquires, -1)) continue;
      slots = left;
      begun[s] = true;
      used.insert(step.action->uses.begin(), step.action->uses.end());
      running.emplace(now + step.action->takes, s);
    }
    if (running.empty()) return now;
  }
}

/// Is each slot, one for a step, given back by a step before which no other has to take one? Then each is given back, whatever the order.
bool given_back_for_sure(const Model& model) {
  std::set<std::size_t> open;  // have taken one
  for (const int order : model.order) {
    const std::size_t s = at(order);
    const Step& step = model.steps[s];
    if (step.acquires.size() > 1 || step.releases.size() > 1) return false;
    if (!step.acquires.empty()) open.insert(s);
    if (step.releases.empty()) continue;
    const auto by_then = [&](std::size_t t) { return t == s || model.before[t][s]; };
    const auto taker = std::find_if(open.begin(), open.end(), [&](std::size_t t) { return by_then(t) && model.steps[t].acquires == step.releases; });
    if (taker == open.end()) return false;
    for (std::size_t t = 0; t < model.steps.size(); ++t)
      if (t != *taker && by_then(t) && !model.before[t][*taker] && !model.steps[t].acquires.empty()) return false;
    open.erase(taker);
  }
  return open.empty();
}

/// Every set of ended steps that some order leads to: in each, no more slots are free than there are, and some step can go on.
void check_slots(const Model& model, const std::map<std::string, int>& slots, Report& report) {
  if (given_back_for_sure(model)) return;
  std::set<std::set<std::size_t>> seen{{}};
  std::vector<std::set<std::size_t>> open{{}};
  while (!open.empty() && seen.size() <= most_states) {
    const auto ended = open.back();
    open.pop_back();
    auto left = slots;
    for (const std::size_t s : ended) take(left, model.steps[s].acquires, -1), take(left, model.steps[s].releases, 1);
    for (const auto& [slot, n] : left)
      if (n > slots.at(slot)) return report.broken.push_back("clause 6: a slot of " + slot + " can be given back that nobody has taken");
    std::string waits;
    bool moves = false;
    const auto counts = [&](std::size_t s) { return !model.steps[s].acquires.empty() || !model.steps[s].releases.empty(); };
    for (std::size_t s = 0; s < model.steps.size(); ++s) {
      bool ready = counts(s) && !ended.contains(s);
      for (std::size_t p = 0; p < model.steps.size(); ++p) ready = ready && (!model.before[p][s] || !counts(p) || ended.contains(p));
      auto free = left;
      if (!ready) continue;
      if (!take(free, model.steps[s].acquires, -1)) {
        waits = model.steps[s].id;
        continue;
      }
      moves = true;
      auto more = ended;
      more.insert(s);
      if (seen.insert(more).second) open.push_back(more);
    }
    if (!moves && !waits.empty()) return report.broken.push_back("clause 6: step " + waits + " can wait for a slot for ever");
  }
  if (!open.empty()) report.open.push_back("clause 6: whether steps can wait for slots for ever is not known");
}

std::string action_of(const Played& plan, const Json& name) { return plan.json.at("templates").at(name.get<std::string>()).at("action"); }

}  // namespace

void check_limits(const Played& plan, Report& report) {
  const Json& limits = with_keys(under(plan.json, "limits"), "?forbid ?at_most ?slots ?windows ?confirms ?tolerate ?withstand ?allow");
  const auto need = [&](bool fine, const std::string& wrong) {
    if (!fine) report.broken.push_back("clause 6: " + wrong);
  };
  const auto check_action = [&](const Json& name, const std::string& whose) {
    const Json& forbidden = under(limits, "forbid");
    const std::string action = action_of(plan, name);
    need(std::count(forbidden.begin(), forbidden.end(), action) == 0, whose + " has " + action + ", which is forbidden");
  };
  for (const Json& step : under(plan.json, "steps")) {
    std::set<std::string> seen;  // a fallback may fall back, too
    for (Json name = step["template"]; !name.is_null() && seen.insert(name).second;) {
      check_action(name, "step " + step["id"].get<std::string>());
      name = plan.json["templates"][name.get<std::string>()].value("/fallback/template"_json_pointer, Json());
    }
  }
  for (const auto& [id, retreat] : under(plan.json, "retreats").items())
    for (const Json& step : under(retreat, "steps")) check_action(step.at("template"), "retreat " + id);
  std::map<std::string, int> slots;
  for (const auto& [name, n] : under(limits, "slots").items()) need((slots[name] = n) > 0, "there are no slots of " + name);
  for (const Step& step : plan.model.steps)
    for (const auto* names : {&step.acquires, &step.releases})
      for (const std::string& name : *names) need(slots.contains(name), "step " + step.id + " names the slot " + name + ", which is none");
  const int at_most = limits.contains("at_most") ? limits["at_most"].get<int>() : 1'000'000;
  need(at_most > 0, "no step may ever run");
  bool fits = under(limits, "windows").empty();
  for (const Json& window : under(limits, "windows"))
    fits = fits || duration(plan.model, slots, at(at_most)) <= with_keys(window, "weekday minute length ?zone")["length"];
  need(fits, "the plan takes longer than each of its windows");
  for (const Json& gate : under(limits, "confirms")) {
    bool known = with_keys(gate, "id question ?before").value("before", "").empty();
    for (const auto& [name, shape] : under(plan.json, "templates").items()) known = known || shape.at("action") == gate["before"];
    need(known, "a gate stands before " + gate.value("before", "") + ", which is no action of this plan");
  }
  for (const Json& limit : under(limits, "withstand"))
    need(plan.model.faults.contains(limit.at("fault")) && limit.at("n") > 0, "there is no fault " + limit.at("fault").dump() + " to withstand");
  if (report.broken.empty()) check_slots(plan.model, slots, report);
  if (report.valid()) report.holds.push_back("clause 6: nothing is forbidden, and no step waits for ever");
}

}  // namespace exm::plain
