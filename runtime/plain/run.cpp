// Clauses 1, 2, 4 and 5. Where no two steps race, whatever a step reads is the same in every order: one run stands for all.
#include <fmt/format.h>

#include <algorithm>

#include "runtime/plain/check.h"

namespace exm::plain {

namespace {

/// The first wish, or rule to be repaired, that is not known to hold; nothing: all do.
std::string unfulfilled(const Model& model, const World& end) {
  for (const Formula& wish : model.wishes)
    if (truth(wish, end) != Truth::yes) return "a wish: " + seen(model, wish, end);
  for (const Rule& rule : model.rules)
    if (rule.repaired && truth(rule.formula, end) != Truth::yes) return "the repair of " + rule.id + ": " + seen(model, rule.formula, end);
  return "";
}

/// Whether the reason that the plan gives for an exception is one. What is `left` is the author's word.
bool excuses(const Model& model, const std::string& why, std::size_t variable, World end) {
  if (why == "lasting") return model.lasting[variable];
  if (why == "planned") return model.planned[variable];
  if (why == "unknown") return model.restore[variable] == unknown();
  end[variable] = model.restore[variable];  // put back alone
  return why == "left" || (why == "achieved" && !unfulfilled(model, end).empty());
}

}  // namespace

std::string seen(const Model& model, const Formula& formula, const World& world) {
  std::set<int> variables;
  variables_in(formula, variables);
  std::string text;
  for (const int v : variables) text += (text.empty() ? "" : ", ") + model.names[at(v)] + " is " + words(world[at(v)]);
  return text;
}

void check_requirements(Played& plan, Report& report) {
  const Model& model = plan.model;
  plan.begins.assign(model.steps.size(), model.start);
  plan.runs.resize(model.steps.size());
  plan.end = model.start;
  const auto tell = [&](const Step& step, const std::string& what) { report.broken.push_back("clause 1: step " + step.id + what); };
  for (const int s : model.order) {
    const Step& step = model.steps[at(s)];
    World& world = plan.begins[at(s)];
    for (const int p : model.order)
      if (model.before[at(p)][at(s)])
        for (const auto& [variable, value] : plan.runs[at(p)].ended) world[at(variable)] = value;
    for (const Formula& f : step.action->needs)
      if (truth(f, world) != Truth::yes) tell(step, " may begin where what it requires is not known to hold: " + seen(model, f, world));
    Run& run = plan.runs[at(s)] = begin(*step.action, world);
    if (run.conflict >= 0) tell(step, " gives " + model.names[at(run.conflict)] + " two different values");
    for (const auto& [variable, value] : run.ended) plan.end[at(variable)] = value;
  }
  if (report.valid()) report.holds.push_back(fmt::format("clause 1: each of {} steps finds what it requires", model.steps.size()));
}

void check_races(const Model& model, Report& report) {
  for (std::size_t a = 0; a < model.steps.size(); ++a) {
    for (std::size_t b = 0; b < model.steps.size(); ++b) {
      if (a == b || model.before[a][b] || model.before[b][a]) continue;
      const Action &one = *model.steps[a].action, &other = *model.steps[b].action;
      const std::string pair = fmt::format("clause 2: steps {} and {} have no order, and ", model.steps[a].id, model.steps[b].id);
      for (const int v : one.writes)
        if (other.writes.contains(v) || other.reads.contains(v))
          report.broken.push_back(pair + "the first writes " + model.names[at(v)] + ", which the other reads or writes");
      if (!one.on.empty() && one.on == other.on) report.broken.push_back(pair + "both are on " + one.on);
    }
  }
  if (report.valid()) report.holds.push_back("clause 2: no two steps without an order touch the same state or host");
}

void check_end(const Played& plan, Report& report) {
  const Model& model = plan.model;
  const std::string missing = unfulfilled(model, plan.end);
  if (!missing.empty()) report.broken.push_back("clause 4: not known to hold at the end: " + missing);
  for (std::size_t v = 0; v < model.names.size(); ++v) {
    const Value ends = plan.end[v], restore = model.restore[v];
    const auto free = model.free.find(static_cast<int>(v));
    const bool listed = free != model.free.end();
    std::string wrong;
    if (listed && free->second.ends != ends) wrong = "and the plan says that it ends as " + words(free->second.ends);
    if (ends != restore && !listed) wrong = "and the plan does not list it";
    if (ends != restore && listed && !excuses(model, free->second.why, v, plan.end)) wrong = "which \"" + free->second.why + "\" does not excuse";
    if (wrong.empty()) continue;
    report.broken.push_back(fmt::format("clause 5: {} ends as {}, not as {}, {}", model.names[v], words(ends), words(restore), wrong));
  }
  if (report.valid()) report.holds.push_back("clauses 4 and 5: the wishes hold at the end, and all else is as it was but for what is listed");
}

}  // namespace exm::plain
