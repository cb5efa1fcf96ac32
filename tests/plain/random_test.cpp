// The short checker on random plans: it says what the checker says, and what brute force says.
#include <catch2/catch.hpp>

#include <cstdlib>

#include "runtime/plain/check.h"
#include "runtime/plan/plan_json.h"
#include "runtime/verify/verdict_text.h"
#include "runtime/verify/verify.h"
#include "tests/properties/mutate.h"
#include "tests/properties/verify_naive.h"
#include "tests/properties/verify_random.h"

using namespace exm;

namespace {

int rounds(int usual) {
  const char* asked = std::getenv("EXM_ROUNDS");
  return asked ? std::atoi(asked) : usual;
}

std::string lines(const plain::Report& report) {
  std::string all;
  for (const auto* some : {&report.broken, &report.open})
    for (const std::string& line : *some) all += line + "\n";
  return all;
}

/// How the two differ, or nothing.
std::string difference(const plan::Plan& plan, const Verdict& verdict) {
  const plain::Report report = plain::check(to_json(plan));
  if (report.valid() == verdict.valid) return "";
  return "the short checker: " + (report.valid() ? "valid\n" : lines(report)) + "the checker: " + verdict_text(verdict, plan, "plan") + to_json(plan);
}

}  // namespace

TEST_CASE("the short checker agrees with the checker on random plans") {
  int valid = 0, differ = 0;
  const int n = rounds(4000);
  for (int seed = 1; seed <= n && differ < 3; ++seed) {
    const plan::Plan plan = naive::random_plan(static_cast<std::uint64_t>(seed));
    const Verdict verdict = verify(plan);
    valid += verdict.valid;
    const std::string how = difference(plan, verdict);
    if (how.empty()) continue;
    ++differ;
    FAIL_CHECK("seed " << seed << ": " << how);
  }
  CHECK(valid > n / 20);
}

TEST_CASE("the short checker agrees with the checker on random plans that were changed") {
  int differ = 0;
  for (int seed = 1; seed <= rounds(200) && differ < 3; ++seed) {
    const plan::Plan plan = naive::random_plan(static_cast<std::uint64_t>(seed));
    if (!verify(plan).valid) continue;
    for (const naive::Mutation& mutation : naive::mutations(plan)) {
      const std::string how = difference(mutation.plan, verify(mutation.plan));
      if (how.empty()) continue;
      ++differ;
      FAIL_CHECK("seed " << seed << ", " << mutation.what << ": " << how);
    }
  }
}

TEST_CASE("the short checker agrees with brute force on random plans") {
  int differ = 0;
  for (int seed = 1; seed <= rounds(500) && differ < 3; ++seed) {
    const plan::Plan plan = naive::random_plan(static_cast<std::uint64_t>(100'000 + seed));
    const naive::Judgement judgement = naive::judge(plan, 60'000);
    if (judgement.gave_up || judgement.several_ends) continue;
    const plain::Report report = plain::check(to_json(plan));
    if (report.valid() == judgement.valid) continue;
    ++differ;
    FAIL_CHECK("seed " << seed << ": brute force says " << (judgement.valid ? "valid" : judgement.why) << "\n" << lines(report));
  }
}
