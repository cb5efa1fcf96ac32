#include <catch2/catch.hpp>

#include <algorithm>
#include <functional>

#include "runtime/plan/paths.h"
#include "runtime/plan/plan_json.h"
#include "runtime/verify/verdict_text.h"
#include "runtime/verify/verify.h"
#include "tests/unit/verify/small_plan.h"

using namespace exm;
using namespace exm::test;

namespace {

plan::Step& step(plan::Plan& plan, const std::string& id) {
  for (plan::Step& s : plan.steps) {
    if (s.id == id) return s;
  }
  FAIL("no step " << id);
  return plan.steps.front();
}

void add_slots(plan::Plan& plan, int n) {
  plan.limits.slots["out"] = n;
  step(plan, "b1").after.clear();
  for (const std::string host : {"a", "b"}) {
    step(plan, host + "1").acquires = {"out"};
    step(plan, host + "4").releases = {"out"};
  }
}

void add_fault(plan::Plan& plan, int n) {
  plan::Fault fault;
  fault.id = "host_lost";
  fault.effects = together({set("$0.mode", word("stopped"))});
  fault.instances = {{"A"}, {"B"}};
  plan.faults.push_back(fault);
  plan.limits.withstand = {{"host_lost", n}};
}

struct Row {
  int line;
  std::string what;
  std::function<void(plan::Plan&)> change;
  std::string code;  // empty: still valid
  std::string step, rule;
};

}  // namespace

TEST_CASE("each clause refuses the plan that breaks it, and names the step and the rule") {
  const std::vector<Row> rows{
      {__LINE__, "nothing changed", [](plan::Plan&) {}, "", "", ""},
      // the plan makes sense
      {__LINE__, "a variable that no object has",
       [](plan::Plan& p) { p.templates["check"].during = {set("$0.godo", flag(true))}; }, "EXM0502", "a3", ""},
      {__LINE__, "a template that is not there", [](plan::Plan& p) { step(p, "a3").step_template = "chek"; }, "EXM0502",
       "a3", ""},
      {__LINE__, "after a step that is not there", [](plan::Plan& p) { step(p, "a3").after = {"a9"}; }, "EXM0502", "a3",
       ""},
      {__LINE__, "one id twice", [](plan::Plan& p) { step(p, "a3").id = "a2"; }, "EXM0502", "a2", ""},
      {__LINE__, "a circle", [](plan::Plan& p) { step(p, "a1").after = {"b4"}; }, "EXM0503", "", ""},
      // 1
      {__LINE__, "a requirement that does not hold",
       [](plan::Plan& p) {
         step(p, "a1").step_template = "check";
         step(p, "a1").after = {};
       },
       "EXM0510", "a2", ""},
      {__LINE__, "a requirement that is not known",
       [](plan::Plan& p) {
         p.objects["A"].start["mode"] = plan::unknown();
         p.rules.clear();
       },
       "EXM0510", "a1", ""},
      {__LINE__, "conditional effects that conflict",
       [](plan::Plan& p) {
         auto other = set("$0.good", flag(false));
         other.when = is("$0.mode", word("stopped"));
         p.templates["check"].effects.assignments.push_back(other);
       },
       "EXM0511", "a3", ""},
      // 2
      {__LINE__, "two steps write one state, without an order",
       [](plan::Plan& p) {
         step(p, "a4").after = {"a2"};
         p.templates["check"].on = "";
         p.templates["check"].effects.assignments.push_back(set("$0.mode", word("stopped")));
       },
       "EXM0520", "a3", ""},
      {__LINE__, "one reads what another writes",
       [](plan::Plan& p) {
         step(p, "a3").after = {};
         p.templates["check"].on = "";
       },
       "EXM0520", "a2", ""},
      {__LINE__, "two steps on one host", [](plan::Plan& p) { step(p, "a4").after = {"a2"}; }, "EXM0521", "a3", ""},
      {__LINE__, "a race though the condition is not met",
       [](plan::Plan& p) {
         auto never = set("B.good", flag(false));
         never.when = flag(false);
         p.templates["drain"].effects.assignments.push_back(never);
         step(p, "b1").after = {};
       },
       "EXM0520", "", ""},
      // 3
      {__LINE__, "both out at once", [](plan::Plan& p) { step(p, "b1").after = {}; }, "EXM0530", "b1", "one_serves"},
      {__LINE__, "only while a step runs",
       [](plan::Plan& p) {
         add_rule(p, "never_drains", make(Operator::not_equal, {var("B.mode"), word("draining")}));
       },
       "EXM0530", "b1", "never_drains"},
      {__LINE__, "only in the middle of a step",
       [](plan::Plan& p) {
         add_rule(p, "old_is_good",
                  make(Operator::or_,
                       {make(Operator::known, {var("A.good")}), is("A.build", constant(version_value("2.0")))}));
       },
       "EXM0530", "a2", "old_is_good"},
      {__LINE__, "only where a step is cut off",
       [](plan::Plan& p) {
         p.templates["install"].during.push_back(set("$0.good", constant(plan::unknown())));
         add_rule(p, "together",
                  make(Operator::or_, {make(Operator::known, {var("A.good")}),
                                       make(Operator::not_, {is("A.build", constant(version_value("1.0")))})}));
         add_rule(p, "building",
                  make(Operator::or_, {make(Operator::not_, {make(Operator::known, {var("A.good")})}),
                                       make(Operator::known, {var("A.build")})}));
       },
       "EXM0530", "a2", ""},
      {__LINE__, "the rule is broken at once",
       [](plan::Plan& p) { add_rule(p, "all_new", is("A.build", constant(version_value("2.0")))); }, "EXM0531", "",
       "all_new"},
      {__LINE__, "under repair it may be broken at first",
       [](plan::Plan& p) {
         add_rule(p, "all_new", is("A.build", constant(version_value("2.0"))));
         p.rules.back().repaired = true;
       },
       "", "", ""},
      {__LINE__, "but not again, not even when a step is cut off",
       [](plan::Plan& p) {
         add_rule(p, "out", make(Operator::not_, {is("A.mode", word("started"))}));
         p.rules.back().repaired = true;
       },
       "EXM0530", "a1", "out"},
      {__LINE__, "a rule of steps binds from when it holds",
       [](plan::Plan& p) {
         add_rule(p, "out", make(Operator::not_, {is("A.mode", word("started"))}));
         p.rules.back().of_steps = true;
       },
       "EXM0530", "a1", "out"},
      // 4
      {__LINE__, "a wish that is not reached",
       [](plan::Plan& p) { p.achieve.push_back(is("A.mode", word("stopped"))); }, "EXM0540", "a4", ""},
      {__LINE__, "a wish that is not known",
       [](plan::Plan& p) { p.achieve.push_back(is("A.good", constant(plan::unknown()))); }, "EXM0540", "a3", ""},
      {__LINE__, "a rule that is not repaired",
       [](plan::Plan& p) {
         add_rule(p, "newer", is("A.build", constant(version_value("3.0"))));
         p.rules.back().repaired = true;
       },
       "EXM0541", "", "newer"},
      // 5
      {__LINE__, "a server that stays out", [](plan::Plan& p) { p.steps.pop_back(); }, "EXM0550", "b1", ""},
      {__LINE__, "an exception that is not listed", [](plan::Plan& p) { p.free.erase("A.build"); }, "EXM0550", "a2",
       ""},
      {__LINE__, "an exception that no wish needs", [](plan::Plan& p) { p.achieve.erase(p.achieve.begin()); },
       "EXM0550", "a2", ""},
      {__LINE__, "lasting, says the plan alone",
       [](plan::Plan& p) { p.free["A.build"].why = plan::Free::Why::lasting; }, "EXM0550", "a2", ""},
      {__LINE__, "lasting, says the kind too",
       [](plan::Plan& p) {
         p.free["A.build"].why = plan::Free::Why::lasting;
         p.kinds["server"].states["build"].lasting = true;
       },
       "", "", ""},
      {__LINE__, "left, says the author", [](plan::Plan& p) { p.free["A.build"].why = plan::Free::Why::left; }, "", "",
       ""},
      {__LINE__, "unknown at the start",
       [](plan::Plan& p) {
         p.objects["A"].start["build"] = plan::unknown();
         p.free["A.build"].why = plan::Free::Why::unknown;
       },
       "", "", ""},
      {__LINE__, "known at the start", [](plan::Plan& p) { p.free["A.build"].why = plan::Free::Why::unknown; },
       "EXM0550", "a2", ""},
      {__LINE__, "it ends otherwise than listed", [](plan::Plan& p) { p.free["A.build"].ends = version_value("3.0"); },
       "EXM0552", "a2", ""},
      {__LINE__, "after replan another value is to be restored",
       [](plan::Plan& p) { p.objects["A"].restore["good"] = plan::boolean(false); }, "EXM0550", "a3", ""},
      {__LINE__, "either, but not both",
       [](plan::Plan& p) {
         p.achieve = {make(Operator::or_, {is("A.build", constant(version_value("2.0"))),
                                           is("B.build", constant(version_value("2.0")))})};
       },
       "EXM0551", "a2", ""},
      // 6
      {__LINE__, "a forbidden action", [](plan::Plan& p) { p.limits.forbid = {"check"}; }, "EXM0560", "a3", ""},
      {__LINE__, "a forbidden fallback",
       [](plan::Plan& p) {
         add_template(p, "stop_now", {}, {}, together({set("$0.mode", word("stopped"))}), 60);
         p.templates["drain"].fallback = plan::Fallback{"stop_now", {"$0"}};
         p.limits.forbid = {"stop_now"};
       },
       "EXM0560", "a1", ""},
      {__LINE__, "longer than its window",
       [](plan::Plan& p) {
         p.limits.windows = {{5, 0, 6719, ""}};
       },
       "EXM0561", "", ""},
      {__LINE__, "as long as its window",
       [](plan::Plan& p) {
         p.limits.windows = {{5, 0, 6720, ""}};
       },
       "", "", ""},
      {__LINE__, "a gate before nothing",
       [](plan::Plan& p) {
         p.limits.confirms = {{"c1", "Sure?", "stop_cms"}};
       },
       "EXM0562", "", ""},
      {__LINE__, "a gate before an action",
       [](plan::Plan& p) {
         p.limits.confirms = {{"c1", "Sure?", "install"}, {"c2", "Really?", ""}};
       },
       "", "", ""},
      {__LINE__, "one lost server breaks the cluster", [](plan::Plan& p) { add_fault(p, 1); }, "EXM0563", "a1",
       "one_serves"},
      {__LINE__, "a fault that nobody knows",
       [](plan::Plan& p) {
         p.limits.withstand = {{"host_lost", 1}};
       },
       "EXM0502", "", ""},
      {__LINE__, "a fault that is withstood",
       [](plan::Plan& p) {
         add_fault(p, 1);
         p.faults[0].effects = together({set("$0.good", flag(true))});
       },
       "", "", ""},
      {__LINE__, "at most none", [](plan::Plan& p) { p.limits.at_most = 0; }, "EXM0566", "", ""},
      {__LINE__, "slots instead of edges", [](plan::Plan& p) { add_slots(p, 1); }, "", "", ""},
      {__LINE__, "a slot too many", [](plan::Plan& p) { add_slots(p, 2); }, "EXM0530", "b1", "one_serves"},
      {__LINE__, "no slot at all", [](plan::Plan& p) { add_slots(p, 0); }, "EXM0564", "b1", ""},
      {__LINE__, "a slot that is never given back",
       [](plan::Plan& p) {
         add_slots(p, 1);
         step(p, "a4").releases = {};
       },
       "EXM0564", "b1", ""},
      {__LINE__, "a slot that nobody took",
       [](plan::Plan& p) {
         add_slots(p, 1);
         step(p, "a1").acquires = {};
       },
       "EXM0565", "a4", ""},
      {__LINE__, "a slot that the plan does not have",
       [](plan::Plan& p) {
         add_slots(p, 1);
         step(p, "a1").acquires = {"in"};
       },
       "EXM0502", "a1", ""},
  };
  for (const Row& row : rows) {
    plan::Plan plan = small_plan();
    row.change(plan);
    const Verdict verdict = verify(plan);
    INFO("line " << row.line << ", " << row.what << "\n" << verdict_text(verdict, plan, "plan"));
    CHECK(verdict.valid == row.code.empty());
    if (row.code.empty() || verdict.findings.empty()) continue;
    const bool named = std::any_of(verdict.findings.begin(), verdict.findings.end(), [&](const Finding& f) {
      return f.code == row.code && (row.step.empty() || f.step == row.step) && (row.rule.empty() || f.rule == row.rule);
    });
    CHECK(named);
  }
}

TEST_CASE("the trace is the shortest way to the broken rule") {
  plan::Plan plan = small_plan();
  step(plan, "b1").after = {};
  const Verdict verdict = verify(plan);
  REQUIRE(verdict.findings.size() == 1);
  std::vector<std::string> told;
  for (const Event& event : verdict.findings[0].trace) told.push_back(event_text(event));
  CHECK(told == std::vector<std::string>{"step a1 begins: A.mode is draining", "step b1 begins: B.mode is draining"});
}

TEST_CASE("what is left of a plan is checked from what is observed") {
  const plan::Plan plan = small_plan();
  World world = plan::start_world(plan);
  world["A.mode"] = plan::text("stopped");
  CHECK(verify(plan, world, {"a1"}).valid);
  world["B.mode"] = plan::text("stopped");
  const Verdict verdict = verify(plan, world, {"a1"});
  REQUIRE_FALSE(verdict.valid);
  CHECK(verdict.findings[0].code == "EXM0510");  // b1 wants to drain what is drained
}

TEST_CASE("a check that ends at its bound says so, and is no proof") {
  const Verdict verdict = verify(small_plan(), VerifyBounds{.states_per_rule = 3});
  CHECK_FALSE(verdict.valid);
  CHECK(verdict.bound_reached);
  CHECK(verdict.findings[0].code == "EXM0504");
}

TEST_CASE("a plan that is not what its digest says is refused, but for one that has none yet") {
  plan::Plan plan = small_plan();
  CHECK(verify(plan).valid);
  plan.digest = digest_of(plan);
  CHECK(verify(plan).valid);
  plan.title = "another";
  const Verdict verdict = verify(plan);
  REQUIRE(verdict.findings.size() == 1);
  CHECK(verdict.findings[0].code == "EXM0501");
}

TEST_CASE("the measures are those of the timeline") {
  plan::Plan plan = small_plan();
  plan.disrupts_when.push_back({make(Operator::not_, {is("$0.mode", word("started"))}), {{"A"}, {"B"}}});
  plan.templates["check"].disrupts = {{"$0", 5}};
  plan.templates["check"].cost = 3;
  const Measured one = verify(plan).measured;
  CHECK(one.steps == 8);
  CHECK(one.duration == 2 * (900 + 1800 + 600 + 60));
  CHECK(one.disruption == one.duration + 10);
  CHECK(one.cost == 12);
  CHECK(one.away == one.duration);  // from the begin of each drain to the end of each start
  step(plan, "b1").after.clear();
  CHECK(verify(plan).measured.duration == one.duration / 2);
  plan.limits.at_most = 1;
  CHECK(verify(plan).measured.duration == one.duration);
  plan.limits.at_most.reset();
  add_slots(plan, 1);
  CHECK(verify(plan).measured.duration == one.duration);
}

TEST_CASE("a fallback is valid from every phase and leaves what the step would have left") {
  const auto with_fallback = [](Expression requires_, const std::string& leaves) {
    plan::Plan plan = small_plan();
    add_template(plan, "stop_now", {std::move(requires_)}, {}, together({set("$0.mode", word(leaves))}), 60);
    plan.templates["stop_now"].probes.push_back({"$0.mode", "shell", {}, {}, 5});
    plan.templates["drain"].fallback = plan::Fallback{"stop_now", {"$0"}};
    return plan;
  };
  const Expression any = make(Operator::in, {var("$0.mode"), make(Operator::set, {word("started"), word("draining")})});
  CHECK(verify(with_fallback(any, "stopped")).valid);
  for (const plan::Plan& plan :
       {with_fallback(is("$0.mode", word("started")), "stopped"), with_fallback(any, "started")}) {
    const Verdict verdict = verify(plan);
    INFO(verdict_text(verdict, plan, "plan"));
    CHECK_FALSE(verdict.valid);
    CHECK(verdict.findings[0].code == "EXM0573");
  }
}
