// Where only a count keeps hosts apart they wait for a slot, not for each other.
#include <catch2/catch.hpp>

#include <algorithm>
#include <set>

#include "compiler/solve/solve.h"
#include "tests/unit/solve/cas_array.h"

using namespace exm;
using exm::testing::CasArray;

namespace {

Found found(const task::Task& task) {
  const Solution solution = solve(task, {});
  if (const auto* f = std::get_if<Found>(&solution)) return *f;
  FAIL("no plan was found");
  return {};
}

std::string host(const task::Task& task, const Found& plan, std::uint32_t step) {
  const std::string& title = task.operators[plan.steps[step].op].title;
  return title.substr(title.rfind(' ') + 1);
}

/// Steps that wait for one of another host, and not only to change things late.
std::size_t waits_across(const task::Task& task, const Found& plan) {
  std::size_t n = 0;
  for (std::uint32_t s = 0; s < plan.steps.size(); ++s) {
    const auto& late = plan.steps[s].only_late;
    for (std::uint32_t a : plan.steps[s].after)
      n += host(task, plan, a) != host(task, plan, s) && std::find(late.begin(), late.end(), a) == late.end();
  }
  return n;
}

/// By host: the titles of the steps that take a slot and give it back.
std::set<std::string> takers(const task::Task& task, const Found& plan) {
  std::set<std::string> out;
  for (const auto& step : plan.steps)
    if (!step.acquires.empty()) out.insert(task.operators[step.op].title);
  return out;
}

std::set<std::string> givers(const task::Task& task, const Found& plan) {
  std::set<std::string> out;
  for (const auto& step : plan.steps)
    if (!step.releases.empty()) out.insert(task.operators[step.op].title);
  return out;
}

}  // namespace

TEST_CASE("five hosts of which three must serve: two slots, from the drain to the start, and no host waits for another") {
  CasArray array(5, 3);
  const Found plan = found(array.task);
  REQUIRE(plan.slots.size() == 1);
  CHECK(plan.slots[0].n == 2);
  CHECK(array.task.constraints[array.task.rules[plan.slots[0].rule].constraint].name == "enough_hosts_serve");
  CHECK(takers(array.task, plan) == std::set<std::string>{"drain EX3", "drain EX4", "drain EX5", "drain EX6", "drain EX7"});
  CHECK(givers(array.task, plan) == std::set<std::string>{"start EX3", "start EX4", "start EX5", "start EX6", "start EX7"});
  CHECK(waits_across(array.task, plan) == 0);
}

TEST_CASE("one at a time is an order, not a slot") {
  for (const auto& [hosts, needed] : {std::pair(2, 1), std::pair(3, 2)}) {
    CasArray array(hosts, needed);
    CHECK(found(array.task).slots.empty());
  }
}

TEST_CASE("where all may be out at once there is nothing to wait for") {
  CasArray array(4, 0);
  const Found plan = found(array.task);
  CHECK(plan.slots.empty());
  CHECK(waits_across(array.task, plan) == 0);
}

TEST_CASE("a host that is out from the start needs no slot, and leaves one less to the others") {
  CasArray array(5, 2);
  array.task.variables[array.all[4].up].start = task::false_;
  array.task.variables[array.all[4].up].restore = task::false_;
  array.task.wishes.pop_back();
  const Found plan = found(array.task);
  REQUIRE(plan.slots.size() == 1);
  CHECK(plan.slots[0].n == 2);
  CHECK(takers(array.task, plan).size() == 4);
}

TEST_CASE("what has to be withstood besides is not left to slots") {
  CasArray array(5, 3);
  task::Fault fault;
  fault.effects.assignments.push_back({array.all[0].up, array.builder.constant(task::false_), {}});
  array.task.faults.push_back(fault);
  array.task.withstand.push_back({});
  array.task.withstand.back().n = 1;
  CHECK(found(array.task).slots.empty());
}
