// The life of steps, against a simulator in which things go wrong.
#include <catch2/catch.hpp>

#include "tests/unit/run/sim_run.h"
#include "tests/unit/run/small_plan.h"

using namespace exm;
using namespace exm::test;

namespace {

bool mentions(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("an undisturbed run takes each step once, in order, and restores what it changed") {
  const auto plan = small_plan();
  Folder folder;
  const auto played = play(plan, folder);
  INFO(played.said());
  REQUIRE(played.outcome.kind == Outcome::Kind::done);
  CHECK(played.outcome.done == 8);
  CHECK(played.executions("a2") == 1);
  CHECK(played.simulation.executions.size() == 8);
  CHECK(played.world.at("a.mode") == plan::text("started"));
  CHECK(played.world.at("b.build") == version("2"));
  const auto transitions = played.transitions();
  REQUIRE(transitions.size() == 8 * 4);
  CHECK(transitions[0] == "a1 checking");
  CHECK(transitions[1] == "a1 running");
  CHECK(transitions[2] == "a1 verifying");
  CHECK(transitions[3] == "a1 done");
  CHECK(transitions[4] == "a2 checking");
}

TEST_CASE("what went wrong decides how a run ends") {
  struct Row {
    int line;
    std::vector<std::string> misfortunes;
    Outcome::Kind kind;
    StepState state;       // of the last transition
    std::string step;      // that it is about
    std::string message;
    int executions;        // of that step
  };
  const Row rows[] = {
      {__LINE__, {"fail:a2"}, Outcome::Kind::failed, StepState::failed, "a2", "told to", 1},
      {__LINE__, {"fail:a2@1"}, Outcome::Kind::failed, StepState::failed, "a2", "told to", 1},
      {__LINE__, {"hang:a2"}, Outcome::Kind::failed, StepState::failed, "a2", "did not end within 2400 s", 1},
      {__LINE__, {"cut:a2@1"}, Outcome::Kind::failed, StepState::failed, "a2", "did not end within 2400 s", 1},
      {__LINE__, {"delay:a2=2h"}, Outcome::Kind::failed, StepState::failed, "a2", "did not end within", 1},
      {__LINE__, {"lie:a.build=1"}, Outcome::Kind::failed, StepState::failed, "a2", "a.build is 1 and should be 2", 1},
      {__LINE__, {"lie:a.build=unknown"}, Outcome::Kind::drift, StepState::pending, "a2", "a.build is unknown, the plan expects 1", 0},
      {__LINE__, {"drift:a.build=7@a2"}, Outcome::Kind::drift, StepState::pending, "a2", "a.build is 7, the plan expects 1", 0},
      {__LINE__, {"drift:a.mode=draining"}, Outcome::Kind::drift, StepState::pending, "a1", "it serves", 0},
  };
  for (const auto& row : rows) {
    INFO("row of line " << row.line);
    Folder folder;
    const auto plan = small_plan();
    const auto played = play(plan, folder, row.misfortunes);
    INFO(played.said());
    CHECK(played.outcome.kind == row.kind);
    CHECK(mentions(played.said(), row.message));
    CHECK(played.executions(row.step) == row.executions);
    Record last;
    for (const auto& record : played.records)
      if (record.kind == Record::Kind::transition) last = record;
    CHECK(last.step == row.step);
    CHECK(last.state == row.state);
  }
}

TEST_CASE("what had drifted and was put right is no obstacle: a resumed run looks again") {
  const auto plan = small_plan();
  Folder folder;
  const auto stopped = play(plan, folder, {"drift:b.mode=draining@a1"});
  REQUIRE(stopped.outcome.kind == Outcome::Kind::drift);
  const auto still = play(plan, folder);
  INFO(still.said());
  CHECK(still.outcome.kind == Outcome::Kind::invalid);
  const auto right = play(plan, folder, {"drift:b.mode=started"});
  INFO(right.said());
  CHECK(right.outcome.kind == Outcome::Kind::done);
  CHECK(right.executions("b1") == 1);
}

TEST_CASE("a step whose effects hold already is skipped, requirements or not") {
  auto plan = small_plan();
  plan.objects["a"].start["build"] = version("2");
  plan.free.erase("a.build");
  Folder folder;
  const auto played = play(plan, folder);
  INFO(played.said());
  CHECK(played.outcome.kind == Outcome::Kind::done);
  CHECK(played.executions("a2") == 0);
  CHECK(played.outcome.skipped >= 1);
}

TEST_CASE("after a failure nothing new is begun, and the state of the environment is told") {
  const auto plan = small_plan();
  Folder folder;
  const auto played = play(plan, folder, {"fail:a2@1"});
  CHECK(played.executions("a3") == 0);
  CHECK(played.executions("b1") == 0);
  CHECK(mentions(played.said(), "a.mode is stopped (at the start: started)"));
  CHECK(mentions(played.said(), "1 rule holds now"));
  CHECK(played.outcome.left == 6);
}

TEST_CASE("retry tries again under the same key, fallback comes after") {
  auto plan = small_plan();
  plan.templates["update"].retry = Retry{2, 30};
  {
    Folder folder;
    const auto played = play(plan, folder, {"fail:a2*2"});
    INFO(played.said());
    CHECK(played.outcome.kind == Outcome::Kind::done);
    REQUIRE(played.executions("a2") == 3);
    CHECK(played.simulation.executions[1].key == played.simulation.executions[2].key);
  }
  plan.templates["update"].retry.reset();
  plan.templates["force"] = plan.templates["update"];
  plan.templates["force"].action = "force";
  plan.templates["update"].fallback = Fallback{"force", {"$0"}};
  {
    Folder folder;
    const auto played = play(plan, folder, {"fail:a2*1"});
    INFO(played.said());
    CHECK(played.outcome.kind == Outcome::Kind::done);
    CHECK(played.executions("a2") == 2);
  }
}

TEST_CASE("gates: refused with what to pass, asked once, open with --approve and --yes") {
  auto plan = small_plan();
  plan.limits.confirms = {{"lab", "Tested in the lab?", ""}, {"users", "Users told?", "out"}};
  {
    Folder folder;
    const auto played = play(plan, folder);
    CHECK(played.outcome.kind == Outcome::Kind::refused);
    CHECK(mentions(played.said(), "--approve lab"));
    CHECK(mentions(played.said(), "--approve users"));
    CHECK(played.simulation.executions.empty());
  }
  {
    Folder folder;
    RunOptions options;
    options.approved = {"lab", "users"};
    CHECK(play(plan, folder, {}, options).outcome.kind == Outcome::Kind::done);
  }
  {
    Folder folder;
    RunOptions options;
    options.approved = {"labs"};
    CHECK(play(plan, folder, {}, options).outcome.kind == Outcome::Kind::usage);
  }
  {
    Folder folder;
    int asked = 0;
    RunOptions options;
    options.ask = [&](const Gate&) { return ++asked > 0 ? Consent::yes : Consent::no; };
    CHECK(play(plan, folder, {}, options).outcome.kind == Outcome::Kind::done);
    CHECK(asked == 2);
  }
}

TEST_CASE("while a person thinks about a question the run goes on, and the step is looked at anew once there is a yes") {
  auto plan = small_plan();
  plan.limits.confirms = {{"now", "May they be updated?", "update"}};
  plan.rules.clear();
  Folder folder;
  int asked = 0;
  std::vector<std::string> while_asked;
  RunOptions options;
  options.ask = [&](const Gate&) { return ++asked < 50 ? Consent::later : Consent::yes; };
  options.on_record = [&](const Record& record) {
    if (asked > 0 && asked < 50 && record.kind == Record::Kind::transition) while_asked.push_back(record.step);
  };
  for (auto& step : plan.steps)
    if (step.id == "b1") step.after.clear();  // b need not wait for a
  const auto played = play(plan, folder, {}, options);
  INFO(played.said());
  CHECK(played.outcome.kind == Outcome::Kind::done);
  CHECK(asked == 50);
  CHECK(std::find(while_asked.begin(), while_asked.end(), "b1") != while_asked.end());
  CHECK(played.simulation.executions.size() == 8);
}

TEST_CASE("a run that is stopped while a person thinks does not wait for the answer; one that is paused begins nothing") {
  auto plan = small_plan();
  plan.limits.confirms = {{"lab", "Tested in the lab?", {}}};
  {
    Folder folder;
    std::stop_source source;
    RunOptions options;
    int asked = 0;
    options.ask = [&](const Gate&) {
      if (++asked == 20) source.request_stop();
      return Consent::later;
    };
    const auto played = play(plan, folder, {}, options, source.get_token());
    CHECK(played.outcome.kind == Outcome::Kind::interrupted);
    CHECK(played.simulation.executions.empty());
  }
  Folder folder;
  RunOptions options;
  options.yes = true;
  int looked = 0;
  bool paused = false;
  std::vector<std::string> begun;
  options.attend = [&] {
    paused = ++looked > 5 && looked < 12;
    return Request{paused ? Request::Kind::pause : Request::Kind::go_on, "alice", "lunch"};
  };
  options.on_record = [&](const Record& record) {
    if (paused && record.kind == Record::Kind::transition && record.state == StepState::running) begun.push_back(record.step);
  };
  const auto played = play(plan, folder, {}, options);
  INFO(played.said());
  CHECK(played.outcome.kind == Outcome::Kind::done);
  CHECK(begun.empty());
  int notes = 0;
  for (const auto& record : played.records) notes += record.kind == Record::Kind::note && (record.text == "goes on" || record.text.find("paused by alice: lunch") == 0);
  CHECK(notes == 2);
}

TEST_CASE("stopped once, what runs ends, and resume does the rest") {
  const auto plan = small_plan();
  Folder folder;
  std::stop_source source;
  RunOptions options;
  options.on_record = [&](const Record& record) {
    if (record.step == "a2" && record.state == StepState::running) source.request_stop();
  };
  const auto stopped = play(plan, folder, {}, options, source.get_token());
  CHECK(stopped.outcome.kind == Outcome::Kind::interrupted);
  CHECK(stopped.outcome.done == 2);
  const auto rest = play(plan, folder);
  INFO(rest.said());
  CHECK(rest.outcome.kind == Outcome::Kind::done);
  CHECK(rest.simulation.executions.size() == 8);
}

TEST_CASE("a failed step that left things half done waits for a person") {
  const auto plan = small_plan();
  Folder folder;
  REQUIRE(play(plan, folder, {"fail:a1@0"}).outcome.kind == Outcome::Kind::failed);
  const auto again = play(plan, folder);
  CHECK(again.outcome.kind == Outcome::Kind::failed);
  CHECK(mentions(again.said(), "--decide a1=again"));
  CHECK(again.executions("a1") == 1);
  RunOptions options;
  options.decisions = {{"b1", Decision::done}};
  CHECK(play(plan, folder, {}, options).outcome.kind == Outcome::Kind::usage);
}

TEST_CASE("a failed step that did nothing is run again by resume") {
  const auto plan = small_plan();
  Folder folder;
  REQUIRE(play(plan, folder, {"fail:a1"}).outcome.kind == Outcome::Kind::failed);
  const auto again = play(plan, folder);
  INFO(again.said());
  CHECK(again.outcome.kind == Outcome::Kind::done);
  CHECK(again.executions("a1") == 2);
}

TEST_CASE("tolerate: independent objects go on") {
  auto plan = small_plan();
  for (auto& step : plan.steps)
    if (step.id == "b1") step.after.clear();
  plan.rules.clear();
  plan.limits.tolerate = 1;
  Folder folder;
  const auto played = play(plan, folder, {"fail:a2"});
  INFO(played.said());
  CHECK(played.outcome.kind == Outcome::Kind::failed);
  CHECK(played.outcome.done == 5);
  CHECK(played.world.at("b.build") == version("2"));
}

TEST_CASE("at most N, --parallel and slots bound how many run at once") {
  auto plan = small_plan();
  plan.steps.erase(std::remove_if(plan.steps.begin(), plan.steps.end(), [](const auto& step) { return step.id[1] != '1'; }), plan.steps.end());
  for (auto& step : plan.steps) step.after.clear();
  plan.rules.clear();
  plan.achieve.clear();
  plan.free = {{"a.mode", {Free::Why::left, plan::text("stopped")}}, {"b.mode", {Free::Why::left, plan::text("stopped")}}};
  const auto most_at_once = [&](const plan::Plan& one, int parallel) {
    Folder folder;
    int now = 0, most = 0;
    RunOptions options;
    options.parallel = parallel;
    options.on_record = [&](const Record& record) {
      if (record.kind != Record::Kind::transition) return;
      if (record.state == StepState::running) most = std::max(most, ++now);
      if (record.state == StepState::done) --now;
    };
    const auto played = play(one, folder, {}, options);
    INFO(played.said());
    CHECK(played.outcome.kind == Outcome::Kind::done);
    return most;
  };
  CHECK(most_at_once(plan, 0) == 2);
  CHECK(most_at_once(plan, 1) == 1);
  plan.limits.at_most = 1;
  CHECK(most_at_once(plan, 0) == 1);
  plan.limits.at_most.reset();
  plan.templates["out"].uses = {"cluster"};
  CHECK(most_at_once(plan, 0) == 1);
  plan.templates["out"].uses.clear();
  plan.limits.slots["out"] = 1;
  for (auto& step : plan.steps) step.acquires = {"out"}, step.releases = {"out"};
  CHECK(most_at_once(plan, 0) == 1);
}
