// Clause 7: from each step there is a way back.
#include <catch2/catch.hpp>

#include <algorithm>
#include <functional>

#include "runtime/plan/paths.h"
#include "runtime/verify/verdict_text.h"
#include "runtime/verify/verify.h"
#include "tests/unit/verify/retreat_plan.h"

using namespace exm;
using namespace exm::test;

namespace {

plan::Step& step(plan::Plan& plan, const std::string& id) {
  const auto at = std::find_if(plan.steps.begin(), plan.steps.end(), [&](const plan::Step& s) { return s.id == id; });
  REQUIRE(at != plan.steps.end());
  return *at;
}

void take(plan::Plan& plan, const std::string& retreat, const std::string& shape) {
  plan.retreats[retreat].steps.push_back({shape, {"$0"}, {}, {}});
}

/// A state that nothing else looks at, with a step for each of its values.
void add_quiet(plan::Plan& plan, bool quiet) {
  plan.kinds["server"].states["quiet"] = {{plan::Type::Kind::boolean, {}, "", {}}, plan::boolean(quiet), false};
  add_template(plan, "disturb", {}, {}, together({set("$0.quiet", flag(false))}), 60);
  add_template(plan, "calm", {}, {}, together({set("$0.quiet", flag(true))}), 60);
}

plan::Expression not_(plan::Expression e) {
  return make(Operator::not_, {std::move(e)});
}

struct Row {
  int line;
  std::string what;
  std::function<void(plan::Plan&)> change;
  std::string code;  // empty: still valid
  std::string step, rule, says;
};

}  // namespace

TEST_CASE("a retreat that is none is refused, with the step, the phase and what is in the way") {
  const std::vector<Row> rows{
      {__LINE__, "nothing changed", [](plan::Plan&) {}, "", "", "", ""},
      {__LINE__, "no retreat", [](plan::Plan& p) { step(p, "a2").retreat = ""; }, "EXM0571", "a2", "", "install"},
      {__LINE__, "a retreat that the plan does not have", [](plan::Plan& p) { step(p, "a2").retreat = "none"; },
       "EXM0571", "a2", "", ""},
      {__LINE__, "none, and the maintenance allows it",
       [](plan::Plan& p) {
         step(p, "a2").retreat = "";
         p.limits.allow = {"install"};
       },
       "", "", "", ""},
      {__LINE__, "allowed, but a retreat that is named has to be one",
       [](plan::Plan& p) {
         take(p, "installing", "check");
         p.limits.allow = {"install"};
       },
       "EXM0570", "a2", "", ""},
      // where it begins
      {__LINE__, "it may not begin in one of the phases", [](plan::Plan& p) { take(p, "installing", "check"); },
       "EXM0570", "a2", "", "cut off where A.build is unknown, cannot be taken"},
      {__LINE__, "it may not begin where its effects hold and no probe shows it",
       [](plan::Plan& p) { p.templates["resume"].probes.clear(); }, "EXM0570", "a1", "",
       "cut off before it has changed anything, cannot be taken: its step 1 (resume A)"},
      {__LINE__, "a probe may name the state by another of its objects",
       [](plan::Plan& p) {
         p.templates["resume"].probes = {probe("$1.mode")};
         for (auto& [name, retreat] : p.retreats) {
           for (plan::RetreatStep& back : retreat.steps) {
             if (back.step_template == "resume") back.objects = {"$0", "$0"};
           }
         }
       },
       "", "", "", ""},
      {__LINE__, "an effect that becomes unknown needs no probe",
       [](plan::Plan& p) {
         p.templates["resume"].effects =
             sequence({together({set("$0.good", constant(plan::unknown()))}), p.templates["resume"].effects});
         p.rules.pop_back();
         p.retreats["back"].open["$0.good"] = plan::unknown();
       },
       "", "", "", ""},
      {__LINE__, "one that is skipped does not show what it shows while it runs",
       [](plan::Plan& p) {
         p.templates["resume"].during = {set("$0.good", flag(true))};
         add_rule(p, "good_while_out", make(Operator::or_, {var("A.good"), not_(is("A.mode", word("started")))}));
       },
       "", "", "", ""},
      {__LINE__, "two of its effects conflict",
       [](plan::Plan& p) {
         auto other = set("$0.mode", word("draining"));
         other.when = var("$0.good");
         p.templates["resume"].effects.assignments.push_back(other);
       },
       "EXM0570", "a1", "", "gives `A.mode` two different values"},
      {__LINE__, "it repeats the step", [](plan::Plan& p) { take(p, "out", "check"); }, "EXM0570", "a3", "", "repeats"},
      {__LINE__, "it repeats the step, nested otherwise",
       [](plan::Plan& p) {
         p.templates["again"] = p.templates["check"];
         p.templates["again"].effects = any_order({sequence({p.templates["check"].effects}), sequence({})});
         take(p, "out", "again");
       },
       "EXM0570", "a3", "", "repeats"},
      {__LINE__, "the same action on another object is no repetition",
       [](plan::Plan& p) {
         p.retreats["out"].steps.push_back({"check", {"B"}, {}, {}});
         p.templates["check"].probes = {probe("$0.good")};
       },
       "EXM0570", "b3", "", "repeats"},
      {__LINE__, "it takes what is forbidden", [](plan::Plan& p) { p.limits.forbid = {"resume"}; }, "EXM0570", "a1", "",
       "forbidden"},
      {__LINE__, "a template that is not there",
       [](plan::Plan& p) { p.retreats["back"].steps[0].step_template = "resum"; }, "EXM0502", "a1", "", "resum"},
      {__LINE__, "an object that is not there", [](plan::Plan& p) { p.retreats["back"].steps[0].objects = {"C"}; },
       "EXM0502", "a1", "", ""},
      // rules
      {__LINE__, "a rule is broken at its end",
       [](plan::Plan& p) {
         take(p, "out", "resume");
         p.retreats["out"].open.erase("$0.mode");
       },
       "EXM0570", "a3", "serving_is_good", "breaks serving_is_good of A in its step 1 (resume A)"},
      {__LINE__, "a rule is broken while it runs",
       [](plan::Plan& p) { p.templates["resume"].during = {set("$0.good", flag(false))}; }, "EXM0570", "a1",
       "serving_is_good", ""},
      {__LINE__, "a rule is broken between its effects",
       [](plan::Plan& p) {
         add_quiet(p, true);
         p.templates["resume"].effects = sequence(
             {together({set("$0.quiet", constant(plan::unknown()))}), together({set("$0.mode", word("started"))})});
         add_rule(p, "quiet", make(Operator::known, {var("$0.quiet")}), {{"A"}, {"B"}});
       },
       "EXM0570", "a1", "quiet", ""},
      {__LINE__, "a rule that the maintenance is to repair may stay broken",
       [](plan::Plan& p) {
         add_rule(p, "newer", make(Operator::greater_equal, {var("B.build"), constant(version_value("2.0"))}));
         p.rules.back().repaired = true;
         step(p, "b2").retreat = step(p, "b3").retreat = "";
         p.limits.allow = {"install", "check"};
       },
       "", "", "", ""},
      {__LINE__, "but not once it has held",
       [](plan::Plan& p) {
         add_quiet(p, false);
         add_rule(p, "quiet", var("A.quiet"));
         p.rules.back().of_steps = true;
         p.retreats["back"].steps.push_back({"calm", {"A"}, {}, {}});
         p.retreats["back"].steps.push_back({"disturb", {"A"}, {}, {}});
       },
       "EXM0570", "a1", "quiet", "breaks quiet in its step 3 (disturb A)"},
      // its end
      {__LINE__, "users stay disrupted",
       [](plan::Plan& p) {
         p.disrupts_when = {{is("$0.mode", word("stopped")), {{"A"}, {"B"}}}};
       },
       "EXM0570", "a2", "", "leaves users disrupted: A.mode is stopped"},
      {__LINE__, "it is not known whether they do",
       [](plan::Plan& p) {
         p.disrupts_when = {{not_(var("$0.good")), {{"A"}}}};
       },
       "EXM0570", "a2", "", "disrupted"},
      {__LINE__, "they were before the plan",
       [](plan::Plan& p) {
         p.disrupts_when = {{is("$0.build", constant(version_value("1.0"))), {{"A"}, {"B"}}}};
       },
       "", "", "", ""},
      {__LINE__, "a difference that is not listed",
       [](plan::Plan& p) { p.retreats["installing"].open.erase("$0.mode"); }, "EXM0572", "a2", "",
       "leaves `A.mode` different, as stopped, and does not list it"},
      {__LINE__, "a difference that is none",
       [](plan::Plan& p) { p.retreats["back"].open["$0.good"] = plan::unknown(); }, "EXM0572", "a1", "",
       "does not leave different"},
      {__LINE__, "another value than it has",
       [](plan::Plan& p) { p.retreats["out"].open["$0.mode"] = plan::text("draining"); }, "EXM0572", "a3", "",
       "as stopped, and lists it as draining"},
      {__LINE__, "a value where the phases differ",
       [](plan::Plan& p) { p.retreats["out"].open["$0.good"] = plan::boolean(true); }, "EXM0572", "a3", "",
       "as unknown"},
      {__LINE__, "finished work is no difference",
       [](plan::Plan& p) { p.retreats["out"].open["$0.build"] = version_value("2.0"); }, "EXM0572", "a3", "",
       "A.build"},
      {__LINE__, "what another step has left is listed as well",
       [](plan::Plan& p) {
         add_quiet(p, true);
         add_step(p, "c1", "disturb", {"B"}, {}).retreat = "calm";
         add_step(p, "c2", "calm", {"B"}, {"b4"}).retreat = "calm";
         p.retreats["calm"] = {{{"resume", {"B"}, {}, {}}}, {}};
         step(p, "a1").after = {"c1"};
       },
       "EXM0572", "a1", "", "leaves `B.quiet` different, as false, and does not list it"},
      {__LINE__, "what may be left as it is is no difference, and the same elsewhere is one",
       [](plan::Plan& p) {
         p.free["B.mode"] = {plan::Free::Why::left, plan::text("started")};
       },
       "EXM0572", "b2", "", "lists `B.mode`"},
      {__LINE__, "what needs not be restored is no difference",
       [](plan::Plan& p) {
         p.kinds["server"].states["mode"].lasting = true;
         for (auto& [name, retreat] : p.retreats) retreat.open.erase("$0.mode");
       },
       "", "", "", ""},
  };
  for (const Row& row : rows) {
    plan::Plan plan = retreat_plan();
    row.change(plan);
    const Verdict verdict = verify(plan);
    INFO("line " << row.line << ": " << row.what << "\n" << verdict_text(verdict, plan, "plan"));
    CHECK(verdict.unjudged.empty());
    if (row.code.empty()) {
      CHECK(verdict.valid);
      CHECK(verdict.retreats + static_cast<std::int64_t>(plan.limits.allow.size()) >= 8);
      continue;
    }
    const auto found = std::find_if(verdict.findings.begin(), verdict.findings.end(), [&](const Finding& f) {
      return f.code == row.code && f.step == row.step && f.rule == row.rule &&
             f.message.find(row.says) != std::string::npos;
    });
    CHECK(found != verdict.findings.end());
  }
}

TEST_CASE("a plan that says nothing of retreats is refused, from each step") {
  plan::Plan plan = small_plan();
  CHECK(verify(plan).valid);
  plan.limits.allow = {"drain", "check"};
  const Verdict verdict = verify(plan);
  CHECK(verdict.findings.size() == 4);
  CHECK(verdict.findings.front().code == "EXM0571");
}

TEST_CASE("a cut-off step with more phases than can be looked at each") {
  // Twenty services in any order, each unknown from then on; the server rests on all of them.
  plan::Plan plan = retreat_plan();
  plan::Effect services{plan::Effect::Kind::any_order, {}, {}};
  std::vector<Expression> all;
  plan::Template& restart = add_template(plan, "restart", {}, {}, {plan::Effect::Kind::any_order, {}, {}}, 60);
  for (int i = 0; i < 20; ++i) {
    const std::string state = "s" + std::to_string(i);
    plan.kinds["server"].states[state] = {{plan::Type::Kind::boolean, {}, "", {}}, plan::boolean(true), false};
    services.parts.push_back(together({set("$0." + state, constant(plan::unknown()))}));
    restart.effects.parts.push_back(together({set("$0." + state, flag(true))}));
    restart.probes.push_back(probe("$0." + state));
    all.push_back(var("$0." + state));
  }
  plan::Template& install = plan.templates["install"];
  install.effects.parts.insert(install.effects.parts.begin(), services);
  plan.templates["check"].effects = any_order({plan.templates["check"].effects, restart.effects});
  for (const std::string retreat : {"installing", "out"}) take(plan, retreat, "restart");

  SECTION("what they are makes no difference") {
    const Verdict verdict = verify(plan);
    INFO(verdict_text(verdict, plan, "plan"));
    CHECK(verdict.valid);
  }
  SECTION("the retreat does not look at them") {
    plan.retreats["installing"].steps.clear();
    for (const Expression& service : all) plan.retreats["installing"].open[service.text] = plan::unknown();
    const Verdict verdict = verify(plan);
    INFO(verdict_text(verdict, plan, "plan"));
    CHECK(verdict.valid);
  }
  SECTION("what they are may make a difference: that is not known") {
    plan.templates["restart"].requires_.push_back({make(Operator::and_, all), ""});
    plan.retreats["out"].steps.clear();
    for (const Expression& service : all) plan.retreats["out"].open[service.text] = plan::unknown();
    const Verdict verdict = verify(plan);
    INFO(verdict_text(verdict, plan, "plan"));
    CHECK(verdict.bound_reached);
    CHECK(std::any_of(verdict.findings.begin(), verdict.findings.end(),
                      [](const Finding& f) { return f.code == "EXM0504" && f.step == "a2"; }));
  }
  SECTION("a requirement may ask whether they are known: then it has to hold whatever they are") {
    for (const bool wanted : {true, false}) {
      // "as far as it is known": they are true or unknown, so what wants them false is not right from everywhere
      plan.templates["restart"].requires_.assign(
          1, {make(Operator::or_, {not_(make(Operator::known, {var("$0.s3")})), make(Operator::equal, {var("$0.s3"), flag(wanted)})}), ""});
      const Verdict verdict = verify(plan);
      INFO(verdict_text(verdict, plan, "plan"));
      CHECK(verdict.valid == wanted);
      CHECK(verdict.bound_reached != wanted);
    }
  }
  SECTION("what a step of the retreat makes of them may be asked for, too") {
    plan.kinds["server"].states["told"] = {{plan::Type::Kind::boolean, {}, "", {}}, plan::unknown(), true};
    add_template(plan, "tell", {}, {}, together({set("$0.told", var("$0.s3"))}), 60);
    for (const std::string name : {"installing", "out"}) {
      auto& steps = plan.retreats[name].steps;
      steps.insert(steps.begin(), {"tell", {"$0"}, {}, {}});
    }
    for (const bool wanted : {true, false}) {
      const Expression as_wanted = make(Operator::equal, {var("$0.told"), flag(wanted)});
      plan.templates["restart"].requires_.assign(1, {make(Operator::or_, {not_(make(Operator::known, {var("$0.told")})), as_wanted}), ""});
      const Verdict verdict = verify(plan);
      INFO(verdict_text(verdict, plan, "plan"));
      CHECK(verdict.valid == wanted);
    }
  }
}

TEST_CASE("the rest of a plan is judged by its retreats, but not by what they leave open") {
  const plan::Plan plan = retreat_plan();
  World world = plan::start_world(plan);
  world["A.mode"] = plan::text("stopped");
  const Verdict verdict = verify(plan, world, {"a1"});
  INFO(verdict_text(verdict, plan, "plan"));
  CHECK(verdict.valid);
  CHECK(verdict.retreats == 7);
}
