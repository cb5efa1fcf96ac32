#include "runtime/cli/verify_start.h"

#include <algorithm>
#include <iostream>
#include <nlohmann/json.hpp>

#include "runtime/adapter/value_text.h"
#include "runtime/cli/input.h"
#include "runtime/plan/plan_json.h"
#include "runtime/run/journal.h"
#include "runtime/run/progress.h"

namespace exm {
namespace {

/// The values of a STATE.json. Somebody who observes everything sees more than a plan is about; that is passed over.
Result<World> observed_values(const plan::Plan& plan, const std::string& path) {
  auto text = read_input(path);
  if (!text) return text.error();
  const auto json = nlohmann::json::parse(*text, nullptr, false);
  if (!json.is_object() || json.value("format", nlohmann::json()) != "exm-state/1" || !json.contains("values") || !json["values"].is_object())
    return Failure{Failure::Kind::bad_input, path + ": expected {\"format\": \"exm-state/1\", \"values\": {…}}"};
  World world;
  std::vector<std::string> others;
  for (const auto& [variable, value] : json["values"].items()) {
    const auto type = type_of(plan, variable);
    if (!type) {
      others.push_back(variable);
      continue;
    }
    auto read = value_from_json(value.dump());
    if (read && value.is_string()) read = read_value(value.get<std::string>(), *type);
    if (!read) return Failure{Failure::Kind::bad_input, path + ": " + value.dump() + " is no value of `" + variable + "`"};
    world[variable] = *std::move(read);
  }
  if (!others.empty())
    std::cerr << path << ": " << others.size() << (others.size() == 1 ? " value is" : " values are") << " of states that the plan does not have (`" << others[0]
              << "`" << (others.size() == 1 ? "" : ", …") << "), and passed over\n";
  return world;
}

/// What has ended must have been able to begin: all that comes before it has ended too.
Result<Done> check_done(const plan::Plan& plan, const std::set<std::string>& done) {
  for (const auto& id : done) {
    const auto step = std::find_if(plan.steps.begin(), plan.steps.end(), [&](const plan::Step& s) { return s.id == id; });
    if (step == plan.steps.end()) return Failure{Failure::Kind::usage, "--done: the plan has no step `" + id + "`"};
    for (const auto& before : step->after)
      if (done.count(before) == 0)
        return Failure{Failure::Kind::usage, "--done: step " + id + " cannot have ended where step " + before + ", which comes before it, has not"};
  }
  return Done{};
}

Result<Done> replay(const plan::Plan& plan, const std::string& path, Progress& progress) {
  auto content = read_journal(path);
  if (!content) return content.error();
  if (content->head.digest != (plan.digest.empty() ? digest_of(plan) : plan.digest))
    return Failure{Failure::Kind::bad_input, path + ": the journal of another plan (" + content->head.maintenance + ", " + content->head.digest + ")"};
  for (const auto& record : content->records) progress.take(record);
  return Done{};
}

/// What they leave, in their order.
void end_steps(const plan::Plan& plan, const std::set<std::string>& done, Progress& progress) {
  const auto is_done = [&](const std::string& id) { return is_over(progress.state(progress.number_of(id))); };
  for (bool more = true; more;) {
    more = false;
    for (const auto& step : plan.steps) {
      if (done.count(step.id) == 0 || is_done(step.id) || !std::all_of(step.after.begin(), step.after.end(), is_done)) continue;
      Record ended;
      ended.kind = Record::Kind::transition;
      ended.step = step.id;
      ended.state = StepState::done;
      progress.take(ended);
      more = true;
    }
  }
}

}  // namespace

Result<VerifyStart> start_of(const plan::Plan& plan, const VerifyArguments& arguments) {
  Progress progress(plan);
  if (!arguments.journal.empty())
    if (const auto read = replay(plan, arguments.journal, progress); !read) return read.error();
  auto done = progress.over();
  done.insert(arguments.done.begin(), arguments.done.end());
  if (const auto fine = check_done(plan, done); !fine) return fine.error();
  end_steps(plan, done, progress);
  World observed;
  if (!arguments.state.empty()) {
    auto values = observed_values(plan, arguments.state);
    if (!values) return values.error();
    observed = *std::move(values);
  }
  progress.see(observed);
  return VerifyStart{progress.believed(), std::move(done), std::move(observed)};
}

}  // namespace exm
