#include "runtime/verify/verify.h"

#include <algorithm>
#include <future>
#include <string>
#include <utility>

#include "runtime/plan/instantiate.h"
#include "runtime/plan/paths.h"
#include "runtime/plan/plan_json.h"
#include "runtime/verify/clauses.h"
#include "runtime/verify/measure.h"
#include "runtime/verify/observed.h"

namespace exm {
namespace {

std::vector<std::vector<int>> edges(const model::Model& model) {
  std::vector<std::vector<int>> after;
  for (const model::Step& step : model.steps) after.push_back(step.after);
  return after;
}

void conclude(Verdict& verdict) {
  verdict.valid = verdict.findings.empty();
  verdict.bound_reached = !verdict.valid && std::all_of(verdict.findings.begin(), verdict.findings.end(),
                                                        [](const Finding& f) { return f.code == code::bound.id; });
}

bool retreats_can_be_judged(const std::vector<Finding>& findings) {
  return std::none_of(findings.begin(), findings.end(),
                      [](const Finding& f) { return f.clause == "1" || f.clause == "3" || f.code == code::bound.id; });
}

/// The clauses in their order. With races there is not one run that stands for all, so nothing after them is judged.
void check_clauses(const plan::Plan& plan, const model::Model& numbered, const VerifyBounds& bounds, Verdict& verdict) {
  const auto order = model::Order::of(edges(numbered));
  if (!order) {
    verdict.unjudged = {"1", "2", "3", "4", "5", "6", "7"};
    verdict.findings.push_back(model::finding(code::cycle, "", "", "the steps wait for each other in a circle"));
    return;
  }
  const model::Simulation simulation = model::simulate(numbered, *order);
  const model::Scene scene = model::scene_of(numbered, *order, simulation, bounds.states_per_rule);
  verdict.measured = model::measure(plan, numbered, simulation);
  auto& findings = verdict.findings;
  model::check_requirements(plan, scene, findings);
  const std::size_t no_races = findings.size();
  model::check_races(numbered, *order, findings);
  const bool races = findings.size() > no_races;
  model::check_limits(plan, scene, verdict.measured.duration, findings);
  model::check_slots(scene, findings);
  if (races) {
    verdict.unjudged = {"3", "4", "5", "7"};
    return;
  }
  model::check_rules(plan, scene, verdict);
  if (verdict.findings.empty()) model::check_withstand(plan, scene, verdict);
  model::check_wishes(plan, scene, findings);
  model::check_restored(plan, scene, findings);
  model::check_fallbacks(plan, scene, findings);
  // Beside the ways back, which it has nothing to do with: both only read the scene.
  Verdict near;
  std::future<void> surveyed;
  if (bounds.survey_states > 0 && findings.empty())
    surveyed = std::async(std::launch::async, [&] { model::survey(plan, scene, bounds.survey_states, near); });
  // Where a cut-off step can break a rule there is no telling what binds the way back.
  if (!retreats_can_be_judged(findings))
    verdict.unjudged = {"7"};
  else
    verdict.retreats = model::check_retreats(plan, scene, model::RetreatsFrom::plan, findings);
  if (surveyed.valid()) surveyed.get();
  if (!findings.empty()) return;
  verdict.headroom = std::move(near.headroom);
  verdict.exposure = std::move(near.exposure);
  verdict.survey_ended = near.survey_ended;
}

}  // namespace

namespace {

void compare_digest(const plan::Plan& plan, const std::string& is, Verdict& verdict) {
  if (plan.digest.empty() || plan.digest == is) return;
  const std::string message = "the plan has been changed since it was made: its digest is not " + plan.digest;
  verdict.findings.insert(verdict.findings.begin(), model::finding(code::digest, "", "", message));
  verdict.valid = verdict.bound_reached = false;
  verdict.headroom.clear();
  verdict.exposure.clear();
}

}  // namespace

void check_digest(const plan::Plan& plan, Verdict& verdict) {
  if (!plan.digest.empty()) compare_digest(plan, digest_of(plan), verdict);
}

Verdict verify(const plan::Plan& plan, const VerifyBounds& bounds) {
  // A large plan's digest takes a tenth of the whole check, which needs nothing of it.
  auto digest = std::async(std::launch::async, [&] { return plan.digest.empty() ? std::string() : digest_of(plan); });
  Verdict verdict = verify(plan, plan::start_world(plan), {}, bounds);
  compare_digest(plan, digest.get(), verdict);
  return verdict;
}

Verdict verify(const plan::Plan& plan, const World& observed, const std::set<std::string>& done,
               const VerifyBounds& bounds) {
  Verdict verdict;
  model::Model numbered = model::number_plan(plan, observed, done, verdict.findings);
  model::leave_alone(plan, numbered);
  if (verdict.findings.empty())
    check_clauses(plan, numbered, bounds, verdict);
  else
    verdict.unjudged = {"1", "2", "3", "4", "5", "6", "7"};
  conclude(verdict);
  return verdict;
}

Verdict verify_retreat(const plan::Plan& plan, const std::string& step, const World& observed, std::size_t taken) {
  Verdict verdict;
  const auto from =
      std::find_if(plan.steps.begin(), plan.steps.end(), [&](const plan::Step& s) { return s.id == step; });
  if (from == plan.steps.end()) return verdict;
  // A plan of one step that does nothing, and has the retreat.
  plan::Plan back = plan;
  plan::Step cut = *from;
  cut.step_template = "(cut off)";
  cut.after.clear();
  cut.acquires.clear();
  cut.releases.clear();
  back.templates[cut.step_template].title = plan::instantiate(plan, *from).title;
  back.steps = {cut};
  auto& steps = back.retreats[cut.retreat].steps;
  steps.erase(steps.begin(), steps.begin() + static_cast<std::ptrdiff_t>(std::min(taken, steps.size())));
  const model::Model numbered = model::number_plan(back, observed, {}, verdict.findings);
  if (verdict.findings.empty()) {
    const auto order = model::Order::of({{}});
    const model::Simulation simulation = model::simulate(numbered, *order);
    const model::Scene scene = model::scene_of(numbered, *order, simulation, 0);
    verdict.retreats = model::check_retreats(back, scene, model::RetreatsFrom::observed, verdict.findings);
  }
  conclude(verdict);
  return verdict;
}

World left_open(const plan::Plan& plan, const World& world) {
  Verdict ignored;
  plan::Plan bare = plan;
  bare.steps.clear();
  const model::Model numbered = model::number_plan(bare, world, {}, ignored.findings);
  return model::left_open(plan, numbered);
}

}  // namespace exm
