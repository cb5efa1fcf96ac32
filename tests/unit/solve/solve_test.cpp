#include "compiler/solve/solve.h"

#include <catch2/catch.hpp>

#include <algorithm>

#include "tests/unit/solve/cas_array.h"

using namespace exm;
using exm::testing::CasArray;

namespace {

std::vector<std::string> titles(const task::Task& task, const Found& found) {
  std::vector<std::string> out;
  for (const auto& step : found.steps) out.push_back(task.operators[step.op].title);
  return out;
}

Found found(const task::Task& task) {
  const Solution solution = solve(task, {});
  if (const auto* f = std::get_if<Found>(&solution)) return *f;
  FAIL("no plan was found");
  return {};
}

}  // namespace

TEST_CASE("one host: what the article does, found") {
  CasArray array(1, 0);
  const Found plan = found(array.task);
  CHECK(titles(array.task, plan) == std::vector<std::string>{"hold EX3", "drain EX3", "silence EX3", "forefront_off EX3", "install EX3",
                                                             "reboot EX3", "verify EX3", "forefront_on EX3", "speak EX3", "start EX3",
                                                             "release EX3"});
  CHECK(plan.measures.disruption == 0);
  CHECK(plan.measures.duration == 72 * 60);
  CHECK(plan.least.size() == 4);
}

TEST_CASE("urgent: stopped at once instead of drained") {
  CasArray array(1, 0);
  array.task.minimize = {program::Measure::duration, program::Measure::disruption, program::Measure::cost, program::Measure::away};
  const Found plan = found(array.task);
  CHECK(plan.measures.duration == 58 * 60);
  CHECK(plan.measures.disruption == 1);
}

TEST_CASE("two hosts, one must serve: the second drains when the first serves") {
  CasArray array(2, 1);
  const Found plan = found(array.task);
  CHECK(plan.steps.size() == 22);
  CHECK(plan.measures.disruption == 0);
  CHECK(plan.measures.duration == 140 * 60);
  CHECK(plan.bounds.at(program::Measure::duration) == 136 * 60);
  const auto names = titles(array.task, plan);
  const auto at = [&](const std::string& title) {
    const auto it = std::find(names.begin(), names.end(), title);
    REQUIRE(it != names.end());
    return static_cast<std::uint32_t>(it - names.begin());
  };
  const auto drain = at("drain EX4"), start = at("start EX3");
  CHECK(std::count(plan.steps[drain].after.begin(), plan.steps[drain].after.end(), start) == 1);
}

TEST_CASE("two hosts: proven that no timeline of any steps is better") {
  CasArray array(2, 1);
  Limits limits;
  limits.proof_states = 100'000;
  const Solution solution = solve(array.task, limits);
  REQUIRE(std::holds_alternative<Found>(solution));
  const Found& plan = std::get<Found>(solution);
  CHECK(plan.measures.duration == 140 * 60);
  CHECK(plan.least.size() == 4);
}

TEST_CASE("as many hosts at once as the rules allow, and nobody typed a number") {
  CasArray array(4, 2);
  const Found plan = found(array.task);
  CHECK(plan.steps.size() == 44);
  CHECK(plan.measures.duration < 3 * 72 * 60);
  CHECK(plan.measures.disruption == 0);
}

TEST_CASE("two must serve and only two exist: the keep and what forbids the update while serving") {
  CasArray array(2, 1);
  array.keep("keep two serving", array.serving_at_least(2));
  const Solution solution = solve(array.task, {});
  REQUIRE(std::holds_alternative<Impossible>(solution));
  std::vector<std::vector<std::string>> named;
  for (const auto& set : std::get<Impossible>(solution).conflicts) {
    named.emplace_back();
    for (auto c : set) named.back().push_back(array.task.constraints[c].name);
    std::sort(named.back().begin(), named.back().end());
  }
  REQUIRE(named.size() >= 2);
  CHECK(named[0] == std::vector<std::string>{"EX3 has UR5", "keep two serving", "no_unverified_server_serves"});
  CHECK(named[1] == std::vector<std::string>{"EX3 has UR5", "install", "keep two serving"});
  const auto& ways = std::get<Impossible>(solution).ways_out;
  REQUIRE(ways.size() == 1);
  CHECK(ways[0].kind == WayOut::Kind::fewer);
  CHECK(array.task.constraints[ways[0].constraints.at(0)].name == "keep two serving");
  CHECK(ways[0].from == 2);
  CHECK(ways[0].to == 1);
}

TEST_CASE("where no single change is enough, all counts give way together, and nothing else is called one") {
  CasArray array(2, 0);
  array.rule("two serve", array.serving_at_least(2));
  array.rule("two serve while EX3 is up", array.node(task::NodeOp::or_, {array.serving_at_least(2), array.not_(array.var(array.all[0].up))}));
  const Solution solution = solve(array.task, {});
  REQUIRE(std::holds_alternative<Impossible>(solution));
  const auto& ways = std::get<Impossible>(solution).ways_out;
  REQUIRE(ways.size() == 1);
  std::vector<std::string> named;
  for (auto c : ways[0].constraints) named.push_back(array.task.constraints[c].name);
  std::sort(named.begin(), named.end());
  CHECK(named == std::vector<std::string>{"two serve", "two serve while EX3 is up"});
}

TEST_CASE("an action that is forbidden is named as the way out where allowing it is enough") {
  CasArray array(1, 0);
  for (std::uint32_t o = 0; o < array.task.operators.size(); ++o) {
    auto& op = array.task.operators[Id<task::Operator>(o)];
    if (op.title == "reboot EX3") op.forbidden = array.constraint(task::Constraint::Kind::forbid, "reboot");
  }
  const Solution solution = solve(array.task, {});
  REQUIRE(std::holds_alternative<Impossible>(solution));
  const auto& ways = std::get<Impossible>(solution).ways_out;
  REQUIRE(ways.size() == 1);
  CHECK(ways[0].kind == WayOut::Kind::allowed);
  CHECK(array.task.constraints[ways[0].constraints.at(0)].name == "reboot");
}
