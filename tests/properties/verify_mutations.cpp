// Every mutation of a good plan is refused, or brute force shows that what is left is valid.
#include <catch2/catch.hpp>

#include <fstream>
#include <sstream>

#include "runtime/plan/plan_json.h"
#include "runtime/verify/verdict_text.h"
#include "runtime/verify/verify.h"
#include "tests/properties/mutate.h"
#include "tests/properties/verify_naive.h"
#include "tests/unit/verify/retreat_plan.h"

using namespace exm;

namespace {

/// How many of the mutations are refused. Fails where the checker and brute force do not agree.
int check_mutations(const plan::Plan& plan) {
  int refused = 0;
  for (const naive::Mutation& mutation : naive::mutations(plan)) {
    const Verdict verdict = verify(mutation.plan);
    const naive::Judgement judgement = naive::judge(mutation.plan, 20'000);
    INFO(mutation.what << "\n" << verdict_text(verdict, mutation.plan, "plan") << "brute force: " << judgement.why);
    CHECK_FALSE(judgement.gave_up);
    CHECK(verdict.valid == judgement.valid);
    for (const Finding& finding : verdict.findings) {
      const bool at_end =
          finding.clause == "4" || finding.clause == "5";  // the step that would do it may be what is missing
      CHECK((at_end || !finding.step.empty() || !finding.rule.empty()));
    }
    refused += !verdict.valid;
  }
  return refused;
}

}  // namespace

TEST_CASE("mutations of a small plan are refused or valid by brute force") {
  CHECK(check_mutations(test::small_plan()) > 30);
}

TEST_CASE("mutations of a small plan with retreats are refused or valid by brute force") {
  CHECK(check_mutations(test::retreat_plan()) > 50);
}

TEST_CASE("mutations of the example plan are refused or valid by brute force") {
  std::ifstream file(EXM_SOURCE_DIR "/tests/unit/plan/plan-example.json");
  std::stringstream text;
  text << file.rdbuf();
  Result<plan::Plan> plan = plan_from_json(text.str());
  INFO((plan ? "" : plan.error().message));
  REQUIRE(plan);
  CHECK_FALSE(verify(*plan).valid);  // it shows the format, and has no retreats
  for (const auto& [name, shape] : plan->templates) plan->limits.allow.push_back(shape.action);
  plan->digest.clear();
  const Verdict verdict = verify(*plan);
  INFO(verdict_text(verdict, *plan, "plan-example.json"));
  CHECK(verdict.valid);
  CHECK(verdict.measured.steps == plan->summary.steps);
  CHECK(verdict.measured.duration == plan->summary.duration);
  CHECK(check_mutations(*plan) > 80);
}
