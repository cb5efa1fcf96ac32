// The promise of the runtime, kept by the program itself: killed anywhere and resumed, a run ends in the same world as
// one that nobody disturbed, with no step run twice and none left out.
#include <algorithm>
#include <catch2/catch.hpp>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <random>
#include <thread>

#include "runtime/run/journal.h"
#include "tests/run/victim.h"

using namespace exm;
using namespace exm::test;

namespace {

Words plans() {
  Words list;
  for (const auto& entry : std::filesystem::directory_iterator(EXM_SOURCE_DIR "/tests/run/plans")) list.push_back(entry.path());
  std::sort(list.begin(), list.end());
  if (const char* more = std::getenv("EXM_TORTURE_PLANS")) {
    std::string rest = more;
    for (std::size_t at; !rest.empty(); rest = at == std::string::npos ? "" : rest.substr(at + 1)) {
      at = rest.find(':');
      list.push_back(rest.substr(0, at));
    }
  }
  return list;
}

}  // namespace

TEST_CASE("killed at every durable point, before and after it") {
  for (const auto& plan : plans()) {
    const auto whole = undisturbed(plan);
    // The longer the plan, the wider the stride: each step is still met in several of its phases, and over the plans in all.
    const int stride = std::max<int>(1, static_cast<int>(whole.executions.size()) / 6);
    int deaths = 0;
    for (int at = 1;; at += stride) {
      INFO(plan << ", killed at point " << at);
      Program program;
      const int code = program.call({"run", plan, "--yes", "--no-sync", "--journal", program.journal, "--crash-at", std::to_string(at)});
      if (code == 0) break;
      INFO(program.said());
      REQUIRE(code == killed);
      ++deaths;
      // Point 1 comes before the journal has a head: there is nothing to go on with.
      const bool begun = std::filesystem::exists(program.journal);
      REQUIRE(begun);
      REQUIRE(program.call({"resume", program.journal, "--yes", "--no-sync"}) == 0);
      ends_like(whole, program);
    }
    CHECK(deaths > 50);
  }
}

TEST_CASE("killed from outside at moments that nobody chose, again and again") {
  std::mt19937 random(20261124);
  for (const auto& plan : plans()) {
    const auto whole = undisturbed(plan);
    for (int round = 0; round < 12; ++round) {
      Program program;
      Words words{"run", plan, "--yes", "--no-sync", "--journal", program.journal, "--speed", "20000"};
      int deaths = 0;
      for (;;) {
        const auto child = spawn(words, program.output);
        std::this_thread::sleep_for(std::chrono::milliseconds(std::uniform_int_distribution<int>(5, 120)(random)));
        if (deaths < 4) kill(child.pid, SIGKILL);
        const int code = wait_for(child);
        INFO(plan << ", round " << round << ", after " << deaths << " deaths: " << program.said());
        if (code == 0) break;
        REQUIRE(code == killed);
        ++deaths;
        // Where it died before there was a journal it is a new run.
        const bool begun = static_cast<bool>(read_journal(program.journal));
        if (begun) words = {"resume", program.journal, "--yes", "--no-sync", "--speed", "20000"};
      }
      ends_like(whole, program);
    }
  }
}

TEST_CASE("killed at every durable point of a retreat, it is gone on with, and no step of it is run twice") {
  const std::string plan = EXM_SOURCE_DIR "/tests/run/plans/two-hosts.json";
  int deaths = 0;
  for (int at = 1;; ++at) {
    INFO("killed at point " << at);
    Program program;
    REQUIRE(program.call({"run", plan, "--yes", "--no-sync", "--journal", program.journal, "--inject", "fail:a2@1"}) == 4);
    CHECK(program.said().find("--retreat does: check a; in a; nothing stays open") != std::string::npos);
    const Words back{"resume", program.journal, "--retreat", "--yes", "--no-sync"};
    Words dying = back;
    dying.insert(dying.end(), {"--crash-at", std::to_string(at)});
    const int code = program.call(dying);
    INFO(program.said());
    if (code != 0) REQUIRE(code == killed);
    REQUIRE(program.call(back) == 0);
    CHECK(program.said().find("went back from step a2") != std::string::npos);
    const auto world = read_simulation(program.journal + ".sim");
    REQUIRE(world);
    int taken = 0;
    for (const auto& execution : world->executions) taken += execution.step == "a2/retreat/2";
    CHECK(taken == 1);
    CHECK(world->changed.at("a.mode") == plan::text("started"));
    REQUIRE(program.call({"status", program.journal}) == 0);
    CHECK(program.said().find("went back from a2: 2 of 2 steps are done\nnothing stays open") != std::string::npos);
    CHECK(program.call({"resume", program.journal, "--yes"}) == 2);
    if (code == 0) break;
    ++deaths;
  }
  CHECK(deaths >= 20);
}

TEST_CASE("while a run lives, status reads it and nobody else writes it; Ctrl-C stops it in order") {
  const auto plan = plans().front();
  const auto whole = undisturbed(plan);
  Program program;
  const auto child = spawn({"run", plan, "--yes", "--journal", program.journal, "--speed", "300", "--format", "json"}, program.output);
  std::this_thread::sleep_for(std::chrono::milliseconds(600));
  Program other;
  CHECK(other.call({"status", program.journal}) == 0);
  CHECK(other.call({"resume", program.journal}) == 7);
  CHECK(other.said().find("still runs") != std::string::npos);
  kill(child.pid, SIGINT);
  CHECK(wait_for(child) == 130);
  CHECK(program.said().find("\"event\":\"transition\"") != std::string::npos);
  CHECK(other.call({"resume", program.journal, "--yes"}) == 0);
  ends_like(whole, program);
}

TEST_CASE("exit codes say what happened") {
  const std::string plan = EXM_SOURCE_DIR "/tests/run/plans/two-hosts.json";
  struct Row {
    int line;
    Words words;
    int code;
    std::string said;
  };
  const Row rows[] = {
      {__LINE__, {"run", plan, "--yes"}, 0, "done: 8 steps"},
      {__LINE__, {"run", plan, "--dry-run"}, 0, "nothing was run"},
      {__LINE__, {"run", plan}, 2, "--approve lab"},
      {__LINE__, {"run", plan, "--approve", "lab"}, 0, "done"},
      {__LINE__, {"run", plan, "--yes", "--adapter", "carrier-pigeon"}, 2, "there is `sim`"},
      {__LINE__, {"run", plan, "--yes", "--inject", "nonsense"}, 2, "fail:STEP"},
      {__LINE__, {"run", plan, "--yes", "--inject", "fail:9z"}, 2, "no step `9z`"},
      {__LINE__, {"run", "/nowhere.json"}, 7, "/nowhere.json"},
      {__LINE__, {"run"}, 2, "PLAN"},
      {__LINE__, {"run", plan, "--yes", "--inject", "fail:a2@1"}, 4, "resume"},
      {__LINE__, {"run", plan, "--yes", "--inject", "hang:a2"}, 4, "did not end within"},
      {__LINE__, {"run", plan, "--yes", "--inject", "drift:b.mode=draining@b1"}, 5, "the plan expects started"},
      {__LINE__, {"verify", plan}, 0, "valid"},
      {__LINE__, {"show", plan, "--format", "json"}, 0, "exm-plan/1"},
      {__LINE__, {"show", plan, "--format", "tapestry"}, 2, "tapestry"},
  };
  Program undisturbed_run, stuck;
  REQUIRE(undisturbed_run.call({"run", plan, "--yes", "--journal", undisturbed_run.journal}) == 0);
  CHECK(undisturbed_run.call({"resume", undisturbed_run.journal, "--retreat"}) == 5);
  REQUIRE(stuck.call({"run", plan, "--yes", "--journal", stuck.journal, "--inject", "fail:a3"}) == 4);
  CHECK(stuck.call({"resume", stuck.journal, "--decide", "a3=ended"}) == 2);
  CHECK(stuck.call({"resume", stuck.journal, "--retreat"}) == 0);
  CHECK(stuck.said().find("stays open:\n  a.health is unknown\n  a.mode is stopped") != std::string::npos);
  for (const auto& row : rows) {
    INFO("line " << row.line);
    Program program;
    auto words = row.words;
    if (words[0] == "run" && words.size() > 1) words.insert(words.end(), {"--journal", program.journal});
    CHECK(program.call(words) == row.code);
    INFO(program.said());
    CHECK(program.said().find(row.said) != std::string::npos);
  }
  Program program;
  CHECK(program.call({"run", plan, "--yes", "--journal", "/proc/no/run.exmrun"}) == 7);
  CHECK(program.call({"run", plan, "--yes", "--journal", program.journal}) == 0);
  CHECK(program.call({"run", plan, "--yes", "--journal", program.journal}) == 2);
  CHECK(program.call({"status", program.journal}) == 0);
  CHECK(program.call({"status", program.journal, "--audit"}) == 0);
  CHECK(program.said().find("says nothing that its plan does not allow") != std::string::npos);
  CHECK(program.call({"resume", program.journal}) == 0);
  std::filesystem::resize_file(program.journal, 3000);
  CHECK(program.call({"status", program.journal}) == 7);
  CHECK(program.call({"resume", program.journal}) == 7);
}
