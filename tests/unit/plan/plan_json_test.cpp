#include "runtime/plan/plan_json.h"

#include <catch2/catch.hpp>
#include <fstream>
#include <sstream>

using namespace exm;

namespace {

std::string example() {
  std::ifstream in(EXM_SOURCE_DIR "/tests/unit/plan/plan-example.json");
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

std::string replaced(std::string text, const std::string& what, const std::string& with) {
  const auto at = text.find(what);
  REQUIRE(at != std::string::npos);
  return text.replace(at, what.size(), with);
}

}  // namespace

TEST_CASE("a plan that is read and written again is the same bytes") {
  const auto plan = plan_from_json(example());
  INFO((plan ? "" : plan.error().message));
  REQUIRE(plan);
  CHECK(to_json(*plan) == example());
  CHECK(plan->digest == digest_of(*plan));
}

TEST_CASE("what is not exactly a plan is refused, with its place") {
  struct Row {
    int line;
    const char* what;
    const char* with;
    const char* message;
  };
  const Row rows[] = {
      {__LINE__, "\"minimize\"", "\"minimise\"", "unknown key `minimise`"},
      {__LINE__, "exm-plan/1", "exm-plan/2", "format: expected"},
      {__LINE__, "\"takes\": 900", "\"takes\": 900.5", "a number with a fraction"},
      {__LINE__, "\"takes\": 900", "\"takes\": 90071992547409930", "too large"},
      {__LINE__, "\"takes\": 900", "\"takes\": \"900\"", "expected an integer, found a text"},
      {__LINE__, "\"template\": \"hold\", \"why\"", "\"template\": \"holt\", \"why\"", "there is no template `holt`"},
      {__LINE__, "\"after\": [\"1a\"]", "\"after\": [\"9z\"]", "there is no step `9z`"},
      {__LINE__, "\"after\": [\"1a\"]", "\"after\": [\"1b\"]", "the order is a circle"},
      {__LINE__, "{\"id\": \"1a\"", "{\"after\": [\"1k\"], \"id\": \"1a\"", "the order is a circle"},
      {__LINE__, "\"id\": \"1b\"", "\"id\": \"1a\"", "stands twice"},
      {__LINE__, "\"EX3\", \"casnlb.hosts.EX3\"", "\"EX3\", \"casnlb.hosts.EX9\"", "there is no object `casnlb.hosts.EX9`"},
      {__LINE__, "{\"var\": \"EX3.build\"}", "{\"var\": \"EX3.bild\"}", "there is no variable `EX3.bild`"},
      {__LINE__, "{\"var\": \"EX3.build\"}, {\"version\"", "{\"var\": \"EX3.up\"}, {\"version\"", "different types"},
      {__LINE__, "[\">=\", {\"var\": \"EX3.build\"}, {\"version\": \"14.1.323.1\"}]", "[\">=\", \"a\", \"b\"]", "have an order"},
      {__LINE__, "\"to\": \"draining\"", "\"to\": \"drained\"", "does not fit"},
      {__LINE__, "\"default\": \"started\"", "\"default\": \"begun\"", "does not fit the type"},
      {__LINE__, "[\"not\", {\"var\": \"$0.forefront.enabled\"}]", "[\"not\"]", "takes 1 operands, found 0"},
      {__LINE__, "[\"not\", {\"var\": \"$0.forefront.enabled\"}]", "[\"nor\", true]", "unknown operator `nor`"},
      {__LINE__, "\"title\": \"Drain $0\"", "\"title\": \"Drain $0\", \"title\": \"x\"", "stands twice"},
  };
  for (const auto& row : rows) {
    INFO("row of line " << row.line);
    const auto plan = plan_from_json(replaced(example(), row.what, row.with), DigestCheck::ignored);
    CHECK_FALSE(plan);
    if (!plan) CHECK_THAT(plan.error().message, Catch::Contains(row.message));
  }
}

TEST_CASE("a step is checked with its own arguments, though another has the same template and objects") {
  plan::Plan plan = *plan_from_json(example());
  const plan::Step first = plan.steps[0];
  plan::Expression argument;
  argument.op = plan::Operator::argument;
  argument.text = "state";
  plan::Template& shape = plan.templates.at(first.step_template);
  REQUIRE(shape.effects.assignments.size() == 1);
  const plan::Value good = shape.effects.assignments[0].to.value;
  shape.effects.assignments[0].to = argument;
  for (auto& step : plan.steps)
    if (step.step_template == first.step_template) step.args["state"] = good;
  CHECK(plan_from_json(to_json(plan), DigestCheck::ignored));
  plan.steps.push_back(first);
  plan.steps.back().id = "9a";
  plan.steps.back().args["state"] = good;
  CHECK(plan_from_json(to_json(plan), DigestCheck::ignored));
  plan.steps.back().args["state"] = plan::text("asleep");
  const auto read = plan_from_json(to_json(plan), DigestCheck::ignored);
  REQUIRE_FALSE(read);
  CHECK_THAT(read.error().message, Catch::Contains("steps[") && Catch::Contains("fit"));
}

TEST_CASE("any byte flipped is refused") {
  const std::string text = example();
  for (std::size_t i = 0; i < text.size(); i += 7) {
    std::string damaged = text;
    damaged[i] = static_cast<char>(damaged[i] ^ 0x11);
    INFO("byte " << i);
    const auto plan = plan_from_json(damaged);
    const bool space = text[i] == ' ' || text[i] == '\n';  // white space is in no digest; but then it is no JSON either
    CHECK((!plan || space));
  }
}
