#include "runtime/cli/verify_command.h"

#include <algorithm>
#include <iostream>
#include <set>

#include "runtime/cli/exit_codes.h"
#include "runtime/cli/input.h"
#include "runtime/cli/places.h"
#include "runtime/cli/verify_start.h"
#include "runtime/verify/survey.h"
#include "runtime/verify/together.h"
#include "runtime/verify/verdict_text.h"
#include "runtime/verify/verify.h"

namespace exm {
namespace {

int worse(int a, int b) {
  // A bound is no answer at all, so it goes before a refusal; a broken file goes before both.
  const auto rank = [](int code) { return code == exit_environment ? 3 : code == exit_bound ? 2 : code == exit_done ? 0 : 1; };
  return rank(b) > rank(a) ? b : a;
}

/// A plan that could be read, with what is said of it.
struct Judged {
  plan::Plan plan;
  World observed;
  Report report;
};

Result<Done> compare(Judged& judged, const VerifyArguments& arguments, const RuntimeHooks& hooks) {
  auto comparison = hooks.against(judged.plan, arguments.against);
  if (!comparison) return comparison.error();
  Verdict& verdict = judged.report.verdict;
  verdict.compared = true;
  for (auto& reason : comparison->reasons) {
    verdict.findings.push_back({std::string(code::sources.id), std::string(code::sources.clause), {}, {}, std::move(reason), {}});
    verdict.valid = verdict.bound_reached = false;
  }
  for (auto& [rule, place] : comparison->rules) judged.report.rules.insert_or_assign(rule, std::move(place));
  return Done{};
}

/// "what is left after 3 of its 24 steps, from state.json"
std::string about(const plan::Plan& plan, const std::set<std::string>& done, const VerifyArguments& arguments) {
  const std::string from = arguments.state.empty() ? "" : "from " + (arguments.state == "-" ? "standard input" : arguments.state);
  if (done.empty()) return from;
  return "what is left after " + std::to_string(done.size()) + " of its " + std::to_string(plan.steps.size()) + " steps" + (from.empty() ? "" : ", ") + from;
}

Result<Judged> judge(const std::string& file, const VerifyArguments& arguments, const RuntimeHooks& hooks) {
  auto loaded = load_plan(file, DigestCheck::ignored);
  if (!loaded) return loaded.error();
  auto [steps, rules] = places_in(loaded->text, file);
  Judged judged{std::move(loaded->plan), {}, {file, {}, std::move(steps), std::move(rules)}};
  Verdict& verdict = judged.report.verdict;
  VerifyBounds bounds;
  bounds.survey_states = usual_survey_states;
  if (arguments.state.empty() && arguments.done.empty() && arguments.journal.empty()) {
    verdict = verify(judged.plan, bounds);
  } else {
    auto start = start_of(judged.plan, arguments);
    if (!start) return start.error();
    verdict = verify(judged.plan, start->world, start->done, bounds);
    check_digest(judged.plan, verdict);
    judged.report.about = about(judged.plan, start->done, arguments);
    judged.observed = std::move(start->observed);
  }
  if (!arguments.against.files.empty())
    if (const auto compared = compare(judged, arguments, hooks); !compared) return compared.error();
  return judged;
}

/// By their maintenance; where several are of one name: "rollup5", "rollup5_2".
std::vector<NamedPlan> named(const std::vector<Judged>& all) {
  std::vector<NamedPlan> plans;
  std::set<std::string> names;
  for (const auto& judged : all) {
    std::string name = judged.plan.maintenance;
    for (int n = 2; !names.insert(name).second; ++n) name = judged.plan.maintenance + "_" + std::to_string(n);
    plans.push_back({name, &judged.plan});
  }
  return plans;
}

/// The steps and rules of all plans, by the names that they have there.
Report beside(const std::vector<Judged>& all) {
  const auto plans = named(all);
  Report report;
  World observed;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto& one = all[i].report;
    report.name += (i == 0 ? "" : i + 1 == all.size() ? " and " : ", ") + one.name;
    for (const auto& [id, place] : one.steps) report.steps.emplace(plans[i].name + ":" + id, place);
    for (const auto& [id, place] : one.rules) {
      report.rules.emplace(id, place);
      report.rules.emplace(plans[i].name + ":" + id, place);
    }
    observed.insert(all[i].observed.begin(), all[i].observed.end());
  }
  report.about = all[0].report.about;
  report.verdict = verify_together(plans, observed);
  return report;
}

int exit_code_of(const Verdict& verdict) { return verdict.valid ? exit_done : verdict.bound_reached ? exit_bound : exit_refuted; }

int wrong_usage(const std::string& message) {
  std::cerr << "exm verify: " << message << "\n";
  return exit_usage;
}

}  // namespace

int verify_plans(const VerifyArguments& arguments, const RuntimeHooks& hooks) {
  if (arguments.together && arguments.plans.size() < 2) return wrong_usage("--together wants two plan files or more");
  if (arguments.plans.size() > 1 && !(arguments.done.empty() && arguments.journal.empty()))
    return wrong_usage("--done and --journal tell how far one plan has come: give one plan file");
  int code = exit_done;
  std::vector<Judged> all;
  for (const auto& file : arguments.plans) {
    auto judged = judge(file, arguments, hooks);
    if (!judged) {
      std::cerr << judged.error().message << "\n";
      code = worse(code, exit_code_of(judged.error()));
      continue;
    }
    code = worse(code, exit_code_of(judged->report.verdict));
    if (arguments.format == "text") std::cout << verdict_text(judged->report, judged->plan.title);
    all.push_back(*std::move(judged));
  }
  std::vector<Report> reports;
  if (arguments.together && code == exit_done) {
    reports.push_back(beside(all));
    code = exit_code_of(reports.back().verdict);
    if (arguments.format == "text") std::cout << verdict_text(reports.back(), "");
  } else if (arguments.together) {
    std::cerr << "exm verify: whether the plans may be under way together is not judged, since not each is valid by itself\n";
  }
  if (arguments.format == "text") return code;
  for (std::size_t i = all.size(); i-- > 0;) reports.insert(reports.begin(), std::move(all[i].report));
  if (!reports.empty()) std::cout << verdict_report(reports, *report_format(arguments.format));
  return code;
}

}  // namespace exm
