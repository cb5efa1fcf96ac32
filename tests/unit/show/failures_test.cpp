// What a plan says of failures: which way back there is from each step, and what stays open.
#include <catch2/catch.hpp>

#include <fstream>
#include <sstream>

#include "runtime/plan/plan_json.h"
#include "runtime/show/failures.h"
#include "runtime/show/show.h"

using namespace exm;

namespace {

plan::Plan example() {
  std::ifstream in(EXM_SOURCE_DIR "/tests/unit/plan/plan-example.json");
  std::stringstream text;
  text << in.rdbuf();
  auto plan = plan_from_json(text.str());
  REQUIRE(plan);
  plan->retreats["back"].steps = {{"start", {"$0", "$1"}, {}, {}}};
  plan->retreats["back"].open = {{"$0.build", plan::unknown()}};
  plan->retreats["nothing"] = {};
  for (auto& step : plan->steps) {
    if (step.step_template == "drain" || step.step_template == "install") step.retreat = "back";
    if (step.step_template == "hold") step.retreat = "nothing";
  }
  return *plan;
}

}  // namespace

TEST_CASE("a line for each way back, steps that share one together") {
  const auto lines = show::failures(example());
  REQUIRE(lines.size() == 3);
  CHECK(lines[0] == "1a and 2a: Nothing is done. Nothing stays open.");
  CHECK(lines[1] == "1b and 1e (likewise 2b and 2e): Start EX3. Stays open: EX3.build is unknown.");
  CHECK(lines[2].find("there is no way back") != std::string::npos);
}

TEST_CASE("a plan that says nothing of it shows nothing of it") {
  auto plan = example();
  for (auto& step : plan.steps) step.retreat.clear();
  CHECK(show::failures(plan).empty());
  CHECK(show_text(plan).find("If a step fails") == std::string::npos);
}

TEST_CASE("all forms tell of it, and a step tells its own") {
  const auto plan = example();
  for (const auto& text : {show_text(plan), show_markdown(plan), show_html(plan)}) CHECK(text.find("If a step fails") != std::string::npos);
  const auto own = explain_step(plan, "1e");
  REQUIRE(own);
  CHECK(own->find("the way back") != std::string::npos);
  CHECK(own->find("Start EX3") != std::string::npos);
  CHECK(own->find("EX3.build is unknown") != std::string::npos);
}
