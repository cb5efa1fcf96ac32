#include "runtime/cli/left_run.h"

#include <algorithm>

#include "runtime/adapter/value_text.h"
#include "runtime/plan/paths.h"
#include "runtime/plan/plan_json.h"
#include "runtime/run/journal.h"
#include "runtime/run/judge.h"
#include "runtime/run/leases_left.h"
#include "runtime/run/progress.h"
#include "runtime/run/retreat_plan.h"

namespace exm {
namespace {

/// Takes in the steps of a plan, or of a retreat in it, that were begun and are not over.
void take_cut_off(const Progress& progress, const plan::Plan& plan, LeftRun& run) {
  for (const int step : cut_off_steps(progress)) {
    const auto shape = progress.shape(step);
    const std::string words = plan.steps[static_cast<std::size_t>(step)].id + " (" + shape->title + ")";
    run.cut_off.push_back(words);
    if (progress.state(step) != StepState::failed) run.may_go_on.push_back(words);
    if (is_under_way(progress.state(step))) cut_off(*shape, run.believed);
  }
}

}  // namespace

Result<LeftRun> left_run(const std::string& journal) {
  auto content = read_journal(journal);
  if (!content) return content.error();
  auto plan = plan_from_json(content->head.plan_json);
  if (!plan) return Failure{Failure::Kind::environment, journal + ": the plan in it can't be read: " + plan.error().message};
  LeftRun run;
  run.plan = *std::move(plan);
  run.adapter = content->head.adapter;
  for (const auto& [key, value] : content->head.adapter_options) run.adapter_options.push_back(key + "=" + value);
  Progress progress(run.plan);
  for (const auto& record : content->records) progress.take(record);
  for (const auto& [lease, when] : leases_left(run.plan, content->records, content->head.created)) run.timers.push_back(lease_words(lease));
  run.over = static_cast<int>(progress.over().size());
  run.believed = progress.believed();
  if (const auto begun = begun_retreat(run.plan, content->records)) {
    const plan::Plan back = retreat_plan(run.plan, *begun->from, begun->world);
    Progress returning(back);
    for (const auto& record : content->records) returning.take(record);
    run.believed = returning.believed();
    take_cut_off(returning, back, run);
  } else {
    take_cut_off(progress, run.plan, run);
  }
  run.restore = plan::restore_world(run.plan);
  for (const auto& [path, object] : run.plan.objects)
    if (object.planned) run.planned.insert(path);
  for (auto& [variable, value] : run.restore)
    if (run.planned.count(plan::split_variable(variable).object) != 0) value = plan::unknown();
  for (const auto& [variable, free] : run.plan.free)
    if (free.why == plan::Free::Why::achieved) run.ends[variable] = free.ends;
  return run;
}

std::string setting_text(const plan::Value& value) { return value_text(value); }

}  // namespace exm
