// What a playbook says, and when there is none: no ansible is needed for it.
#include <algorithm>
#include <catch2/catch.hpp>

#include "runtime/plan/plan_json.h"
#include "tests/ansible/ground.h"

using namespace exm;
using namespace exm::cli;

namespace {

plan::Plan pool_plan(const Folder& folder) {
  const Ran planned = call_exm({"plan", "tests/ansible/pool.exm", "--set", "folder=/srv/pool", "-o", folder.file("plan.json")});
  INFO(planned.err);
  REQUIRE(planned.code == 0);
  return *plan_from_json(text_of(folder.file("plan.json")));
}

Ran shown(const Folder& folder, const plan::Plan& plan, const std::string& format) {
  write_text(folder.file("plan.json"), to_json(plan));
  return call_runtime({"show", folder.file("plan.json"), "--format", format});
}

}  // namespace

TEST_CASE("ansible: the playbook and the inventory of a pool are the ones beside its file") {
  const Folder folder;
  const plan::Plan plan = pool_plan(folder);
  check_golden("tests/ansible/pool.yml", shown(folder, plan, "ansible").out);
  check_golden("tests/ansible/pool-inventory.yml", shown(folder, plan, "ansible-inventory").out);
}

TEST_CASE("ansible: of a plan that does not hold there is no playbook, and it is said why") {
  const Folder folder;
  plan::Plan plan = pool_plan(folder);
  // w2 may leave the pool while w 1 is out
  const auto leaves = std::find_if(plan.steps.begin(), plan.steps.end(), [](const auto& step) { return step.id == "2b"; });
  REQUIRE(leaves != plan.steps.end());
  leaves->after = {"2a"};
  const auto mutes = std::find_if(plan.steps.begin(), plan.steps.end(), [](const auto& step) { return step.id == "2a"; });
  mutes->after.clear();
  for (auto& step : plan.steps)
    if (step.id == "1e") step.after.push_back("2f");
  const Ran ran = shown(folder, plan, "ansible");
  INFO(ran.err);
  CHECK(ran.code == 1);
  CHECK(ran.out.empty());
  CHECK(has(ran.err, "no playbook is made of this plan, as the checker does not find it valid: EXM05"));
}

TEST_CASE("ansible: steps that may not overlap are in no wave together, and a slot, a limit and a used object keep them apart") {
  const Folder folder;
  const plan::Plan whole = pool_plan(folder);
  plan::Plan free = whole;  // three times the same, without any order
  free.steps.clear();
  free.rules.clear();
  free.achieve.clear();
  free.retreats.clear();
  free.free.clear();
  free.limits = {};
  free.limits.allow = {"mute"};
  int number = 0;
  for (const char* host : {"w 1", "w2", "w3"}) {
    free.steps.push_back({"s" + std::to_string(++number), "mute", {host}, {}, {}, {}, {}, "why", {}});
    free.objects.at(host).start["watched"] = plan::boolean(true);
    free.kinds.at("web").states.at("watched").lasting = true;
    free.free[std::string(host) + ".watched"] = {plan::Free::Why::lasting, plan::boolean(false)};
  }
  const auto waves = [&](const plan::Plan& plan) {
    const Ran ran = shown(folder, plan, "ansible");
    INFO(ran.err);
    REQUIRE(ran.code == 0);
    const auto in = ran.out.find("3 steps in ");
    REQUIRE(in != std::string::npos);
    return ran.out[in + 11];
  };
  CHECK(waves(free) == '1');
  plan::Plan at_most = free;
  at_most.limits.at_most = 2;
  CHECK(waves(at_most) == '2');
  plan::Plan slots = free;
  slots.limits.slots["one"] = 1;
  for (auto& step : slots.steps) step.acquires = step.releases = {"one"};
  CHECK(waves(slots) == '3');
  plan::Plan used = free;
  used.templates.at("mute").uses = {"w2"};
  CHECK(waves(used) == '3');
}
