// diff: what a reviewer who has read one plan has to read of the next.
#include <catch2/catch.hpp>

#include <nlohmann/json.hpp>

#include "tests/cli/lamps.h"
#include "tests/cli/program.h"

using namespace exm::cli;
using nlohmann::json;

namespace {

const std::string lamps = lamps_in_general + R"(lamp desk {}
lamp hall {}
)";
const std::string both = "maintenance m { \"Both\"  achieve desk.build == 2 and hall.build == 2 }\n";

/// Two plans in files, and what is said of them.
struct Pair {
  Folder folder;
  std::string before = folder.file("old.json"), now = folder.file("new.json");

  Pair(const std::string& first, const std::string& second) {
    REQUIRE(call_exm({"plan", "-", "-o", before}, {first, {}, EXM_SOURCE_DIR}).code == 0);
    REQUIRE(call_exm({"plan", "-", "-o", now}, {second, {}, EXM_SOURCE_DIR}).code == 0);
  }
  std::string said(const std::string& format = "text") const {
    const Ran ran = call_runtime({"diff", before, now, "--format", format});
    INFO(ran.err);
    CHECK(ran.code == 0);
    CHECK(ran.err.empty());
    return ran.out;
  }
};

std::string with(std::string text, const std::string& old, const std::string& other) {
  const auto at = text.find(old);
  REQUIRE(at != std::string::npos);
  return text.replace(at, old.size(), other);
}

}  // namespace

TEST_CASE("diff: the same plan is the same") {
  const Pair pair(lamps + both, lamps + both);
  CHECK(pair.said() == "the plans are the same\n");
  CHECK(json::parse(pair.said("json"))["same"] == true);
}

TEST_CASE("diff: each thing that a reviewer looks at is told where it changed, and what is alike is told once") {
  struct Row {
    int line;
    std::string old, other;  // in the text of the files
    std::vector<std::string> said;
  };
  const Row rows[] = {
      {__LINE__, "takes 5m", "takes 6m", {"~ it takes\n      - 14 min\n      + 16 min\n", "(Change desk); likewise 2b\n      - takes 5 min\n      + takes 6 min\n", "0 added, 0 removed, 2 changed among the steps\n"}},
      {__LINE__, "requires not l.lit\n  effect l.build := 2", "requires not l.lit\n  requires l.build == 1\n  effect l.build := 2", {"+ requires desk.build == 1\n"}},
      {__LINE__, "  effect l.build := 2", "  effect l.build := 2\n  disrupts l for 2m", {"~ users feel it for\n      - no time\n      + 4 min\n", "+ is felt by users of desk for 2 min\n"}},
      {__LINE__, "achieve desk.build == 2 and hall.build == 2", "achieve desk.build == 2", {"- 2b (Change hall)\n", "- hall.build == 2\n", "- hall.build: ends as 2: the wish\n", "0 added, 3 removed, 0 changed"}},
      {__LINE__, "lamp hall {}", "lamp hall { build = 2 }", {"- 2b (Change hall)\n", "Files\n"}},
      {__LINE__, "One lamp is lit", "A lamp is lit", {"- rule One lamp is lit: ", "+ rule A lamp is lit: "}},
      {__LINE__, "\"Both\"", "\"Both\" at most 1 step at once", {"+ at most 1 steps at once\n"}},
      {__LINE__, "lamp hall {}", "lamp hall {}\nlamp porch {}", {"+ lamp porch\n", "Order\n  ~ ", "- waits for "}},
      {__LINE__, "  on l\n}\naction switch_on", "  on l\n  run shell \"\"\"\n    lampctl change ${l.name}\n  \"\"\"\n}\naction switch_on", {"+ runs (shell) lampctl change 'desk'\n"}},
  };
  for (const auto& row : rows) {
    const Pair pair(lamps + both, with(lamps + both, row.old, row.other));
    const std::string said = pair.said();
    INFO("line " << row.line << "\n" << said);
    for (const auto& part : row.said) CHECK(has(said, part));
    const json all = json::parse(pair.said("json"), nullptr, false);
    REQUIRE(all.is_object());
    CHECK(all["format"] == "exm-diff/1");
    CHECK(all["same"] == false);
    CHECK(all["sections"].contains("sources"));
  }
}

TEST_CASE("diff: another start shows, and what is near to break then") {
  const Pair pair(lamps + "lamp porch {}\n" + both, lamps + "lamp porch { lit = false }\nmaintenance m { \"Both\"  achieve desk.build == 2 and hall.build == 2 }\n");
  const std::string said = pair.said();
  INFO(said);
  CHECK(has(said, "What it starts from\n  ~ porch.lit\n      - true\n      + false\n"));
  CHECK(has(said, "What is near to break\n"));
}

TEST_CASE("diff: what is no plan is refused") {
  Folder folder;
  const std::string file = folder.file("x.json");
  write_text(file, "{}");
  Ran ran = call_exm({"diff", file, "examples/cas-array/plan.json"});
  CHECK(ran.code == 1);
  CHECK(has(ran.err, file));
  ran = call_exm({"diff", "/nowhere/x.json", "examples/cas-array/plan.json"});
  CHECK(ran.code == 7);
  ran = call_exm({"diff", "-", "-"});
  CHECK(ran.code == 2);
  CHECK(has(ran.err, "only one of the plans"));
}
