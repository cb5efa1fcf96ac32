// Two plans at once against brute force: a random plan is cut in two, each half valid by itself, and both halves without
// an edge between them are judged as the one plan that they then are.
#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <set>

#include "runtime/plan/instantiate.h"
#include "runtime/plan/paths.h"
#include "runtime/verify/together.h"
#include "runtime/verify/verdict_text.h"
#include "runtime/verify/verify.h"
#include "tests/properties/verify_naive.h"
#include "tests/properties/verify_random.h"

using namespace exm;

namespace {

int rounds(int usual) {
  const char* asked = std::getenv("EXM_ROUNDS");
  return asked ? std::atoi(asked) : usual;
}

/// The steps with these ids, and nothing that speaks of the others: what they change may stay so.
plan::Plan part(const plan::Plan& whole, const std::set<std::string>& ids) {
  plan::Plan plan = whole;
  std::erase_if(plan.steps, [&](const plan::Step& step) { return !ids.count(step.id); });
  for (plan::Step& step : plan.steps) std::erase_if(step.after, [&](const std::string& id) { return !ids.count(id); });
  plan.achieve.clear();
  plan.free.clear();
  const auto end = naive::end_of(plan);
  if (!end) return plan;
  for (const auto& [name, value] : plan::restore_world(plan)) {
    if (!same(end->at(name), value)) plan.free[name] = {plan::Free::Why::left, end->at(name)};
  }
  return plan;
}

/// Both halves as one plan; what each may leave as it is, both may.
plan::Plan whole_of(const plan::Plan& a, const plan::Plan& b) {
  plan::Plan plan = a;
  plan.steps.insert(plan.steps.end(), b.steps.begin(), b.steps.end());
  plan.free.insert(b.free.begin(), b.free.end());
  return plan;
}

bool share_a_use(const plan::Plan& a, const plan::Plan& b) {
  std::set<std::string> used;
  for (const plan::Step& step : a.steps) {
    for (const std::string& object : plan::instantiate(a, step).uses) used.insert(object);
  }
  return std::any_of(b.steps.begin(), b.steps.end(), [&](const plan::Step& step) {
    const auto uses = plan::instantiate(b, step).uses;
    return std::any_of(uses.begin(), uses.end(), [&](const std::string& object) { return used.count(object) > 0; });
  });
}

std::vector<Event> without_names(std::vector<Event> trace) {
  for (Event& event : trace) event.step = event.step.substr(event.step.find(':') + 1);
  return trace;
}

/// How the two differ, or nothing. `refused` and `fine` count what was compared.
std::string difference(const plan::Plan& a, const plan::Plan& b, int& fine, int& refused) {
  const NamedPlan plans[] = {{"a", &a}, {"b", &b}};
  const Verdict verdict = verify_together(plans);
  if (share_a_use(a, b)) {
    ++refused;
    return verdict.valid ? "they use one object, and nothing is found" : "";
  }
  const plan::Plan both = whole_of(a, b);
  const naive::Judgement judgement = naive::judge(both, 60'000);
  if (judgement.gave_up || judgement.several_ends) return "";
  ++(judgement.valid ? fine : refused);
  if (verdict.valid != judgement.valid) {
    return verdict.valid ? "brute force refuses them: " + judgement.why : "brute force finds nothing wrong";
  }
  if (judgement.races) return "";
  for (const Finding& finding : verdict.findings) {
    if (finding.code != code::rule.id) continue;
    if (const auto problem = naive::replay(both, without_names(finding.trace), finding.rule)) return "the trace: " + *problem;
    const auto shortest = judgement.shortest.find(finding.rule);
    if (shortest == judgement.shortest.end()) return "brute force does not break " + finding.rule;
    if (shortest->second != finding.trace.size()) return "there is a shorter trace for " + finding.rule;
  }
  return "";
}

}  // namespace

TEST_CASE("two plans at once: the checker agrees with brute force") {
  int fine = 0, refused = 0, differ = 0;
  const int n = rounds(4000);
  for (int seed = 1; seed <= n && differ < 3; ++seed) {
    plan::Plan whole = naive::random_plan(static_cast<std::uint64_t>(seed));
    if (whole.steps.size() < 2) continue;
    whole.limits.at_most.reset();  // each run keeps to its own
    whole.limits.slots.clear();
    whole.retreats.clear();  // brute force takes no way back while another plan runs
    for (const auto& [name, shape] : whole.templates) whole.limits.allow.push_back(shape.action);
    std::set<std::string> ids;
    for (std::size_t s = 0; s < whole.steps.size(); ++s) {
      whole.steps[s].acquires.clear();
      whole.steps[s].releases.clear();
      whole.steps[s].retreat.clear();
      if ((static_cast<std::size_t>(seed) >> (s % 8)) & 1) ids.insert(whole.steps[s].id);
    }
    std::set<std::string> others;
    for (const plan::Step& step : whole.steps) {
      if (!ids.count(step.id)) others.insert(step.id);
    }
    if (ids.empty() || others.empty()) continue;
    const plan::Plan a = part(whole, ids), b = part(whole, others);
    if (!verify(a).valid || !verify(b).valid) continue;
    const std::string how = difference(a, b, fine, refused);
    if (how.empty()) continue;
    ++differ;
    const NamedPlan plans[] = {{"a", &a}, {"b", &b}};
    FAIL_CHECK("seed " << seed << ": " << how << "\n" << verdict_text(Report{"both", verify_together(plans)}, ""));
  }
  INFO(fine << " pairs may be under way together, " << refused << " may not");
  CHECK(fine > n / 200);
  CHECK(refused > n / 50);
}
