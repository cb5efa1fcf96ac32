// Slots in the plan file: named for their rule, each pool with its own; and what they are for: a slow host holds up nobody.
#include <catch2/catch.hpp>

#include <algorithm>

#include "compiler/base/render.h"
#include "compiler/driver/compile.h"
#include "runtime/plan/timeline.h"
#include "runtime/verify/verdict_text.h"
#include "runtime/verify/verify.h"

using namespace exm;

namespace {

plan::Plan two_pools() {
  const std::string text = R"(
kind pool { needs : int }
kind box {
  of : pool
  state in : bool = true
  state updated : bool = false
}
rule enough {
  "Enough boxes of a pool are in"
  always forall p in pool: count(b in box where b.of == p and b.in) >= p.needs
}
action take_out(b: box) { on b  effect b.in := false  takes 1m }
action update(b: box) {
  on b
  requires not b.in else "a box is out while it is updated"
  during b.updated := unknown
  effect b.updated := true
  takes 10m
}
action put_in(b: box) { on b  requires b.updated  effect b.in := true  takes 1m }
pool LEFT { needs = 2 }
pool RIGHT { needs = 3 }
each i in 1..5 { box "L${i}" { of = LEFT } box "R${i}" { of = RIGHT } }
maintenance m { "Update all" achieve forall b in box: b.updated }
)";
  CompileRequest request;
  request.files = {"-"};
  Diagnostics diagnostics;
  Compilation made = compile(request, [&](const std::string&) { return Result<std::string>(text); }, diagnostics);
  INFO(render_text(made.sources, diagnostics, Colour::off));
  CHECK(made.plan.steps.size() == 30);
  made.plan.digest.clear();  // it is changed below
  return std::move(made.plan);
}

plan::Step& step_of(plan::Plan& plan, const std::string& box, const std::string& action) {
  const auto it = std::find_if(plan.steps.begin(), plan.steps.end(), [&](const plan::Step& s) {
    return s.objects.front() == box && plan.templates.at(s.step_template).action == action;
  });
  REQUIRE(it != plan.steps.end());
  return *it;
}

/// The same plan with an order instead: each box waits for the one that has the slot before it on the timeline.
plan::Plan with_edges(plan::Plan plan) {
  std::map<std::string, std::vector<std::string>> releases, takers;
  for (auto& step : plan.steps) {
    for (const auto& slot : step.releases) releases[slot].push_back(step.id);
    for (const auto& slot : step.acquires) {
      const std::size_t before = takers[slot].size(), n = static_cast<std::size_t>(plan.limits.slots.at(slot));
      if (before >= n) step.after.push_back(releases[slot].at(before - n));
      takers[slot].push_back(step.id);
    }
    step.acquires.clear();
    step.releases.clear();
  }
  plan.limits.slots.clear();
  return plan;
}

void make_slow(plan::Plan& plan, const std::string& box) {
  plan::Step& step = step_of(plan, box, "update");
  plan.templates["slow"] = plan.templates.at(step.step_template);
  plan.templates["slow"].takes = 35 * 60;
  step.step_template = "slow";
}

}  // namespace

TEST_CASE("each pool has as many slots as its rule allows, and no box waits for another") {
  const plan::Plan plan = two_pools();
  CHECK(plan.limits.slots == std::map<std::string, int>{{"enough(LEFT)", 3}, {"enough(RIGHT)", 2}});
  for (const auto& step : plan.steps) {
    INFO(step.id);
    const std::string pool = step.objects.front().front() == 'L' ? "enough(LEFT)" : "enough(RIGHT)";
    const std::string& action = plan.templates.at(step.step_template).action;
    CHECK(step.acquires == (action == "take_out" ? std::vector<std::string>{pool} : std::vector<std::string>{}));
    CHECK(step.releases == (action == "put_in" ? std::vector<std::string>{pool} : std::vector<std::string>{}));
    CHECK(step.after.size() == (action == "take_out" ? 0 : 1));
  }
}

TEST_CASE("the checker proves the slots, and misses one that is too many or given back too early") {
  plan::Plan plan = two_pools();
  CHECK(verify(plan).valid);
  plan.limits.slots["enough(LEFT)"] = 4;
  CHECK_FALSE(verify(plan).valid);
  plan = two_pools();
  step_of(plan, "R1", "put_in").releases.clear();
  step_of(plan, "R1", "take_out").releases = {"enough(RIGHT)"};
  CHECK_FALSE(verify(plan).valid);
}

TEST_CASE("with a box that takes longer than was thought the others are done sooner than by an order") {
  plan::Plan by_slots = two_pools();
  plan::Plan by_order = with_edges(by_slots);
  INFO(verdict_text(verify(by_order), by_order, "by order"));
  CHECK(verify(by_order).valid);
  CHECK(plan::duration(plan::timeline(by_slots)) == plan::duration(plan::timeline(by_order)));
  make_slow(by_slots, "R1");
  make_slow(by_order, "R1");
  // R1: 37 minutes, and R5 after it, 12 minutes; or R5 at the side of R1, by the slot of whoever is done
  CHECK(plan::duration(plan::timeline(by_order)) == (37 + 12 + 12) * 60);
  CHECK(plan::duration(plan::timeline(by_slots)) == (12 + 12 + 12 + 12) * 60);
}
