// show, verify, run, resume, status on the plan of the example: exit codes, streams, messages, and where the run ends.
#include <catch2/catch.hpp>

#include <nlohmann/json.hpp>
#include <sstream>

#include "runtime/adapter/sim_store.h"
#include "tests/cli/program.h"

using namespace exm::cli;

namespace {

const std::string plan = "examples/cas-array/plan.json";

/// A run in a folder of its own, without waiting for the disk.
struct Run {
  Folder folder;
  std::string journal = folder.file("run.exmrun");

  Ran begin(const Words& more = {}) const {
    Words words{"run", plan, "--yes", "--no-sync", "--journal", journal};
    words.insert(words.end(), more.begin(), more.end());
    return call_exm(words);
  }
  Ran resume(const Words& more = {}) const {
    Words words{"resume", journal, "--yes", "--no-sync"};
    words.insert(words.end(), more.begin(), more.end());
    return call_exm(words);
  }
  /// What the world ends as, and how often each step was carried out.
  exm::SimRecord world() const { return *exm::read_simulation(journal + ".sim"); }
};

void ends_as_planned(const Run& run) {
  const Run whole;
  REQUIRE(whole.begin().code == 0);
  CHECK(run.world().changed == whole.world().changed);
}

}  // namespace

TEST_CASE("cli: the example's plan runs to its end, and status says so") {
  const Run run;
  const Ran ran = run.begin();
  INFO(ran.out << ran.err);
  CHECK(ran.code == 0);
  CHECK(has(ran.out, "done: 24 steps"));
  CHECK_FALSE(has(ran.out, "\x1b"));
  const Ran status = call_runtime({"status", run.journal});
  CHECK(status.code == 0);
  CHECK(has(status.out, "24 steps: 24 done"));
  const auto json = nlohmann::json::parse(call_runtime({"status", run.journal, "--format", "json"}).out, nullptr, false);
  REQUIRE(json.is_object());
  CHECK(json.at("steps").size() == 24);
  CHECK(run.resume().code == 0);
}

TEST_CASE("cli: whatever goes wrong, the run says what, and ends in order; gone on with, it ends as planned") {
  struct Row {
    int line;
    Words misfortune;
    int code;
    std::string said;
    Words then;  // how it is gone on with; nothing: it can't be
    int code_then;
  };
  const Row rows[] = {
      {__LINE__, {"--inject", "fail:1e"}, 4, "step 1e (Install UR5 on EX3) failed", {}, 0},
      {__LINE__, {"--inject", "fail:2j"}, 4, "casnlb.hosts.EX4.mode is stopped (at the start: started)", {}, 0},
      {__LINE__, {"--inject", "hang:1f"}, 4, "did not end within", {"--decide", "1f=again"}, 0},
      {__LINE__, {"--inject", "cut:1e@1"}, 4, "1e", {"--decide", "1e=again"}, 0},
      {__LINE__, {"--inject", "delay:1d=30s"}, 0, "done: 24 steps", {}, 0},
      {__LINE__, {"--inject", "drift:casnlb.hosts.EX4.initial=suspended@2a"}, 5, "casnlb.hosts.EX4.initial", {}, 5},
      {__LINE__, {"--inject", "drift:casnlb.hosts.EX4.mode=stopped"}, 5, "casnlb.hosts.EX4.mode", {}, 5},
      {__LINE__, {"--inject", "lie:EX3.build=14.1.218.15"}, 4, "1e", {}, 0},
      {__LINE__, {"--inject", "crash:1e@1"}, 1009, "", {"--decide", "1e=again"}, 0},
  };
  for (const auto& row : rows) {
    const Run run;
    const Ran ran = run.begin(row.misfortune);
    INFO("line " << row.line << "\n" << ran.out << ran.err);
    CHECK(ran.code == row.code);
    CHECK(has(ran.out + ran.err, row.said));
    if (row.code == 0) continue;
    Ran then = run.resume();
    if (then.code == 4) then = run.resume(row.then);
    INFO("then\n" << then.out << then.err);
    CHECK(then.code == row.code_then);
    if (then.code == 0) ends_as_planned(run);
  }
}

TEST_CASE("cli: exit codes and messages of the runtime's commands") {
  Folder folder;
  const std::string broken = folder.file("broken.json"), edited = folder.file("edited.json");
  std::string text = text_of(EXM_SOURCE_DIR + std::string("/") + plan);
  write_text(broken, text.substr(0, text.size() / 2));
  text.replace(text.find("Drain "), 6, "Kick  ");
  write_text(edited, text);
  struct Row {
    int line;
    Words words;
    int code;
    std::string out, err;
  };
  const Row rows[] = {
      {__LINE__, {"show", plan, "--step", "1e"}, 0, "Install UR5 on EX3", ""},
      {__LINE__, {"show", plan, "--step", "9z"}, 2, "", "no step `9z`"},
      {__LINE__, {"show", "/nowhere.json"}, 7, "", "/nowhere.json"},
      {__LINE__, {"show", broken}, 1, "", "broken.json"},
      {__LINE__, {"show", plan, "--format", "tapestry"}, 2, "", "tapestry"},
      {__LINE__, {"verify", plan}, 0, "valid: 24 steps", ""},
      {__LINE__, {"verify", plan, plan}, 0, "valid: 24 steps", ""},
      {__LINE__, {"verify", broken}, 1, "", "broken.json"},
      {__LINE__, {"verify", "/nowhere.json"}, 7, "", "/nowhere.json"},
      {__LINE__, {"verify", edited}, 1, "EXM0501", ""},
      {__LINE__, {"verify", plan, "--format", "junit"}, 0, "<testsuite", ""},
      {__LINE__, {"verify", plan, "--format", "tap"}, 0, "ok", ""},
      {__LINE__, {"verify", plan, "--against", "examples/cas-array/casarray.exm"}, 0, "valid", ""},
      {__LINE__, {"verify", plan, "--against", "examples/cas-array/urgent/urgent.exm"}, 1, "", ""},
      {__LINE__, {"run", edited, "--yes"}, 1, "", "digest"},
      {__LINE__, {"run", broken, "--yes"}, 1, "", "broken.json"},
      {__LINE__, {"run", "/nowhere.json"}, 7, "", "/nowhere.json"},
      {__LINE__, {"run", plan, "--dry-run"}, 0, "24 steps; nothing was run", ""},
      {__LINE__, {"run", plan, "--adapter", "pigeon", "--yes"}, 2, "", "sim"},
      {__LINE__, {"run", plan, "--inject", "nonsense", "--yes"}, 2, "", "fail:STEP"},
      {__LINE__, {"resume", "/nowhere.exmrun"}, 7, "", "/nowhere.exmrun"},
      {__LINE__, {"status", "/nowhere.exmrun"}, 7, "", "/nowhere.exmrun"},
      {__LINE__, {"status"}, 2, "", "JOURNAL"},
      {__LINE__, {"verify", "."}, 7, "", "it is a directory"},
      {__LINE__, {"show", "."}, 7, "", "it is a directory"},
      {__LINE__, {"run", "."}, 7, "", "it is a directory"},
  };
  for (const auto& row : rows) {
    Words words = row.words;
    if (words[0] == "run") words.insert(words.end(), {"--journal", folder.file("x.exmrun")});
    const Ran ran = call_exm(words);
    INFO("line " << row.line << "\n" << ran.out << ran.err);
    CHECK(ran.code == row.code);
    CHECK(has(ran.out, row.out));
    CHECK(has(ran.err, row.err));
    if (row.code == 0) CHECK(ran.err.empty());
  }
  CHECK_FALSE(std::filesystem::exists(folder.file("x.exmrun")));
}

TEST_CASE("cli: a plan file comes by standard input too") {
  const Call how{text_of(EXM_SOURCE_DIR + std::string("/") + plan), {}, EXM_SOURCE_DIR};
  CHECK(call_runtime({"verify", "-"}, how).code == 0);
  CHECK(call_runtime({"show", "-", "--format", "json"}, how).out == how.input);
}

TEST_CASE("cli: the stream of events is a JSON map a line, and nothing else is on standard output") {
  const Run run;
  const Ran ran = run.begin({"--format", "json"});
  CHECK(ran.code == 0);
  std::istringstream lines(ran.out);
  int count = 0;
  for (std::string line; std::getline(lines, line); ++count) CHECK(nlohmann::json::parse(line, nullptr, false).is_object());
  CHECK(count > 24 * 3);
  CHECK(has(ran.err, "done: 24 steps"));
}

TEST_CASE("cli: output that can't be written is not done") {
  const std::string shell = std::string(EXM_PROGRAM) + " show " + plan + " --format json > /dev/full";
  const Ran ran = call("/bin/sh", {"-c", shell});
  CHECK(ran.code == 7);
  CHECK(has(ran.err, "cannot be written"));
}

TEST_CASE("cli: of four servers of which two may be out, one that takes hours holds up none of the others") {
  Folder folder;
  const std::string plan = folder.file("plan.json");
  REQUIRE(call_exm({"plan", "examples/cas-array/four/four.exm", "-o", plan}).code == 0);
  const Ran ran = call_runtime({"run", plan, "--yes", "--no-sync", "--journal", folder.file("run.exmrun"), "--inject", "delay:1e=9000s"});
  INFO(ran.out << ran.err);
  CHECK(ran.code == 0);
  const auto at = [&](const std::string& words) {
    const auto found = ran.out.find(words);
    CHECK(found != std::string::npos);
    return found;
  };
  CHECK(at("2k  done") < at("3a  running"));  // the slot of the second goes to the third
  CHECK(at("3k  done") < at("4a  running"));  // and on to the fourth
  CHECK(at("4a  running") < at("1e  done"));
}

TEST_CASE("cli: exm-run knows plans only") {
  for (const char* command : {"check", "plan", "test", "fmt"}) CHECK(call_runtime({command, "x.exm"}).code == 2);
  CHECK(call_runtime({"verify", plan, "--against", "x.exm"}).code == 2);
}
