// What a reviewer is told beside the steps: how near a plan comes to breaking what it keeps, what it withstands, what the
// tests of the files touch.
#include <catch2/catch.hpp>

#include <nlohmann/json.hpp>

#include "tests/cli/lamps.h"
#include "tests/cli/program.h"

using namespace exm::cli;
using nlohmann::json;

namespace {

const std::string lamps = lamps_in_general + R"(rule never_built_lit { always forall l in lamp: l.build < 9 }
fault fails(l: lamp) {
  "${l} fails"
  effect l.lit := false
}
action polish(l: lamp) {
  "Polish ${l}"
  requires l.build >= 1
  effect l.build := 3
  takes 1m
  on l
}
lamp desk {}
lamp hall {}
)";
const std::string both = "maintenance m { \"Both\"  achieve desk.build == 2 and hall.build == 2 }\n";
const std::string third = "lamp porch {}\n";
const std::string sure = "maintenance m { \"Both\"  achieve desk.build == 2  achieve hall.build == 2  withstand 1 fails }\n";

Ran plan(const std::string& text, const Words& more = {"--format", "text"}) {
  Words words{"plan", "-"};
  words.insert(words.end(), more.begin(), more.end());
  return call_exm(words, {text, {}, EXM_SOURCE_DIR});
}

Ran test(const std::string& text, const Words& more = {}) {
  Words words{"test", "-"};
  words.insert(words.end(), more.begin(), more.end());
  return call_exm(words, {text, {}, EXM_SOURCE_DIR});
}

}  // namespace

TEST_CASE("review: verify says how near a plan comes to breaking what it keeps, and what one fault more would do") {
  Folder folder;
  const std::string file = folder.file("plan.json");
  write_text(file, plan(lamps + both, {"--format", "json"}).out);
  const Ran ran = call_exm({"verify", file});
  INFO(ran.out << ran.err);
  CHECK(ran.code == 0);
  CHECK(has(ran.out, "near: one_is_lit of desk counts 1 of 2, 1 needed, from 1a to 1c and from 2a to 2c\n"));
  CHECK(has(ran.out, "near: From 1a to 1c: if hall fails, one_is_lit breaks\n"));
  CHECK(has(ran.out, "near: From 2a to 2c: if desk fails, one_is_lit breaks\n"));
  const json report = json::parse(call_exm({"verify", file, "--format", "json"}).out, nullptr, false);
  CHECK(report["headroom"][0].dump() ==
        R"({"at_start":2,"nearest":1,"needed":1,"of":"desk","rule":"one_is_lit","when":[{"from":"1a","to":"1c"},{"from":"2a","to":"2c"}]})");
  CHECK(report["exposure"].size() == 2);
}

TEST_CASE("withstand: the steps are ordered so that one fault more breaks nothing") {
  const Ran ran = plan(lamps + third + sure);
  INFO(ran.out << ran.err);
  CHECK(ran.code == 0);
  CHECK(has(ran.out, "14 min in all.\n"));
  Folder folder;
  write_text(folder.file("plan.json"), plan(lamps + third + sure, {"--format", "json"}).out);
  const Ran verified = call_exm({"verify", folder.file("plan.json")});
  CHECK(verified.code == 0);
  CHECK(has(verified.out, "one_is_lit with fails: "));
  CHECK_FALSE(has(verified.out, "fails, one_is_lit breaks"));
}

TEST_CASE("withstand: where no plan can, it is named as what excludes") {
  const Ran ran = plan(lamps + sure);
  INFO(ran.out << ran.err);
  CHECK(ran.code == 3);
  CHECK(has(ran.err, "withstand 1 fails"));
  CHECK(has(ran.err, "the rule `one_is_lit`: One lamp is lit"));
}

TEST_CASE("expect headroom: how far each count stays from its limit") {
  CHECK(test(lamps + third + both + "test \"t\" { plan m  expect headroom one_is_lit >= 0 }\n").code == 0);
  const Ran less = test(lamps + third + both + "test \"t\" { plan m  expect headroom one_is_lit >= 1 }\n");
  CHECK(less.code == 1);
  CHECK(has(less.out, "the headroom of `one_is_lit` of desk is 0, not 1: 1 where 1 are needed"));
  CHECK(test(lamps + third + sure + "test \"t\" { plan m  expect headroom one_is_lit >= 1 }\n").code == 0);
  CHECK(has(test(lamps + both + "test \"t\" { plan m  expect headroom never_built_lit >= 1 }\n").out, "is no rule of this plan that counts"));
}

TEST_CASE("test --coverage: what no test touches, with its place") {
  const std::string tests = both + "test \"t\" { plan m  expect change(desk) before switch_on(desk) }\n";
  const Ran ran = test(lamps + tests, {"--coverage"});
  INFO(ran.out << ran.err);
  CHECK(ran.code == 0);
  CHECK(has(ran.out, "1 passed, 0 failed\ntests touch 3 of 4 actions, 2 of 2 rules, 3 of 4 requirements\n"));
  CHECK(has(ran.out, "-:36:8: no test touches action polish\n"));
  CHECK_FALSE(has(ran.out, "requires l.build >= 1"));
  const json out = json::parse(test(lamps + tests, {"--coverage", "--format", "json"}).out, nullptr, false);
  CHECK(out["tests"][0]["passed"] == true);
  CHECK(out["coverage"]["actions"] == json{{"touched", 3}, {"all", 4}});
  CHECK(out["coverage"]["items"].size() == 10);
  const Ran junit = test(lamps + tests, {"--coverage", "--format", "junit"});
  CHECK(has(junit.out, "</testsuite>\n"));
  CHECK(has(junit.err, "tests touch 3 of 4 actions"));
  CHECK_FALSE(has(junit.out, "tests touch"));
}
