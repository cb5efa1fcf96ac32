#include <catch2/catch.hpp>

#include "compiler/base/render.h"
#include "compiler/driver/compile.h"
#include "runtime/plan/instantiate.h"

using namespace exm;

namespace {

/// A service that is stopped to be upgraded. Nothing is known of its version where the upgrade is cut off.
constexpr const char* lab = R"(
kind service {
  state running : bool = true
  state version : version = "1"
  disrupts when not running
}
action stop(s: service) {
  requires s.running
  effect s.running := false
  takes 1m
}
action start(s: service) {
  requires known(s.version) and not s.running
  effect s.running := true
  takes 1m
}
action upgrade(s: service) {
  requires not s.running
  during s.version := unknown
  effect s.version := "2"
  takes 1m
}
probe service.running powershell from controller "probe" as { "yes" -> true, "no" -> false }
service A
service B
maintenance m {
  "all"
  achieve A.version == "2"
  achieve B.version == "2"
)";

struct Made {
  Compilation compilation;
  std::string told;
};

Made made(const std::string& more, const Limits& limits = {}) {
  CompileRequest request;
  request.files = {"-"};
  request.limits = limits;
  Diagnostics diagnostics;
  Made out;
  out.compilation = compile(request, [&](const std::string&) { return Result<std::string>(lab + more + "}\n"); }, diagnostics);
  out.told = render_text(out.compilation.sources, diagnostics, Colour::off);
  return out;
}

}  // namespace

TEST_CASE("a step without a way back is refused, and named") {
  const Made refused = made("");
  CHECK(refused.compilation.answer == Compilation::Answer::impossible);
  CHECK(refused.told.find("EXM0406") != std::string::npos);
  CHECK(refused.told.find("`allow no retreat from upgrade`") != std::string::npos);
  CHECK(refused.told.find("the users of A go on feeling it") != std::string::npos);
}

TEST_CASE("a search for a way back that ends at its bound says so") {
  Limits limits;
  limits.retreat_states = 0;
  const Made unknown = made("allow no retreat from upgrade", limits);
  CHECK(unknown.compilation.answer == Compilation::Answer::gave_up);
  CHECK(unknown.told.find("EXM0407") != std::string::npos);
}

TEST_CASE("ways back are in the plan, one for all steps that are equal but for names") {
  const Made allowed = made("allow no retreat from upgrade allow no retreat from start");
  INFO(allowed.told);
  REQUIRE(allowed.compilation.answer == Compilation::Answer::planned);
  const plan::Plan& plan = allowed.compilation.plan;
  std::vector<std::string> of_stop;
  for (const auto& step : plan.steps) {
    if (step.step_template != "stop") continue;
    of_stop.push_back(step.retreat);
    REQUIRE(plan.retreats.contains(step.retreat));
    const auto& back = plan.retreats.at(step.retreat);
    REQUIRE(back.steps.size() == 1);
    CHECK(plan::instantiate(plan, back.steps[0], step).title == "start(" + step.objects[0] + ")");
    CHECK(back.open.empty());
  }
  REQUIRE(of_stop.size() == 2);
  CHECK(of_stop[0] == of_stop[1]);
}
