#include "compiler/driver/compile.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "compiler/check/evaluate.h"
#include "compiler/driver/conflict.h"
#include "compiler/driver/ruled_out.h"
#include "compiler/lower/lower.h"
#include "compiler/solve/homeward.h"
#include "compiler/solve/retreat.h"
#include "compiler/solve/solve.h"
#include "runtime/plan/plan_json.h"
#include "runtime/plan/sha256.h"
#include "runtime/verify/survey.h"
#include "runtime/verify/verify.h"

namespace exm {

namespace {

/// The check may look at more states of a rule than a search looks at in all: it is the faster one.
constexpr std::uint64_t checked_per_searched = 5;

/// On the way back a step needs no way back of its own: what can't be done without that risk is done with it.
void excuse(const std::vector<NoRetreat>& none, const Found& found, task::Task& task) {
  for (const NoRetreat& one : none)
    if (const auto action = task.operators[found.steps[one.step].op].action; std::find(task.no_retreat.begin(), task.no_retreat.end(), action) == task.no_retreat.end())
      task.no_retreat.push_back(action);
}

/// What the search has left other than it was, in words: a sentence for all that stands under one name.
void tell_open(const program::Program& program, const task::Task& asked, task::Task& task) {
  using Free = task::Variable::Free;
  constexpr std::size_t most = 8;
  const auto words = [&](task::ValueId value) { return program::to_text(program, task.values[value.index]); };
  std::map<std::string, std::vector<std::string>> open;
  for (std::size_t i = 0; i < task.variables.size(); ++i) {
    const task::Variable& v = task.variables.items()[i];
    if (v.free != Free::left || asked.variables.items()[i].free != Free::no) continue;
    Id<program::Object> top = v.object;
    while (program.objects[top].owner) top = program.objects[top].owner;
    open[program.objects[top].path].push_back(fmt::format("{} is {} and was {}", v.name, words(v.start), words(v.restore)));
  }
  for (const auto& [name, all] : open) {
    const std::vector<std::string> first(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(std::min(most, all.size())));
    task.notices.push_back(fmt::format("Stays open: {}{}", fmt::join(first, ", "), all.size() > most ? fmt::format(", and {} more of {}", all.size() - most, name) : ""));
  }
}

/// How near the plan comes to breaking what it keeps: part of what its reviewer reads, so part of the plan.
void tell_how_near(plan::Plan& plan, Verdict& verdict) {
  survey(plan, verdict);
  plan.summary.exposure = survey_sentences(verdict);
  plan.digest = digest_of(plan);
}

}  // namespace

std::vector<plan::SourceFile> evidence(const Sources& sources) {
  std::vector<plan::SourceFile> out;
  for (std::uint32_t s = 0; s < sources.size(); ++s) out.push_back({sources[s].path, sha256_hex(sources[s].text)});
  std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
  return out;
}

Compilation compile(const CompileRequest& request, const FileReader& read, Diagnostics& diagnostics) {
  Compilation out;
  Loaded loaded = load(request.files, read, diagnostics, request.modules);
  out.sources = std::move(loaded.sources);
  const auto program = check(out.sources, loaded.files, request.settings, diagnostics);
  if (!diagnostics.ok()) return out;
  const auto maintenance = choose_maintenance(program, request.maintenance, diagnostics);
  if (!maintenance) return out;
  out.answer = plan_maintenance(program, out.sources, *maintenance, nullptr, request.limits, diagnostics, out.plan, out.verdict);
  if (out.answer == Compilation::Answer::planned) tell_how_near(out.plan, out.verdict);
  return out;
}

Compilation::Answer plan_maintenance(const program::Program& program, const Sources& sources, Id<program::Maintenance> maintenance,
                                  const program::Wishes* with, const Limits& limits, Diagnostics& diagnostics, plan::Plan& plan,
                                  Verdict& verdict) {
  auto task = ground(program, maintenance, with, limits, diagnostics);
  if (!task) return Compilation::Answer::errors;
  const bool back = program.direction == program::Direction::back;
  const task::Task asked = back ? *task : task::Task();
  Solution solution = back ? solve_homeward(*task, limits) : solve(*task, limits);
  if (const auto* impossible = std::get_if<Impossible>(&solution)) {
    if (const auto fuller = with_what_facts_rule_out(program, *task, *impossible, with, limits))
      report_conflict(program.maintenances[maintenance], fuller->task, fuller->impossible, diagnostics);
    else report_conflict(program.maintenances[maintenance], *task, *impossible, diagnostics);
    return Compilation::Answer::impossible;
  }
  if (const auto* bound = std::get_if<GaveUp>(&solution)) {
    report_bound(program.maintenances[maintenance], *task, *bound, diagnostics);
    return Compilation::Answer::gave_up;
  }
  auto& found = std::get<Found>(solution);
  const auto none = find_retreats(*task, limits, found);
  if (back) {
    excuse(none, found, *task);
    tell_open(program, asked, *task);
  } else if (!none.empty()) {
    return report_no_retreat(program, *task, found, none, diagnostics) ? Compilation::Answer::gave_up : Compilation::Answer::impossible;
  }
  plan = lower(program, *task, found, evidence(sources));
  if (back) plan.title = "Back from: " + plan.title;
  plan.digest = digest_of(plan);
  const VerifyBounds bounds{limits.search_states * checked_per_searched};
  verdict = verify(plan, bounds);
  if (verdict.valid) return Compilation::Answer::planned;
  if (!verdict.bound_reached) return Compilation::Answer::our_mistake;
  report_bound(program.maintenances[maintenance], *task,
               {fmt::format("{} states of one rule while the plan that was found was checked (raise it with --search-states)", bounds.states_per_rule)},
               diagnostics);
  return Compilation::Answer::gave_up;
}

std::optional<Id<program::Maintenance>> choose_maintenance(const program::Program& program, const std::string& name,
                                                           Diagnostics& diagnostics) {
  std::vector<std::string> names;
  for (const auto& m : program.maintenances) names.push_back(m.name);
  const auto it = std::find(names.begin(), names.end(), name);
  if (it != names.end()) return Id<program::Maintenance>(static_cast<std::size_t>(it - names.begin()));
  if (name.empty() && names.size() == 1) return Id<program::Maintenance>(0u);
  if (names.empty()) {
    diagnostics.report({}, diag::nothing_to_plan).hint("add a maintenance: `maintenance NAME { \"what it is for\" achieve … }`");
  } else if (name.empty()) {
    diagnostics.report(program.maintenances[Id<program::Maintenance>(1u)].span, diag::which_maintenance, names.size())
        .label(program.maintenances[Id<program::Maintenance>(0u)].span, "this is one of them")
        .hint("say which with --maintenance NAME");
  } else {
    auto& problem = diagnostics.report(program.maintenances[Id<program::Maintenance>(0u)].span, diag::unknown_name, "maintenance", name);
    if (const auto near = nearest(name, names); !near.empty()) problem.hint("did you mean `" + near + "`?");
  }
  return std::nullopt;
}

}  // namespace exm
