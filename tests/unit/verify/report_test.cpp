#include <catch2/catch.hpp>

#include <nlohmann/json.hpp>
#include <set>

#include "runtime/verify/verdict_json.h"
#include "runtime/verify/verdict_text.h"
#include "runtime/verify/verify.h"
#include "tests/unit/verify/small_plan.h"

using namespace exm;
using namespace exm::test;
using nlohmann::json;

namespace {

plan::Plan both_out() {
  plan::Plan plan = small_plan();
  plan.steps[4].after.clear();
  return plan;
}

}  // namespace

TEST_CASE("codes are stable: each once, in order, with a clause") {
  std::set<std::string_view> ids;
  std::string_view last;
  for (const VerdictCode& code : verdict_codes()) {
    CHECK(ids.insert(code.id).second);
    CHECK(last < code.id);
    CHECK(code.id.substr(0, 5) == "EXM05");
    CHECK_FALSE(code.title.empty());
    last = code.id;
  }
}

TEST_CASE("a person reads what is wrong, where, and the way there") {
  const plan::Plan plan = both_out();
  CHECK(
      verdict_text(verify(plan), plan, "plan.json") ==
      "error[EXM0530]: one_serves is not known to hold while step b1 runs: A.mode is draining and B.mode is draining\n"
      "  clause 3 of a valid plan\n"
      "  the shortest way there:\n"
      "    step a1 begins: A.mode is draining\n"
      "    step b1 begins: B.mode is draining\n"
      "\n"
      "plan.json: not valid: 1 finding\n"
      "  not judged: clause 7 of a valid plan\n");
}

TEST_CASE("a program reads the same") {
  const Verdict verdict = verify(both_out());
  const json report = json::parse(verdict_report(verdict, "plan.json", ReportFormat::json));
  CHECK(report["valid"] == false);
  CHECK(report["findings"][0]["rule"] == "one_serves");
  CHECK(report["findings"][0]["trace"][1] ==
        json{{"step", "b1"}, {"what", "begins"}, {"set", {{"B.mode", "draining"}}}});
  CHECK(json::parse(verdict_report(verify(small_plan()), "plan.json", ReportFormat::json))["measured"]["steps"] == 8);
}

TEST_CASE("SARIF has the trace as a code flow") {
  const json report = json::parse(verdict_report(verify(both_out()), "plan.json", ReportFormat::sarif));
  CHECK(report["version"] == "2.1.0");
  const json& result = report["runs"][0]["results"][0];
  CHECK(result["ruleId"] == "EXM0530");
  CHECK(result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "plan.json");
  CHECK(result["codeFlows"][0]["threadFlows"][0]["locations"].size() == 2);
}

TEST_CASE("what a format gives a meaning to is escaped") {
  Verdict verdict;
  verdict.findings.push_back({"EXM0530", "3", "a", "r", "100% <&\"\n\x01", {}});
  CHECK(verdict_report(verdict, "a:b,c", ReportFormat::github) ==
        "::error file=a%3Ab%2Cc,title=EXM0530::100%25 <&\"%0A\x01\n");
  const std::string junit = verdict_report(verdict, "plan.json", ReportFormat::junit);
  CHECK(junit.find("message=\"100% &lt;&amp;&quot;\n?\"") != std::string::npos);
  CHECK(junit.find("tests=\"9\" failures=\"1\"") != std::string::npos);
  const std::string tap = verdict_report(verdict, "plan.json", ReportFormat::tap);
  CHECK(tap.find("not ok 5 - rules hold in every reachable state\n# EXM0530: 100% <&\"\n# \x01\n") !=
        std::string::npos);
}

TEST_CASE("a clause that could not be looked at is not called good") {
  plan::Plan plan = small_plan();
  plan.steps[1].after.clear();  // a race: nothing can be said of rules
  const Verdict verdict = verify(plan);
  CHECK(verdict_report(verdict, "p", ReportFormat::tap).find("ok 5 - rules hold in every reachable state # SKIP") !=
        std::string::npos);
  CHECK(verdict_report(verdict, "p", ReportFormat::junit).find("<skipped/>") != std::string::npos);
}

TEST_CASE("formats by name") {
  CHECK(report_format("sarif") == ReportFormat::sarif);
  CHECK_FALSE(report_format("text"));
}
