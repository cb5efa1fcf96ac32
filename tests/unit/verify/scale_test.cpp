// Counts over more hosts than anybody could list the states of.
#include <catch2/catch.hpp>

#include <fmt/format.h>

#include "runtime/verify/verify.h"
#include "tests/unit/verify/small_plan.h"

using namespace exm;
using namespace exm::test;

namespace {

std::string host(int number) {
  return fmt::format("H{:03}", number);
}

/// So many servers that are drained, installed, checked and started; of the hosts, those `waves` apart follow each
/// other.
plan::Plan wide_plan(int hosts, int waves, int needed) {
  plan::Plan plan = small_plan();
  plan.objects.clear();
  plan.steps.clear();
  plan.rules.clear();
  plan.achieve.clear();
  plan.free.clear();
  std::vector<Expression> serving;
  const std::vector<std::string> shapes{"drain", "install", "check", "start"};
  for (int h = 0; h < hosts; ++h) {
    plan.objects[host(h)].kind = "server";
    std::string last = h >= waves ? host(h - waves) + "3" : "";
    for (std::size_t s = 0; s < shapes.size(); ++s) {
      const std::string id = host(h) + std::to_string(s);
      add_step(plan, id, shapes[s], {host(h)},
               last.empty() ? std::vector<std::string>{} : std::vector<std::string>{last});
      last = id;
    }
    serving.push_back(is(host(h) + ".mode", word("started")));
    plan.free[host(h) + ".build"] = {plan::Free::Why::left, version_value("2.0")};
  }
  add_rule(plan, "enough_serve", make(Operator::greater_equal, {make(Operator::count, serving), number(needed)}));
  return plan;
}

const Proof& proof_of(const Verdict& verdict, const std::string& rule) {
  for (const Proof& proof : verdict.proofs) {
    if (proof.rule == rule) return proof;
  }
  FAIL("no proof of " << rule);
  return verdict.proofs.front();
}

}  // namespace

TEST_CASE("a count is exact however many hosts are out at once") {
  const Verdict verdict = verify(wide_plan(60, 40, 20));
  CHECK(verdict.valid);
  CHECK(proof_of(verdict, "enough_serve").method == "least value by chains");

  const Verdict one_too_many = verify(wide_plan(60, 41, 20));
  REQUIRE(one_too_many.findings.size() == 1);
  const Finding& broken = one_too_many.findings[0];
  CHECK(broken.code == code::rule.id);
  CHECK_FALSE(broken.shortest);  // too many states to say so
  int drained = 0;
  for (const Event& event : broken.trace) drained += event.what == Event::What::begins;
  CHECK(drained == 41);  // and nothing that the rule is broken without
  CHECK(broken.trace.size() == 41);
}

TEST_CASE("slots hold a count where no edge does, and are charged for") {
  plan::Plan plan = wide_plan(60, 60, 20);
  CHECK_FALSE(verify(plan).valid);
  plan.limits.slots["out"] = 40;
  for (plan::Step& step : plan.steps) {
    if (step.step_template == "drain") step.acquires = {"out"};
    if (step.step_template == "start") step.releases = {"out"};
  }
  const Verdict verdict = verify(plan);
  CHECK(verdict.valid);
  CHECK(proof_of(verdict, "enough_serve").method == "least value by chains");

  plan.limits.slots["out"] = 41;
  const Verdict broken = verify(plan);
  REQUIRE(broken.findings.size() == 1);
  CHECK(broken.findings[0].code == code::rule.id);
  CHECK(broken.findings[0].trace.size() == 41);
}

TEST_CASE("a count in a disjunction holds where the rest does not") {
  plan::Plan plan = wide_plan(30, 30, 0);
  plan.rules.clear();
  std::vector<Expression> serving;
  for (int h = 0; h < 30; ++h) serving.push_back(is(host(h) + ".mode", word("started")));
  // H000 is out first and comes back last: while it is out the others serve, and once it is back they need not
  for (plan::Step& step : plan.steps) {
    if (step.id != "H0010" && step.id.back() == '0' && step.id != "H0000") step.after.push_back("H0003");
  }
  const auto rule = [&](int needed) {
    return make(Operator::or_, {is("H000.mode", word("started")),
                                make(Operator::greater_equal, {make(Operator::count, serving), number(needed)})});
  };
  add_rule(plan, "together", rule(28));  // all but H000 and H001
  CHECK(verify(plan).valid);
  plan.rules.clear();
  add_rule(plan, "together", rule(29));
  const Verdict broken = verify(plan);
  REQUIRE(broken.findings.size() == 1);
  CHECK(broken.findings[0].code == code::rule.id);
}
