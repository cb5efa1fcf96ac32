// observe: what the probes show, as a file that plan reads; where that differs from the files; and what can't be seen.
#include <catch2/catch.hpp>

#include <nlohmann/json.hpp>

#include "tests/cli/lamps.h"
#include "tests/cli/program.h"

using namespace exm::cli;
using nlohmann::json;

namespace {

const std::string lamps = lamps_in_general + R"(
probe lamp.lit on self shell """
  lamp ${self} state
""" as { "on" -> true, "off" -> false }
probe lamp.build shell from controller """
  lampctl build ${self.name}
"""
lamp desk {}
lamp hall { build = 1 }
maintenance m { "Both"  achieve desk.build == 2 and hall.build == 2 }
)";

Ran observe(const Words& more, const std::string& text = lamps) {
  Words words{"observe", "-"};
  words.insert(words.end(), more.begin(), more.end());
  return call_exm(words, {text, {}, EXM_SOURCE_DIR});
}

}  // namespace

TEST_CASE("observe: all that has a probe, in the form that plan reads") {
  const Ran ran = observe({});
  INFO(ran.out << ran.err);
  REQUIRE(ran.code == 0);
  CHECK(ran.err.empty());
  const json state = json::parse(ran.out, nullptr, false);
  REQUIRE(state.is_object());
  CHECK(state["format"] == "exm-state/1");
  CHECK(state["values"].dump() == R"({"desk.build":1,"desk.lit":true,"hall.build":1,"hall.lit":true})");
  Folder folder;
  const std::string file = folder.file("state.json");
  const Ran written = observe({"--inject", "drift:desk.build=2", "-o", file});
  CHECK(written.code == 0);
  CHECK(written.out.empty());
  const Ran plan = call_exm({"plan", "-", "--state", file, "--format", "text"}, {lamps, {}, EXM_SOURCE_DIR});
  INFO(plan.out << plan.err);
  CHECK(plan.code == 0);
  CHECK(has(plan.out, "3 steps on hall"));
}

TEST_CASE("observe: a difference is told with its place, and ends with 5; a probe that fails is named and is none") {
  const Words drift{"--diff", "--inject", "drift:hall.build=3", "--inject", "drift:desk.lit=false", "--inject", "lie:hall.lit=unknown"};
  const Ran ran = observe(drift);
  INFO(ran.out << ran.err);
  CHECK(ran.code == 5);
  CHECK(has(ran.out, "-:38:6: lit of desk is false, and the file says true\n"));
  CHECK(has(ran.out, "-:39:13: build of hall is 3, and the file says 1\n"));
  CHECK(has(ran.out, "2 of 3 states that were seen differ from the files\n"));
  CHECK(has(ran.err, "hall.lit could not be seen on hall: `(nobody knows)` is none of its values (off, on)\n"));
  Words as_json = drift;
  as_json.insert(as_json.end(), {"--format", "json"});
  const json all = json::parse(observe(as_json).out, nullptr, false);
  REQUIRE(all.is_object());
  CHECK(all["differences"][1].dump() == R"({"object":"hall","place":{"column":13,"file":"-","line":39},"said":1,"seen":3,"state":"build"})");
  CHECK(all["unseen"].size() == 1);
  const Ran none = observe({"--diff"});
  CHECK(none.code == 0);
  CHECK(has(none.out, "0 of 4 states that were seen differ from the files\n"));
}

TEST_CASE("observe: what is planned is looked for, and seen where it is there after all") {
  const std::string more = lamps + R"(
probe lamp.exists shell from controller """
  lampctl exists ${self.name}
"""
planned lamp porch {}
)";
  const Ran none = observe({"--diff"}, more);
  INFO(none.out << none.err);
  CHECK(none.code == 0);
  CHECK(has(none.out, "0 of 7 states"));
  const Ran there = observe({"--diff", "--inject", "drift:porch.exists=true", "--inject", "drift:porch.lit=false", "--inject", "drift:porch.build=1"}, more);
  INFO(there.out << there.err);
  CHECK(there.code == 5);
  CHECK(has(there.out, "porch exists, and the file says that it is planned\n"));
  CHECK(has(there.out, "1 of 9 states"));
  const Ran gone = observe({"--diff", "--inject", "drift:hall.exists=false"}, more);
  CHECK(gone.code == 5);
  CHECK(has(gone.out, "hall does not exist, and the file says that it does\n"));
}

TEST_CASE("observe: whatever is wrong is said") {
  struct Row {
    int line;
    Words words;
    std::string text;
    int code;
    std::string said;
  };
  const Row rows[] = {
      {__LINE__, {"--adapter", "telepathy"}, lamps, 2, "--adapter telepathy"},
      {__LINE__, {"--inject", "drift:attic.lit=true"}, lamps, 2, "no state `attic.lit`"},
      {__LINE__, {"-o", "/nowhere/state.json"}, lamps, 7, "cannot write `/nowhere/state.json`"},
      {__LINE__, {"--journal", "/nowhere/run.exmrun"}, lamps, 7, "/nowhere/run.exmrun: there is no such file"},
      {__LINE__, {}, "lampp desk {}\n", 1, "EXM0201"},
      {__LINE__, {}, lamps_in_general, 0, "no state of these objects has a probe"},
  };
  for (const auto& row : rows) {
    const Ran ran = observe(row.words, row.text);
    INFO("line " << row.line << "\n" << ran.out << ran.err);
    CHECK(ran.code == row.code);
    CHECK(has(ran.err, row.said));
  }
  const Ran alone = call_runtime({"observe", "-"});
  CHECK(alone.code == 2);
  CHECK(has(alone.err, "use `exm observe`"));
}

TEST_CASE("observe: the world of a simulated run, by its journal") {
  Folder folder;
  const std::string journal = folder.file("run.exmrun");
  CHECK(call_exm({"run", "examples/cas-array/plan.json", "--yes", "--no-sync", "--journal", journal, "--inject", "crash:1e@1"}).code == 1009);
  const Ran ran = call_exm({"observe", "examples/cas-array/casarray.exm", "--journal", journal, "--diff"});
  INFO(ran.out << ran.err);
  CHECK(ran.code == 5);
  CHECK(has(ran.out, "mode of casnlb.hosts.EX3 is stopped, and the file says started\n"));
  CHECK(has(ran.err, "EX3.health could not be seen"));
}
