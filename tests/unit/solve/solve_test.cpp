#include "compiler/solve/solve.h"

#include <catch2/catch.hpp>

#include <chrono>
#include <iostream>

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
                                                             "reboot EX3", "verify EX3", "forefront_on EX3", "start EX3", "release EX3",
                                                             "speak EX3"});
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

TEST_CASE("two hosts, one must serve") {
  CasArray array(2, 1);
  const auto begin = std::chrono::steady_clock::now();
  const Found plan = found(array.task);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  INFO("took " << took.count());
  CHECK(plan.steps.size() == 22);
  CHECK(plan.measures.disruption == 0);
  for (const auto& s : plan.steps) {
    std::string after;
    for (auto a : s.after) after += " " + std::to_string(a);
    for (auto a : s.only_late) after += " late:" + std::to_string(a);
    std::cout << s.start / 60 << "-" << s.end / 60 << " " << array.task.operators[s.op].title << after << "\n";
  }
  std::cout << plan.measures.duration / 60 << " bound " << plan.bounds.size() << " " << took.count() << "s\n";
}

TEST_CASE("two must serve and only two exist: the keep and what forbids the update while serving") {
  CasArray array(2, 1);
  array.keep("keep two serving", array.serving_at_least(2));
  const Solution solution = solve(array.task, {});
  REQUIRE(std::holds_alternative<Impossible>(solution));
  for (const auto& set : std::get<Impossible>(solution).conflicts) {
    for (auto c : set) std::cout << array.task.constraints[c].name << "; ";
    std::cout << "\n";
  }
}
