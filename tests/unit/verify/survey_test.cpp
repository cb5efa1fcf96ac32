#include <catch2/catch.hpp>

#include "runtime/plan/paths.h"
#include "runtime/verify/survey.h"
#include "runtime/verify/verify.h"
#include "tests/unit/verify/small_plan.h"

using namespace exm;
using namespace exm::test;

namespace {

Verdict surveyed(const plan::Plan& plan) {
  Verdict verdict = verify(plan);
  REQUIRE(verdict.valid);
  survey(plan, verdict);
  return verdict;
}

void add_faults(plan::Plan& plan) {
  plan.faults.push_back({"lost", "$0 is lost", together({set("$0.mode", word("stopped"))}), {{"A"}, {"B"}}});
}

}  // namespace

TEST_CASE("headroom: how near a count comes to its limit, and between which steps") {
  const Verdict verdict = surveyed(small_plan());
  REQUIRE(verdict.headroom.size() == 1);
  const Headroom& h = verdict.headroom[0];
  CHECK(h.rule == "one_serves");
  CHECK_FALSE(h.at_most);
  CHECK(h.limit == 1);
  CHECK(h.at_start == 2);
  CHECK(h.nearest == 1);
  CHECK(h.when == std::vector<Stretch>{{"a1", "a4"}, {"b1", "b4"}});
  CHECK(survey_sentences(verdict) ==
        std::vector<std::string>{"one_serves counts 1 of 2, 1 needed, from a1 to a4 and from b1 to b4"});
}

TEST_CASE("exposure: where one fault more breaks a rule that it would not have broken before") {
  plan::Plan plan = small_plan();
  add_faults(plan);
  const Verdict verdict = surveyed(plan);
  REQUIRE(verdict.exposure.size() == 2);
  CHECK(verdict.exposure[0].fault == "lost A");
  CHECK(verdict.exposure[0].rules == std::vector<std::string>{"one_serves"});
  CHECK(verdict.exposure[0].when == std::vector<Stretch>{{"b1", "b4"}});
  CHECK(verdict.exposure[1].when == std::vector<Stretch>{{"a1", "a4"}});
  CHECK(survey_sentences(verdict)[1] == "From b1 to b4: if A is lost, one_serves breaks");
}

TEST_CASE("exposure: what would be broken anyway is not the plan's doing") {
  plan::Plan plan = small_plan();
  add_faults(plan);
  add_rule(plan, "b_serves_at_the_start", make(Operator::or_, {is("B.mode", word("started")), is("A.build", constant(version_value("2.0")))}));
  for (const Exposure& e : surveyed(plan).exposure) CHECK(e.rules == std::vector<std::string>{"one_serves"});
}

TEST_CASE("headroom: limits from either side, with counts and sums, and what never changes") {
  const auto of = [](Expression formula) {
    plan::Plan plan = small_plan();
    plan.rules.clear();
    add_rule(plan, "r", std::move(formula));
    const Verdict verdict = surveyed(plan);
    return verdict.headroom.empty() ? Headroom{} : verdict.headroom[0];
  };
  const auto out = [] { return make(Operator::count, {is("A.mode", word("stopped")), is("B.mode", word("stopped"))}); };
  const Headroom most = of(make(Operator::less_equal, {out(), number(1)}));
  CHECK((most.at_most && most.limit == 1 && most.at_start == 0 && most.nearest == 1));
  CHECK(most.when == std::vector<Stretch>{{"a1", "a4"}, {"b1", "b4"}});
  const Headroom turned = of(make(Operator::greater, {number(3), out()}));
  CHECK((turned.at_most && turned.limit == 2 && turned.nearest == 1));
  std::vector<Expression> terms;
  for (const std::string server : {"A", "B"})
    terms.push_back(make(Operator::if_, {is(server + ".mode", word("started")), number(5), number(0)}));
  const Headroom sum = of(make(Operator::less, {number(4), make(Operator::sum, terms)}));
  CHECK((!sum.at_most && sum.limit == 5 && sum.at_start == 10 && sum.nearest == 5));
  const Headroom still = of(make(Operator::greater_equal, {make(Operator::count, {is("A.mode", word("lost")), is("B.good", flag(false))}), number(0)}));
  CHECK(still.when.empty());
}

TEST_CASE("a plan that does not come back stays near to the end; steps side by side are a stretch each") {
  plan::Plan plan = small_plan();
  plan.rules.clear();
  plan.steps[4].after.clear();
  add_rule(plan, "r", make(Operator::greater_equal, {make(Operator::count, {is("A.mode", word("started")), is("B.mode", word("started"))}), number(0)}));
  CHECK(surveyed(plan).headroom[0].when == std::vector<Stretch>{{"a1", "a4"}, {"b1", "b4"}});
  CHECK(surveyed(plan).headroom[0].nearest == 0);
  plan.steps.pop_back();
  plan.free["B.mode"] = {plan::Free::Why::left, plan::text("stopped")};
  CHECK(surveyed(plan).headroom[0].when == std::vector<Stretch>{{"a1", "a4"}, {"b1", ""}});
}

TEST_CASE("where there are too many states to look at each, the least is proven, and what may be missing is said") {
  plan::Plan plan = small_plan();
  Verdict verdict = verify(plan);
  survey(plan, plan::start_world(plan), {}, verdict, 3);
  REQUIRE(verdict.headroom.size() == 1);
  CHECK(verdict.headroom[0].nearest == 1);
  CHECK(verdict.headroom[0].when.empty());
  CHECK_FALSE(verdict.survey_ended);
  CHECK(survey_sentences(verdict) == std::vector<std::string>{"one_serves counts 1 of 2, 1 needed"});
  add_faults(plan);
  verdict = verify(plan);
  survey(plan, plan::start_world(plan), {}, verdict, 3);
  CHECK(verdict.exposure.empty());
  CHECK(verdict.survey_ended);
  CHECK(survey_sentences(verdict).size() == 2);
}
