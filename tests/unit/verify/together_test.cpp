#include <catch2/catch.hpp>

#include "runtime/verify/together.h"
#include "runtime/verify/verdict_text.h"
#include "runtime/verify/verify.h"
#include "tests/unit/verify/small_plan.h"

using namespace exm;
using namespace exm::test;

namespace {

/// Of the small plan, the part on one server. Each leaves the other one serving.
plan::Plan part(const std::string& server) {
  plan::Plan plan = small_plan();
  const std::string own = server == "A" ? "a" : "b";
  plan.maintenance = own;
  std::erase_if(plan.steps, [&](const plan::Step& step) { return step.id.substr(0, 1) != own; });
  plan.steps[0].after.clear();
  plan.achieve = {make(Operator::greater_equal, {var(server + ".build"), constant(version_value("2.0"))})};
  plan.free.erase((server == "A" ? "B" : "A") + std::string(".build"));
  return plan;
}

/// A third server beside the two of the small plan.
void add_spare(plan::Plan& plan) {
  plan.objects["C"].kind = "server";
  plan.rules[0].formula.formula.operands[0].operands.push_back(is("C.mode", word("started")));
}

struct Pair {
  plan::Plan a = part("A"), b = part("B");

  Verdict verdict(const World& observed = {}) const {
    const NamedPlan plans[] = {{"a", &a}, {"b", &b}};
    REQUIRE(verify(a).valid);
    REQUIRE(verify(b).valid);
    return verify_together(plans, observed);
  }
  std::string text(const World& observed = {}) const {
    return verdict_text(Report{"a.json and b.json", verdict(observed)}, "");
  }
};

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("two plans that each take the other's peer down are refused, with the shortest way") {
  CHECK(Pair().text() ==
        "error[EXM0530]: one_serves is not known to hold while step b:b1 runs: A.mode is draining and B.mode is "
        "draining\n"
        "  clause 3 of a valid plan\n"
        "  the shortest way there:\n"
        "    step a:a1 begins: A.mode is draining\n"
        "    step b:b1 begins: B.mode is draining\n"
        "\n"
        "a.json and b.json together: not valid: 1 finding\n"
        "  not judged: clause 7 of a valid plan\n");
}

TEST_CASE("where one more server serves, both may be under way") {
  Pair pair;
  add_spare(pair.a);
  add_spare(pair.b);
  const Verdict verdict = pair.verdict();
  INFO(pair.text());
  CHECK(verdict.valid);
  CHECK(verdict.measured.steps == 8);
  // That server is down in the world that was observed: what each plan alone stands, both do not.
  CHECK(has(pair.text({{"C.mode", plan::text("stopped")}}), "one_serves is not known to hold while step b:b1 runs"));
}

TEST_CASE("a rule of one plan alone binds the steps of the other") {
  Pair pair;
  add_spare(pair.a);
  add_spare(pair.b);
  add_rule(pair.a, "b_is_there", is("B.mode", word("started")));
  CHECK(has(pair.text(), "b_is_there is not known to hold while step b:b1 runs: B.mode is draining"));
}

TEST_CASE("rules of one name that say different things are both kept") {
  Pair pair;
  add_spare(pair.a);
  add_spare(pair.b);
  pair.b.rules[0].formula.formula.operands[1] = number(2);
  CHECK(has(pair.text(), "b:one_serves is not known to hold while step b:b1 runs"));
}

TEST_CASE("no step of one plan writes what a step of the other reads or writes") {
  Pair pair;
  add_spare(pair.a);
  add_spare(pair.b);
  SECTION("a requirement") {
    pair.b.templates["install"].requires_.push_back({is("A.mode", word("started")), ""});
    CHECK(has(pair.text(), "error[EXM0520]: step a:a1 (drain A) writes `A.mode`, which step b:b2 (install B) reads\n"));
    CHECK(has(pair.text(), "    step b:b1 ends\n    step a:a1 begins\n") == false);
    CHECK(has(pair.text(), "  the shortest way there:\n    step a:a1 begins\n    step b:b1 begins: B.mode is draining\n"));
  }
  SECTION("a fallback") {
    pair.b.templates["help"] = pair.b.templates["start"];
    pair.b.templates["help"].action = "help";
    pair.b.templates["help"].probes.push_back({"$0.mode", "shell", {}, {}, 5});
    pair.b.templates["help"].requires_.push_back({is("A.mode", word("started")), ""});
    pair.b.templates["start"].fallback = plan::Fallback{"help", {"$0"}};
    CHECK(has(pair.text(), "writes `A.mode`, which step b:b4 (start B) by its fallback reads"));
  }
  SECTION("a way back") {
    pair.b.steps[1].retreat = "back";
    pair.b.templates["look"] = pair.b.templates["start"];
    pair.b.templates["look"].requires_.push_back({is("A.mode", word("started")), ""});
    pair.b.retreats["back"].steps = {{"look", {"$0"}, {}, {}}};
    const NamedPlan plans[] = {{"a", &pair.a}, {"b", &pair.b}};
    const std::string text = verdict_text(Report{"both", verify_together(plans)}, "");
    CHECK(has(text, "writes `A.mode`, which step b:b2 (install B) on its way back reads"));
  }
}

TEST_CASE("two runs wait neither for a host nor for what is used") {
  Pair pair;
  add_spare(pair.a);
  add_spare(pair.b);
  SECTION("one host") {
    pair.a.templates["check"].on = pair.b.templates["check"].on = "C";
    CHECK(has(pair.text(),
              "error[EXM0521]: step a:a3 (check A) and step b:b3 (check B) are both on `C`, and two runs do not wait "
              "for each other\n"));
  }
  SECTION("one thing that both use") {
    pair.a.templates["start"].uses = pair.b.templates["drain"].uses = {"C"};
    CHECK(has(pair.text(), "error[EXM0591]: step a:a4 (start A) and step b:b1 (drain B) both use `C`"));
    CHECK(has(pair.text(), "    step a:a4 begins\n    step b:b1 begins\n"));
  }
  SECTION("the controller is no host") {
    pair.a.templates["check"].on = pair.b.templates["check"].on = "controller";
    CHECK(pair.verdict().valid);
  }
}

TEST_CASE("slots are a plan's own") {
  Pair pair;
  add_spare(pair.a);
  add_spare(pair.b);
  for (plan::Plan* plan : {&pair.a, &pair.b}) {
    plan->limits.slots["out"] = 1;
    plan->steps[0].acquires = plan->steps[3].releases = {"out"};
  }
  CHECK(pair.verdict().valid);
}

TEST_CASE("what one plan is to withstand holds while the other runs") {
  Pair pair;
  for (plan::Plan* plan : {&pair.a, &pair.b}) {
    add_spare(*plan);
    plan->faults.push_back({"lost", "", together({set("$0.mode", word("stopped"))}), {{"A"}, {"B"}, {"C"}}});
  }
  CHECK(pair.verdict().valid);
  pair.a.limits.withstand = {{"lost", 1}};
  CHECK(has(pair.text(), "error[EXM0563]: one_serves is not known to hold after lost"));
}

TEST_CASE("plans from different worlds are told apart") {
  Pair pair;
  add_spare(pair.a);
  add_spare(pair.b);
  SECTION("a state") {
    pair.b.objects["C"].start["build"] = version_value("1.5");
    CHECK(has(pair.text(), "error[EXM0590]: the plans do not begin in the same world: `C.build` is 1.0 in a and 1.5 in b\n"));
  }
  SECTION("what one of them does not know") {
    pair.b.objects["C"].start["build"] = plan::unknown();
    CHECK(pair.verdict().valid);
  }
  SECTION("an address") {
    pair.a.hosts["C"].address = "c.example";
    pair.b.hosts["C"].address = "192.0.2.3";
    CHECK(has(pair.text(), "`C` is reached by \"c.example\" in a and by \"192.0.2.3\" in b"));
  }
  SECTION("a kind") {
    pair.b.kinds["server"].states["build"].lasting = true;
    CHECK(has(pair.text(), "the state `build` of a `server` is not the same in b"));
  }
  SECTION("what a thing is") {
    pair.b.kinds["box"] = pair.b.kinds["server"];
    pair.b.objects["C"].kind = "box";
    CHECK(has(pair.text(), "`C` is a `server` in a and a `box` in b"));
  }
  SECTION("whether it is there") {
    pair.b.objects["C"].planned = true;
    CHECK(has(pair.text(), "`C.exists` is true in a and false in b"));
  }
}
