#include "runtime/run/retreat_plan.h"

#include <algorithm>
#include <cstdlib>
#include <string_view>

#include "runtime/adapter/value_text.h"
#include "runtime/plan/instantiate.h"
#include "runtime/plan/paths.h"
#include "runtime/verify/verify.h"

namespace exm {
namespace {

constexpr std::string_view between = "/retreat/";  // a step's id and the number of a step of its retreat

}  // namespace

std::vector<int> cut_off_steps(const Progress& progress) {
  std::vector<int> steps;
  for (int step = 0; step < progress.step_count(); ++step) {
    const auto state = progress.state(step);
    if (!is_over(state) && state != StepState::pending && state != StepState::checking) steps.push_back(step);
  }
  return steps;
}

plan::Plan retreat_plan(const plan::Plan& plan, const plan::Step& from, const World& world) {
  plan::Plan back = plan;
  back.digest.clear();
  back.steps.clear();
  back.free.clear();
  back.achieve.clear();
  back.retreats.clear();
  back.limits = {};
  back.limits.forbid = plan.limits.forbid;
  // What it changes is where it leads: no timer puts that back.
  for (auto& [name, shape] : back.templates) shape.lease.clear();
  for (const auto& [variable, value] : world) {
    const auto [object, state] = plan::split_variable(variable);
    if (const auto found = back.objects.find(object); found != back.objects.end()) found->second.start[state] = value;
  }
  for (const auto& step : plan.retreats.at(from.retreat).steps) {
    plan::Step own = plan::step_back(step, from);
    own.id = from.id + std::string(between) + std::to_string(back.steps.size() + 1);
    if (!back.steps.empty()) own.after = {back.steps.back().id};
    back.steps.push_back(std::move(own));
  }
  return back;
}

std::string retreat_words(const plan::Plan& plan, const plan::Step& from) {
  const auto retreat = plan.retreats.find(from.retreat);
  if (retreat == plan.retreats.end()) return {};
  std::string does, open;
  for (const auto& step : retreat->second.steps)
    does += (does.empty() ? "" : "; ") + plan::instantiate(plan, step, from).title;
  constexpr std::size_t most = 6;
  std::size_t told = 0;
  for (const auto& [variable, value] : retreat->second.open) {
    if (++told > most) continue;
    open += (open.empty() ? "" : ", ") + plan::fill(variable, from.objects) + " is " + value_text(value);
  }
  if (told > most) open += " and " + std::to_string(told - most) + " more";
  return (does.empty() ? "nothing" : does) + "; " + (open.empty() ? "nothing stays open" : "stays open: " + open);
}

std::string title_of(const plan::Plan& plan, const std::string& id) {
  const auto slash = id.find(between);
  for (const auto& step : plan.steps) {
    if (step.id == id) {
      const auto shape = plan.templates.find(step.step_template);
      return shape == plan.templates.end() ? std::string() : plan::fill_title(shape->second.title, step.objects, step.args);
    }
    const auto retreat = plan.retreats.find(step.retreat);
    if (slash == std::string::npos || step.id != id.substr(0, slash) || retreat == plan.retreats.end()) continue;
    const auto number = std::strtoul(id.c_str() + slash + between.size(), nullptr, 10);
    if (number >= 1 && number <= retreat->second.steps.size())
      return plan::instantiate(plan, retreat->second.steps[number - 1], step).title;
  }
  return {};
}

std::optional<BegunRetreat> begun_retreat(const plan::Plan& plan, const std::vector<Record>& records) {
  const auto record = std::find_if(records.begin(), records.end(), [](const Record& r) { return r.kind == Record::Kind::retreat; });
  if (record == records.end()) return std::nullopt;
  const auto step = std::find_if(plan.steps.begin(), plan.steps.end(), [&](const auto& s) { return s.id == record->step; });
  if (step == plan.steps.end() || plan.retreats.count(step->retreat) == 0) return std::nullopt;
  World world = plan::start_world(plan);
  for (const auto& [variable, value] : record->values) world[variable] = value;
  return BegunRetreat{&*step, std::move(world)};
}

std::vector<std::string> open_lines(const plan::Plan& plan, const World& world) {
  std::vector<std::string> lines;
  for (const auto& [variable, value] : left_open(plan, world)) lines.push_back(variable + " is " + value_text(value));
  return lines;
}

}  // namespace exm
