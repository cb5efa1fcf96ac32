// The audit: what runs write is found right, whatever befell them; each thing that a plan does not allow is found.
#include "runtime/run/audit.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "tests/unit/run/sim_run.h"
#include "tests/unit/run/small_plan.h"

using namespace exm;
using namespace exm::test;

namespace {

plan::Plan asking_plan() {
  auto plan = small_plan();
  plan.limits.confirms = {{"lab", "Tested in the lab?", {}}};
  plan.limits.at_most = 1;
  return plan;
}

struct Death {};

RunOptions yes() {
  RunOptions options;
  options.yes = true;
  return options;
}

std::vector<Record> log_of(const Folder& folder) {
  const auto content = read_journal(folder.file("run.exmrun"));
  REQUIRE(content);
  return content->records;
}

std::size_t find(const std::vector<Record>& records, const std::string& step, StepState state) {
  const auto found = std::find_if(records.begin(), records.end(), [&](const Record& record) {
    return record.kind == Record::Kind::transition && record.step == step && record.state == state;
  });
  REQUIRE(found != records.end());
  return static_cast<std::size_t>(found - records.begin());
}

bool finds(const plan::Plan& plan, const std::vector<Record>& records, const std::string& what) {
  const auto findings = audit(plan, plan.digest, records);
  std::string all;
  for (const auto& finding : findings) all += finding + "\n";
  UNSCOPED_INFO(all);
  return all.find(what) != std::string::npos;
}

}  // namespace

TEST_CASE("audit: nothing is found in what runs write, whatever befell them") {
  const auto plan = asking_plan();
  for (const auto& misfortunes : std::vector<std::vector<std::string>>{{}, {"fail:a2@1"}, {"hang:a2"}, {"drift:b.mode=draining@b1"}, {"lie:a.mode=stopped"}, {"cut:a1@0"}}) {
    Folder folder;
    INFO((misfortunes.empty() ? "nothing" : misfortunes.front()));
    play(plan, folder, misfortunes, yes());
    play(plan, folder, {}, yes());
    if (std::filesystem::exists(folder.file("run.exmrun"))) CHECK(audit(plan, plan.digest, log_of(folder)).empty());
  }
  for (int at = 3; at < 140; at += 4) {
    INFO("killed at point " << at);
    Folder folder;
    int points = 0;
    try {
      play(plan, folder, {}, yes(), {}, [&] {
        if (++points == at) throw Death{};
      });
    } catch (const Death&) {
    }
    play(plan, folder, {}, yes());
    CHECK(audit(plan, plan.digest, log_of(folder)).empty());
  }
}

TEST_CASE("audit: who signed the plan is noted before the start") {
  const auto plan = asking_plan();
  Folder folder;
  play(plan, folder, {}, yes());
  auto log = log_of(folder);
  log.insert(log.begin(), Record{Record::Kind::note, 0, {}, {}, 0, "signed by alice", {}});
  CHECK(audit(plan, plan.digest, log).empty());
  log.erase(log.begin() + 1);
  CHECK(finds(plan, log, "entry 2: the log does not begin"));
}

TEST_CASE("audit: what the plan does not allow is found, with its entry") {
  const auto plan = asking_plan();
  Folder folder;
  play(plan, folder, {}, yes());
  const auto whole = log_of(folder);
  REQUIRE(audit(plan, plan.digest, whole).empty());
  auto log = whole;
  SECTION("another plan") {
    CHECK(audit(plan, "sha256:1", log).front().find("chained to sha256:1") != std::string::npos);
  }
  SECTION("a step twice") {
    log.insert(log.begin() + static_cast<std::ptrdiff_t>(find(log, "b1", StepState::checking)), log[find(log, "a1", StepState::running)]);
    CHECK(finds(plan, log, "step a1 became running when it was done"));
  }
  SECTION("a step before its time") {
    log.erase(log.begin() + static_cast<std::ptrdiff_t>(find(log, "a1", StepState::done)));
    CHECK(finds(plan, log, "step a2 was begun before a1 was over"));
  }
  SECTION("a step that was not looked at") {
    log.erase(log.begin() + static_cast<std::ptrdiff_t>(find(log, "a2", StepState::checking)));
    CHECK(finds(plan, log, "step a2 became running when it was pending"));
  }
  SECTION("nobody has said yes") {
    std::erase_if(log, [](const Record& record) { return record.kind == Record::Kind::approved; });
    CHECK(finds(plan, log, "entry 3: step a1 was run without a yes to: Tested in the lab?"));
  }
  SECTION("no start, or two") {
    log.erase(log.begin());
    CHECK(finds(plan, log, "entry 1: the log does not begin"));
    log = whole;
    log.push_back(whole.front());
    CHECK(finds(plan, log, "started a second time"));
  }
  SECTION("a step of another plan") {
    log[find(log, "b4", StepState::done)].step = "c4";
    CHECK(finds(plan, log, "step c4 is no step of the plan"));
  }
  SECTION("too many at once") {
    log.erase(log.begin() + static_cast<std::ptrdiff_t>(find(log, "a4", StepState::done)));
    CHECK(finds(plan, log, "with step b1 more steps ran at once"));
  }
  SECTION("outside a window") {
    auto narrow = plan;
    narrow.limits.windows = {{}};
    narrow.limits.windows.front().length = 60;
    CHECK(finds(narrow, log, "outside the plan's windows"));
  }
  SECTION("after the run had gone back") {
    log.insert(log.begin() + static_cast<std::ptrdiff_t>(find(log, "b4", StepState::done)), Record{Record::Kind::retreat, 0, "a2", {}, 0, {}, {}});
    CHECK(finds(plan, log, "step b4 went on after the run had gone back"));
  }
}
