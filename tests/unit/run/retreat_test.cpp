// `resume --retreat`: the recorded way back from a step that was cut off.
#include <catch2/catch.hpp>

#include "runtime/run/retreat_plan.h"
#include "runtime/verify/verify.h"
#include "tests/unit/run/sim_run.h"
#include "tests/unit/run/small_plan.h"

using namespace exm;
using namespace exm::test;

namespace {

/// The small plan with a way back from each step: a host whose health is known serves again, the other stays out.
plan::Plan retreat_plan_of_two() {
  auto plan = small_plan();
  plan.limits.allow.clear();
  auto resume = step_template("resume", 60);
  resume.requires_ = {{{Operator::in, {}, {}, 0,
                        {var("$0.mode"), {Operator::set, {}, {}, 0, {constant(text("draining")), constant(text("stopped"))}}}},
                       {}}};
  resume.effects = set("$0.mode", text("started"));
  resume.probes = {probe("$0.mode")};
  plan.templates["resume"] = resume;
  auto mark = step_template("mark", 5);
  mark.effects = set("$0.marked", boolean(true));
  mark.probes = {probe("$0.marked")};
  plan.templates["mark"] = mark;
  plan.retreats["back"].steps = {{"resume", {"$0"}, {}, {}}, {"mark", {"$0"}, {}, {}}};
  plan.retreats["out"].steps = {{"mark", {"$0"}, {}, {}}};
  plan.retreats["out"].open = {{"$0.mode", text("stopped")}, {"$0.health", unknown()}};
  for (auto& step : plan.steps) step.retreat = step.step_template == "out" || step.step_template == "in" ? "back" : "out";
  return plan;
}

Played go_back(const plan::Plan& plan, const Folder& folder, RunOptions options = {}, std::function<void()> at_point = {},
               const std::vector<std::string>& misfortunes = {}) {
  return play(plan, folder, misfortunes, std::move(options), {}, std::move(at_point), retreat);
}

bool says(const Played& played, const std::string& text) { return played.said().find(text) != std::string::npos; }

}  // namespace

TEST_CASE("the plan is valid with its retreats") {
  const auto verdict = verify(retreat_plan_of_two());
  CHECK(verdict.valid);
  CHECK(verdict.retreats == 8);
}

TEST_CASE("a failed step: the run names the way back, and it is taken") {
  const auto plan = retreat_plan_of_two();
  Folder folder;
  const auto failed = play(plan, folder, {"fail:a1@0"});
  REQUIRE(failed.outcome.kind == Outcome::Kind::failed);
  CHECK(failed.outcome.way_back == "resume a; mark a; nothing stays open");
  const auto back = go_back(plan, folder);
  INFO(back.said());
  CHECK(back.outcome.kind == Outcome::Kind::done);
  CHECK(back.outcome.back);
  CHECK(back.executions("a1/retreat/1") == 1);
  CHECK(back.executions("a1/retreat/2") == 1);
  CHECK(back.world.at("a.mode") == text("started"));
  CHECK(back.outcome.details.empty());
  SECTION("once: it is done then") {
    const auto again = go_back(plan, folder);
    CHECK(again.outcome.kind == Outcome::Kind::done);
    CHECK(again.executions("a1/retreat/1") == 1);
  }
}

TEST_CASE("what stays open is told") {
  const auto plan = retreat_plan_of_two();
  Folder folder;
  const auto failed = play(plan, folder, {"fail:b2@1"});
  CHECK(failed.outcome.way_back == "mark b; stays open: b.health is unknown, b.mode is stopped");
  const auto back = go_back(plan, folder);
  CHECK(back.outcome.kind == Outcome::Kind::done);
  CHECK(back.outcome.details == std::vector<std::string>{"b.health is unknown", "b.mode is stopped"});
}

TEST_CASE("a step of the retreat whose effects hold already is skipped") {
  const auto plan = retreat_plan_of_two();
  Folder folder;
  play(plan, folder, {"fail:a1"});  // before it has done anything
  const auto back = go_back(plan, folder);
  INFO(back.said());
  CHECK(back.outcome.kind == Outcome::Kind::done);
  CHECK(back.outcome.skipped == 1);
  CHECK(back.executions("a1/retreat/1") == 0);
  CHECK(back.executions("a1/retreat/2") == 1);
}

TEST_CASE("nothing is run where the retreat is not one") {
  const auto plan = retreat_plan_of_two();
  Folder folder;
  SECTION("no step was cut off") {
    play(plan, folder);
    CHECK(says(go_back(plan, folder), "nothing to retreat from"));
  }
  SECTION("the plan has none") {
    auto bare = plan;
    bare.limits.allow = {"out"};
    for (auto& step : bare.steps)
      if (step.step_template == "out") step.retreat.clear();
    const auto failed = play(bare, folder, {"fail:a1@0"});
    CHECK(failed.outcome.way_back.empty());
    const auto back = go_back(bare, folder);
    CHECK(back.outcome.kind == Outcome::Kind::drift);
    CHECK(says(back, "no retreat from a1"));
    CHECK(says(back, "run.exmrun FILE… --retreat` plans a way back"));
  }
  SECTION("the world is not what it may start from") {
    play(plan, folder, {"fail:a1@0"});
    const auto back = go_back(plan, folder, {}, {}, {"drift:b.mode=draining"});
    INFO(back.said());
    CHECK(back.outcome.kind == Outcome::Kind::done);  // the rule is broken, and the retreat repairs it
  }
  SECTION("a rule that it touches stays broken") {
    play(plan, folder, {"fail:a2@1"});
    auto broken = plan;
    broken.retreats["out"].steps = {{"out", {"b"}, {}, {}}};
    const auto back = go_back(broken, folder);
    INFO(back.said());
    CHECK(back.outcome.kind == Outcome::Kind::drift);
    CHECK(says(back, "breaks one_serves"));
    CHECK(says(back, "run.exmrun FILE… --retreat` plans a way back"));
    CHECK(back.executions("a2/retreat/1") == 0);
  }
  SECTION("its command may go on still") {
    struct Death {};
    bool running = false;
    RunOptions watched;
    watched.on_record = [&](const Record& record) { running = record.step == "a1" && record.state == StepState::running; };
    try {
      play(plan, folder, {"cut:a1@0"}, watched, {}, [&, points = 0]() mutable {
        if (running && ++points > 5) throw Death{};
      });
    } catch (const Death&) {
    }
    const auto back = go_back(plan, folder, {}, {}, {"forget"});
    INFO(back.said());
    CHECK(back.outcome.kind == Outcome::Kind::in_doubt);
    CHECK(says(back, "--decide a1=ended"));
    RunOptions decided;
    decided.decisions = {{"a1", Decision::ended}};
    CHECK(go_back(plan, folder, decided).outcome.kind == Outcome::Kind::done);
  }
}

TEST_CASE("killed at any point, a retreat goes on, and no step is run twice") {
  struct Death {};
  const auto plan = retreat_plan_of_two();
  for (int at = 1;; ++at) {
    INFO("killed at point " << at);
    Folder folder;
    play(plan, folder, {"fail:a1@0"});
    bool died = false;
    try {
      go_back(plan, folder, {}, [&, points = 0]() mutable {
        if (++points == at) throw Death{};
      });
    } catch (const Death&) {
      died = true;
    }
    const auto rest = go_back(plan, folder);
    INFO(rest.said());
    REQUIRE(rest.outcome.kind == Outcome::Kind::done);
    CHECK(rest.executions("a1/retreat/1") == 1);
    CHECK(rest.executions("a1/retreat/2") == 1);
    CHECK(rest.world.at("a.mode") == text("started"));
    CHECK(rest.world.at("a.marked") == boolean(true));
    if (died) continue;
    CHECK(at > 20);
    break;
  }
}

TEST_CASE("a step of the retreat fails: the same word goes on") {
  const auto plan = retreat_plan_of_two();
  Folder folder;
  play(plan, folder, {"fail:a1@0"});
  const auto stuck = go_back(plan, folder, {}, {}, {"fail:a1/retreat/1"});
  INFO(stuck.said());
  CHECK(stuck.outcome.kind == Outcome::Kind::failed);
  CHECK(says(stuck, "run.exmrun FILE… --retreat` plans a way back"));
  const auto back = go_back(plan, folder);
  INFO(back.said());
  CHECK(back.outcome.kind == Outcome::Kind::done);
  CHECK(back.executions("a1/retreat/1") == 2);
}
