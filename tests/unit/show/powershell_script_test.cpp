#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>
#include <regex>
#include <string>
#include <vector>

#include "runtime/plan/plan_json.h"
#include "runtime/show/powershell.h"

namespace exm {
namespace {

std::string read(const std::string& path) {
  std::ifstream file(std::string(EXM_SOURCE_DIR) + "/" + path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

plan::Plan plan_of(const std::string& path) {
  auto plan = plan_from_json(read(path));
  INFO((plan ? "" : plan.error().message));
  REQUIRE(plan);
  return *plan;
}

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

std::vector<std::string> step_ids(const std::string& script) {
  static const std::regex id("\\{ Id = '([^']*)'");
  std::vector<std::string> ids;
  for (std::sregex_iterator at(script.begin(), script.end(), id), end; at != end; ++at) ids.push_back((*at)[1]);
  return ids;
}

/// Two steps of one action on two objects.
plan::Plan small_plan() {
  plan::Plan plan;
  plan.maintenance = "small";
  plan.title = "Small";
  plan.digest = "sha256:0123456789abcdef";
  plan.kinds["host"].states["on"] = {plan::Type{}, plan::boolean(false), false};
  plan::Template shape;
  shape.action = "turn_on";
  shape.title = "Turn on $0";
  shape.on = "$0";
  shape.takes = 60;
  shape.effects.assignments.push_back({"$0.on", {plan::Operator::constant, plan::boolean(true), "", 0, {}}, {}});
  shape.run["powershell"].command = {{plan::Piece::Kind::text, "Enable-It ", {}, 0}, {plan::Piece::Kind::object, "", {}, 0}};
  plan.templates["turn_on"] = shape;
  for (const std::string name : {"A", "B"}) {
    plan.objects[name].kind = "host";
    plan.hosts[name].address = name;
    plan::Step step;
    step.id = name;
    step.step_template = "turn_on";
    step.objects = {name};
    step.why = "wish";
    plan.steps.push_back(step);
  }
  return plan;
}

TEST_CASE("steps repeat no commands: an action is one set of functions") {
  const std::string script = show_powershell(small_plan());
  CHECK(count(script, "Enable-It") == 1);
  CHECK(count(script, "Action = 'TurnOn'") == 2);
  CHECK(script.find("Enable-It $theHostName") != std::string::npos);  // $host is PowerShell's own
}

TEST_CASE("the same plan gives the same bytes") {
  const plan::Plan plan = plan_of("tests/unit/show/rollup5.json");
  CHECK(show_powershell(plan) == show_powershell(plan));
}

TEST_CASE("a script is ASCII where its plan is, and marked as UTF-8 where it is not") {
  plan::Plan plan = small_plan();
  CHECK(show_powershell(plan).substr(0, 9) == "#requires");
  plan.steps[0].why = "f\u00FCr M\u00FCnchen";
  CHECK(show_powershell(plan).substr(0, 12) == "\xEF\xBB\xBF#requires");
}

TEST_CASE("steps come in an order that the graph allows") {
  plan::Plan plan = small_plan();
  CHECK(step_ids(show_powershell(plan)) == std::vector<std::string>{"A", "B"});
  plan.steps[0].after = {"B"};
  CHECK(step_ids(show_powershell(plan)) == std::vector<std::string>{"B", "A"});
}

TEST_CASE("a slot that one step holds makes the others wait, whatever their place") {
  plan::Plan plan = small_plan();
  plan.limits.slots["out"] = 1;
  plan.steps.push_back(plan.steps[0]);
  plan.steps[2].id = "C";
  plan.steps[0].acquires = {"out"};
  plan.steps[1].acquires = {"out"};
  plan.steps[2].after = {"A"};
  plan.steps[2].releases = {"out"};
  CHECK(step_ids(show_powershell(plan)) == std::vector<std::string>{"A", "C", "B"});
}

TEST_CASE("no text of a plan leaves its comment or begins a section of the help") {
  plan::Plan plan = small_plan();
  plan.title = ".NOTES";
  plan.notices = {"first #> Stop-Computer", "second\nStop-Computer"};
  plan.templates["turn_on"].title = "Turn on $0\nStop-Computer #>";
  plan.templates["turn_on"].privileges = {"all\r\nStop-Computer"};
  const std::string script = show_powershell(plan);
  CHECK(count(script, "#>\n") == 1);
  CHECK(script.find("\n    .NOTES") == std::string::npos);
  CHECK(script.find("\nStop-Computer") == std::string::npos);
  const std::string help = script.substr(0, script.find("[CmdletBinding"));
  CHECK(count(help, "#>") == 1);
}

TEST_CASE("names of actions that differ only in case or in signs stay apart") {
  plan::Plan plan = small_plan();
  plan.templates["Turn-On"] = plan.templates["turn_on"];
  plan.steps[1].step_template = "Turn-On";
  const std::string script = show_powershell(plan);
  CHECK(count(script, "function Invoke-TurnOn {") == 1);
  CHECK(count(script, "function Invoke-TurnOn2 {") == 1);
}

TEST_CASE("a command with text over several lines keeps its bytes, others are indented") {
  plan::Plan plan = small_plan();
  auto& command = plan.templates["turn_on"].run["powershell"].command;
  command[0].text = "  if ($x) {\n    Enable-It ";
  command.push_back({plan::Piece::Kind::text, "\n  }\n", {}, 0});
  CHECK(show_powershell(plan).find("        if ($x) {\n          Enable-It $theHostName\n        }\n") != std::string::npos);
  command[0].text = "$text = 'one\n  two'\nEnable-It ";
  CHECK(show_powershell(plan).find("\n$text = 'one\n  two'\nEnable-It $theHostName\n") != std::string::npos);
}

TEST_CASE("a parameter of a block never takes a name that its author uses") {
  plan::Plan plan = small_plan();
  plan.templates["turn_on"].run["powershell"].command[0].text = "$theHostName = 1; Enable-It ";
  CHECK(show_powershell(plan).find("Enable-It $theHostName2") != std::string::npos);
}

TEST_CASE("a fallback that the maintenance forbids is not in the script") {
  plan::Plan plan = plan_of("tests/unit/show/rollup5.json");
  CHECK(count(show_powershell(plan), "Fallback = @{ Action = 'StopNow'") == 2);
  plan.limits.forbid = {"stop_now"};
  CHECK(count(show_powershell(plan), "Fallback = @{") == 0);
}

TEST_CASE("a way back is a function, where whoever asks for the script says that it holds") {
  plan::Plan plan = small_plan();
  plan.steps[1].retreat = "back";
  plan.steps[1].args["fqdn_2"] = plan::text("a.example");  // for its way back alone
  plan.retreats["back"].steps = {{"turn_on", {"A"}, {}, {}}};
  plan.retreats["back"].open["$0.on"] = plan::unknown();
  CHECK(count(show_powershell(plan), "function Get-WayBack") == 0);
  const std::string script = show_powershell(plan, {"A", "B"});
  CHECK(count(script, "function Get-WayBack") == 1);
  CHECK(script.find("$WaysBack = @{\n    'B' = 'Get-WayBack1'\n}\n") != std::string::npos);
  CHECK(script.find("    @{ Id = '1'; Action = 'TurnOn'; On = 'A'; Target = 'A'; Title = 'Turn on A'\n       With = @('A');") != std::string::npos);
  CHECK(script.find("'B.on is unknown'") != std::string::npos);
  CHECK(count(script, "a.example") == 0);
}

TEST_CASE("host by host, a script leaves a host only where the plan makes it wait") {
  plan::Plan plan = small_plan();
  for (std::size_t i = 0; i < 2; ++i) {
    plan.steps.push_back(plan.steps[i]);
    plan.steps.back().id += "2";
    plan.steps.back().after = {plan.steps[i].id};
  }
  const auto ids = [&](ScriptOrder order) { return step_ids(show_powershell(one_after_another(plan, order))); };
  CHECK(ids(ScriptOrder::by_time) == std::vector<std::string>{"A", "B", "A2", "B2"});
  CHECK(ids(ScriptOrder::host_by_host) == std::vector<std::string>{"A", "A2", "B", "B2"});
  plan.steps[2].after.push_back("B");
  CHECK(ids(ScriptOrder::host_by_host) == std::vector<std::string>{"A", "B", "B2", "A2"});
  CHECK(one_after_another(plan, ScriptOrder::by_time).digest == plan.digest);
}

TEST_CASE("a secret is named and never written") {
  plan::Plan plan = small_plan();
  CHECK(show_powershell(plan).find("Get-Secret") == std::string::npos);
  plan.templates["turn_on"].run["powershell"].command.push_back({plan::Piece::Kind::secret, "KEY", {}, 0});
  const std::string script = show_powershell(plan);
  CHECK(script.find("(Get-Secret 'KEY')") != std::string::npos);
  CHECK(script.find("[hashtable]$Secret") != std::string::npos);
}

}  // namespace
}  // namespace exm
