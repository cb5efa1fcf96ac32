// Death at every point at which something becomes durable, before and after: a run that goes on ends as if nothing had
// happened, and no step is run twice. Death is an exception here; tests/run does it by SIGKILL.
#include <catch2/catch.hpp>

#include "tests/unit/run/sim_run.h"
#include "tests/unit/run/small_plan.h"

using namespace exm;
using namespace exm::test;

namespace {

struct Death {};

/// Dies at the `at`th point; 0: never.
std::function<void()> dying_at(int at, int& points) {
  return [at, &points] {
    if (++points == at) throw Death{};
  };
}

bool dies(const plan::Plan& plan, const Folder& folder, const std::vector<std::string>& misfortunes, int at) {
  int points = 0;
  try {
    play(plan, folder, misfortunes, {}, {}, dying_at(at, points));
  } catch (const Death&) {
    return true;
  }
  return false;
}

void ends_like(const Played& whole, const Played& rest) {
  INFO(rest.said());
  REQUIRE(rest.outcome.kind == Outcome::Kind::done);
  CHECK(rest.outcome.done == whole.outcome.done);
  CHECK(rest.world == whole.world);
  CHECK(rest.simulation.executions.size() == whole.simulation.executions.size());
  for (const auto& execution : whole.simulation.executions) CHECK(rest.executions(execution.step) == 1);
}

}  // namespace

TEST_CASE("killed at any point, a run goes on as if nothing had happened") {
  struct Row {
    int line;
    std::vector<std::string> misfortunes;
    bool probes;
  };
  for (const auto& [line, misfortunes, probes] : {Row{__LINE__, {}, true}, Row{__LINE__, {"forget"}, true}, Row{__LINE__, {}, false}}) {
    INFO("row of line " << line);
    auto plan = small_plan();
    if (!probes)
      for (auto& [name, shape] : plan.templates) shape.probes.clear();
    Folder whole_folder;
    int points = 0;
    const auto whole = play(plan, whole_folder, misfortunes, {}, {}, dying_at(0, points));
    REQUIRE(points > 100);
    for (int at = 1; at <= points; ++at) {
      INFO("killed at point " << at);
      Folder folder;
      REQUIRE(dies(plan, folder, misfortunes, at));
      ends_like(whole, play(plan, folder, misfortunes));
    }
  }
}

TEST_CASE("killed again and again, a run still ends well") {
  const auto plan = small_plan();
  Folder whole_folder;
  const auto whole = play(plan, whole_folder);
  for (int first = 7; first <= 40; first += 3) {
    INFO("killed after " << first << " points, then later each time");
    Folder folder;
    int at = first;
    while (dies(plan, folder, {}, at)) ++at;
    const auto simulation = read_simulation(folder.file("run.exmrun.sim"));
    CHECK(simulation->changed == read_simulation(whole_folder.file("run.exmrun.sim"))->changed);
    CHECK(simulation->executions.size() == whole.simulation.executions.size());
  }
}

TEST_CASE("a step that died with its controller is a person's to decide, where it shows that it is half done") {
  const auto plan = small_plan();
  Folder folder;
  int points = 0;
  bool hanging = false;
  RunOptions options;
  // The command is gone after `during`; the controller dies while it waits.
  options.on_record = [&](const Record& record) { hanging = record.step == "a1" && record.state == StepState::running; };
  try {
    play(plan, folder, {"cut:a1@0"}, options, {}, [&] {
      if (hanging && ++points > 5) throw Death{};
    });
  } catch (const Death&) {
  }
  const auto open = play(plan, folder);
  INFO(open.said());
  CHECK(open.outcome.kind == Outcome::Kind::in_doubt);
  CHECK(open.executions("a1") == 1);
  CHECK(open.said().find("--decide a1=done") != std::string::npos);

  RunOptions decided;
  decided.decisions = {{"a1", Decision::again}};
  const auto again = play(plan, folder, {}, decided);
  INFO(again.said());
  CHECK(again.outcome.kind == Outcome::Kind::drift);  // it requires `started`, and is draining: the plan has to be made anew
}

TEST_CASE("what no probe shows is in doubt after a crash, unless the host remembers") {
  auto plan = small_plan();
  plan.templates["update"].probes = {probe("$0.mode")};
  for (const bool remembers : {true, false}) {
    Folder folder;
    bool running = false;
    RunOptions options;
    options.on_record = [&](const Record& record) { running = record.step == "a2" && record.state == StepState::running; };
    int points = 0;
    try {
      play(plan, folder, {}, options, {}, [&] {
        if (running && ++points == 4) throw Death{};
      });
    } catch (const Death&) {
    }
    const auto rest = play(plan, folder, remembers ? std::vector<std::string>{} : std::vector<std::string>{"forget"});
    INFO(rest.said());
    CHECK(rest.outcome.kind == (remembers ? Outcome::Kind::done : Outcome::Kind::in_doubt));
    CHECK(rest.executions("a2") == 1);
  }
}
