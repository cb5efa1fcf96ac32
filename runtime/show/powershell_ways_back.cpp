#include "runtime/show/powershell_ways_back.h"

#include <map>

#include "runtime/plan/instantiate.h"
#include "runtime/plan/quote.h"
#include "runtime/show/failures.h"
#include "runtime/show/powershell_tables.h"
#include "runtime/show/words.h"

namespace exm::show {
namespace {

constexpr std::size_t most_named = 8;

std::string literal(std::string_view text) { return plan::quote("powershell", plan::text(text)); }

/// What stays open, a line each.
std::string open_lines(const plan::Retreat& retreat, const plan::Step& from) {
  std::string out;
  for (const auto& [variable, value] : retreat.open)
    out += "    " + literal(clean(plan::fill(variable, from.objects) + " is " + value_words(value))) + "\n";
  return out.empty() ? "@()" : "@(\n" + out + "    )";
}

/// The body of the function of one way back. The ids of its steps come with the step that was cut off.
std::string body(const plan::Plan& plan, const plan::Step& from, const std::vector<Action>& actions) {
  std::string rows;
  for (const plan::Step& step : steps_back(plan, from)) rows += step_row(plan, step, actions);
  const plan::Retreat& retreat = plan.retreats.at(from.retreat);
  return "    @{ Steps = @(" + (rows.empty() ? "" : "\n" + rows + "    ") + ")\n       StaysOpen = " + open_lines(retreat, from) + " }\n";
}

}  // namespace

std::vector<plan::Step> steps_back(const plan::Plan& plan, const plan::Step& from) {
  std::vector<plan::Step> steps;
  const auto retreat = plan.retreats.find(from.retreat);
  if (retreat == plan.retreats.end()) return steps;
  for (const plan::RetreatStep& back : retreat->second.steps) {
    steps.push_back(plan::step_back(back, from));
    steps.back().id = std::to_string(steps.size());
    steps.back().why = "the way back from " + from.id;
  }
  return steps;
}

std::vector<plan::Step> all_steps(const plan::Plan& plan) {
  std::vector<plan::Step> all = plan.steps;
  for (const plan::Step& step : plan.steps)
    for (plan::Step& back : steps_back(plan, step)) all.push_back(std::move(back));
  return all;
}

std::string ways_back(const plan::Plan& plan, const std::vector<Action>& actions, const std::set<std::string>& from) {
  std::map<std::string, std::size_t> known;  // by body
  std::vector<std::vector<const plan::Step*>> steps;
  std::string table;
  for (const plan::Step* step : in_sequence(plan)) {
    if (from.count(step->id) == 0 || plan.retreats.count(step->retreat) == 0) continue;
    plan::Step nameless = *step;
    nameless.id = "this step";
    const auto [at, fresh] = known.emplace(body(plan, nameless, actions), steps.size());
    if (fresh) steps.emplace_back();
    steps[at->second].push_back(step);
    table += "    " + literal(step->id) + " = 'Get-WayBack" + std::to_string(at->second + 1) + "'\n";
  }
  std::vector<const std::string*> bodies(steps.size());
  for (const auto& [text, number] : known) bodies[number] = &text;
  std::string out = "#region Ways back: what -Retreat does where a step was cut off\n\n";
  for (std::size_t i = 0; i < steps.size(); ++i) {
    std::vector<std::string> ids;
    for (const plan::Step* step : steps[i]) ids.push_back(step->id);
    out += "# " + comment("from " + list_words(ids, most_named)) + "\nfunction Get-WayBack" + std::to_string(i + 1) + " {\n" + *bodies[i] + "}\n\n";
  }
  return out + "# by step: which of them\n$WaysBack = @{" + (table.empty() ? "" : "\n" + table) + "}\n#endregion\n\n";
}

}  // namespace exm::show
