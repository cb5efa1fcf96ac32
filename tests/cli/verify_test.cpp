// verify: one plan or several, from the start or from what was observed, alone or together, in every form.
#include <catch2/catch.hpp>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "tests/cli/lamps.h"
#include "tests/cli/program.h"

using namespace exm::cli;
using nlohmann::json;

namespace {

const std::string lamps = lamps_in_general + R"(lamp desk {}
lamp hall {}
maintenance desk_lamp { "Desk lamp"  achieve desk.build == 2 }
maintenance hall_lamp { "Hall lamp"  achieve hall.build == 2 }
)";

struct Plans {
  Folder folder;
  std::string file = folder.file("lamps.exm"), desk = folder.file("desk.json"), hall = folder.file("hall.json");
  std::string state = folder.file("state.json");

  Plans() {
    write_text(file, lamps);
    REQUIRE(call_exm({"plan", file, "-m", "desk_lamp", "-o", desk}).code == 0);
    REQUIRE(call_exm({"plan", file, "-m", "hall_lamp", "-o", hall}).code == 0);
  }
  Ran verify(const Words& more) const {
    Words words{"verify"};
    words.insert(words.end(), more.begin(), more.end());
    return call_exm(words);
  }
  Ran from(const std::string& values, const Words& more) const {
    write_text(state, "{\"format\": \"exm-state/1\", \"observed\": \"2026-11-24T00:00:00Z\", \"values\": " + values + "}");
    Words words{"--state", state};
    words.insert(words.end(), more.begin(), more.end());
    return verify(words);
  }
  /// The line of a plan file on which its step stands.
  static std::string line_of(const std::string& plan, const std::string& step) {
    const std::string text = text_of(plan);
    const auto at = text.find("\"id\": \"" + step + "\"", text.find("\n  \"steps\": ["));
    REQUIRE(at != std::string::npos);
    return std::to_string(1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
  }
  /// The text with the files' names in place of their paths.
  std::string short_names(std::string text) const {
    const std::string where = folder.file("");
    for (std::size_t at = 0; (at = text.find(where, at)) != std::string::npos;) text.erase(at, where.size());
    return text;
  }
};

bool is_text(const json& message) {
  return message.is_object() && message.contains("text") && message["text"].is_string();
}

/// What SARIF 2.1.0 requires of a location that we write.
void check_location(const json& location) {
  const json& physical = location.at("physicalLocation");
  CHECK(physical.at("artifactLocation").at("uri").is_string());
  CHECK(physical.at("region").at("startLine") >= 1);
  if (location.contains("message")) CHECK(is_text(location["message"]));
}

/// Required properties, types, and rule ids that the driver knows (SARIF 2.1.0, sections 3.13 to 3.54).
void check_sarif(const json& sarif) {
  CHECK(sarif.at("version") == "2.1.0");
  for (const json& run : sarif.at("runs")) {
    const json& driver = run.at("tool").at("driver");
    CHECK(driver.at("name").is_string());
    std::set<std::string> rules;
    for (const json& rule : driver.at("rules")) {
      CHECK(rules.insert(rule.at("id").get<std::string>()).second);
      CHECK(is_text(rule.at("shortDescription")));
    }
    for (const json& result : run.at("results")) {
      CHECK(is_text(result.at("message")));
      CHECK(result.at("level") == "error");
      CHECK(rules.count(result.at("ruleId").get<std::string>()) == 1);
      for (const json& location : result.at("locations")) check_location(location);
      for (const json& flow : result.value("codeFlows", json::array())) {
        CHECK(is_text(flow.at("message")));
        REQUIRE(!flow.at("threadFlows").empty());
        for (const json& thread : flow["threadFlows"]) {
          CHECK(!thread.at("locations").empty());
          for (const json& step : thread["locations"]) check_location(step.at("location"));
        }
      }
      for (const json& related : result.value("relatedLocations", json::array())) check_location(related);
    }
  }
}

}  // namespace

TEST_CASE("verify: two plans that would each put out the last lamp") {
  const Plans plans;
  CHECK(plans.verify({plans.desk, plans.hall}).code == 0);
  const Ran ran = plans.verify({plans.desk, plans.hall, "--together", "--against", plans.file});
  CHECK(ran.code == 1);
  INFO(ran.out << ran.err);
  CHECK(has(plans.short_names(ran.out),
            "error[EXM0530]: one_is_lit (One lamp is lit) of desk, hall is not known to hold in the middle of step "
            "hall_lamp:1a: desk.lit is false and hall.lit is false\n"
            "  rule one_is_lit: lamps.exm:6:6\n"
            "  step hall_lamp:1a: hall.json:" + Plans::line_of(plans.hall, "1a") + "\n"
            "  clause 3 of a valid plan\n"
            "  the shortest way there:\n"
            "    step desk_lamp:1a begins\n"
            "    step desk_lamp:1a takes effect: desk.lit is false\n"
            "    step hall_lamp:1a begins\n"
            "    step hall_lamp:1a takes effect: hall.lit is false\n"
            "\n"
            "desk.json and hall.json together: not valid: 1 finding\n"));
}

TEST_CASE("verify: a third lamp is enough for two at once, as long as it is lit") {
  const Plans plans;
  write_text(plans.file, lamps + "lamp porch {}\n");
  REQUIRE(call_exm({"plan", plans.file, "-m", "desk_lamp", "-o", plans.desk}).code == 0);
  REQUIRE(call_exm({"plan", plans.file, "-m", "hall_lamp", "-o", plans.hall}).code == 0);
  const Ran fine = plans.verify({plans.desk, plans.hall, "--together"});
  CHECK(fine.code == 0);
  CHECK(has(fine.out, "together: valid: 6 steps, 1 rule shown to hold in every reachable state"));
  const Ran dark = plans.from(R"({"porch.lit": false})", {plans.desk, plans.hall, "--together"});
  CHECK(dark.code == 1);
  CHECK(has(dark.out, "step hall_lamp:1a takes effect: hall.lit is false\n"));
  CHECK(has(dark.out, "together, from " + plans.state + ": not valid"));
}

TEST_CASE("verify: a plan twice, and what is no pair") {
  const Plans plans;
  const Ran twice = plans.verify({plans.desk, plans.desk, "--together"});
  CHECK(twice.code == 1);
  CHECK(has(twice.out, "error[EXM0520]: step desk_lamp:1a (Switch desk off) writes `desk.lit`, which step desk_lamp_2:1a "));
  const Ran one = plans.verify({plans.desk, "--together"});
  CHECK(one.code == 2);
  CHECK(has(one.err, "--together wants two plan files or more"));
  const Ran done = plans.verify({plans.desk, plans.hall, "--done", "1a"});
  CHECK(done.code == 2);
  CHECK(has(done.err, "give one plan file"));
  write_text(plans.hall, "{}");
  CHECK(plans.verify({plans.desk, plans.hall, "--together"}).code == 1);
  CHECK(has(plans.verify({plans.desk, "/nowhere.json", "--together"}).err, "is not judged, since not each is valid by itself"));
}

TEST_CASE("verify: several plans are one document in each form") {
  const Plans plans;
  const auto report = [&](const std::string& format) {
    return plans.verify({plans.desk, plans.hall, "--together", "--against", plans.file, "--format", format}).out;
  };
  const json list = json::parse(report("json"), nullptr, false);
  REQUIRE(list.is_array());
  REQUIRE(list.size() == 3);
  CHECK(list[2]["together"] == true);
  const json& finding = list[2]["findings"][0];
  CHECK(plans.short_names(finding["rule_place"].dump()) == R"({"column":6,"file":"lamps.exm","line":6})");
  CHECK(plans.short_names(finding["trace"][1].dump()) ==
        R"({"place":{"file":"desk.json","line":)" + Plans::line_of(plans.desk, "1a") + R"(},"set":{"desk.lit":false},"step":"desk_lamp:1a","what":"effect"})");
  const json sarif = json::parse(report("sarif"), nullptr, false);
  check_sarif(sarif);
  const json& result = sarif["runs"][0]["results"][0];
  CHECK(result["relatedLocations"][0]["physicalLocation"]["region"]["startLine"] == 6);
  const json& flow = result["codeFlows"][0]["threadFlows"][0]["locations"];
  REQUIRE(flow.size() == 4);
  CHECK(flow[3]["location"]["physicalLocation"]["region"]["startLine"] == std::stoi(Plans::line_of(plans.hall, "1a")));
  CHECK(flow[3]["state"]["hall.lit"]["text"] == "false");
  const std::string junit = report("junit");
  CHECK(has(junit, "<testsuites>\n<testsuite name=\"exm verify\" tests=\"10\" failures=\"0\">"));
  CHECK(has(junit, "name=\"the plans begin in one world, and use nothing at once\"/>"));
  const std::string tap = report("tap");
  CHECK(has(tap, "TAP version 13\n1..29\n"));
  CHECK(has(tap, "not ok 25 - "));
  CHECK(has(report("github"), ",line=" + Plans::line_of(plans.hall, "1a") + ",title=EXM0530::one_is_lit"));
}

TEST_CASE("verify: every refusal is good SARIF, whatever the file is called") {
  const Plans plans;
  const std::string odd = plans.folder.file("a plan #1.json");
  json plan = json::parse(text_of(plans.desk));
  plan["rules"][0]["formula"][2] = 2;
  plan["achieve"] = json::array({json::array({"==", json{{"var", "desk.build"}}, 3})});
  write_text(odd, plan.dump());
  const Ran ran = plans.verify({odd, "--against", plans.file, "--format", "sarif"});
  CHECK(ran.code == 1);
  const json sarif = json::parse(ran.out, nullptr, false);
  check_sarif(sarif);
  CHECK(sarif["runs"][0]["results"].size() >= 3);
  CHECK(has(ran.out, "a%20plan%20%231.json"));
  CHECK(has(ran.out, "EXM0580"));
  CHECK(has(plans.verify({odd, "--against", plans.file, "--format", "junit"}).out, "name=\"the plan was made from just these files\">\n    <failure"));
}

TEST_CASE("verify: a peer that is down already makes the plan refused") {
  const Plans plans;
  const Ran ran = plans.from(R"({"hall.lit": false})", {plans.desk});
  CHECK(ran.code == 1);
  CHECK(has(ran.out, "one_is_lit (One lamp is lit) of desk, hall is not known to hold in the middle of step 1a"));
  CHECK(has(ran.out, "  the shortest way there:\n    step 1a begins\n    step 1a takes effect: desk.lit is false\n\n"));
  CHECK(has(ran.out, plans.desk + ", from " + plans.state + ": not valid: 1 finding\n"));
  CHECK(plans.from(R"({"hall.lit": true})", {plans.desk}).code == 0);
  const Ran unknown = plans.from(R"({"hall.lit": ["unknown"]})", {plans.desk});
  CHECK(has(unknown.out, "desk.lit is false and hall.lit is unknown"));
}

TEST_CASE("verify: a state file that does not fit") {
  const Plans plans;
  const Ran more = plans.from(R"({"attic.lit": false, "hall.lit": true})", {plans.desk});
  CHECK(more.code == 0);
  CHECK(has(more.err, "1 value is of states that the plan does not have (`attic.lit`), and passed over"));
  CHECK(plans.from(R"({"hall.lit": 7})", {plans.desk}).code == 1);
  CHECK(plans.from("7", {plans.desk}).code == 1);
}

TEST_CASE("verify: what is left of a plan") {
  const Plans plans;
  const Ran left = plans.verify({plans.desk, "--done", "1a,1b"});
  CHECK(left.code == 0);
  CHECK(has(left.out, "what is left after 2 of its 3 steps: valid: 1 step"));
  // What the steps that have ended have left is where the rest begins, but for what was seen otherwise.
  CHECK(plans.from(R"({"hall.lit": true})", {plans.desk, "--done", "1a,1b"}).code == 0);
  const Ran dark = plans.from(R"({"hall.lit": false})", {plans.desk, "--done", "1a"});
  CHECK(dark.code == 1);
  CHECK(has(dark.out, "error[EXM0531]: one_is_lit"));
  const Ran lit = plans.from(R"({"desk.lit": true})", {plans.desk, "--done", "1a"});
  CHECK(lit.code == 1);
  CHECK(has(lit.out, "error[EXM0510]: step 1b (Change desk) may begin where what it requires"));
  const Ran gap = plans.verify({plans.desk, "--done", "1b"});
  CHECK(gap.code == 2);
  CHECK(has(gap.err, "step 1b cannot have ended where step 1a, which comes before it, has not"));
  CHECK(has(plans.verify({plans.desk, "--done", "9z"}).err, "the plan has no step `9z`"));
}

TEST_CASE("verify: what is left of a plan as the journal of a run tells") {
  const Plans plans;
  const std::string journal = plans.folder.file("run.exmrun");
  CHECK(call_exm({"run", plans.desk, "--yes", "--no-sync", "--journal", journal, "--inject", "fail:1b"}).code == 4);
  const Ran left = plans.verify({plans.desk, "--journal", journal});
  INFO(left.out << left.err);
  CHECK(has(left.out, "what is left after 1 of its 3 steps"));
  const Ran other = plans.verify({plans.hall, "--journal", journal});
  CHECK(other.code == 1);
  CHECK(has(other.err, "the journal of another plan (desk_lamp, sha256:"));
  CHECK(plans.verify({plans.desk, "--journal", "/nowhere.exmrun"}).code == 7);
}
