#include "compiler/solve/retreat.h"

#include <catch2/catch.hpp>

#include <algorithm>

#include "compiler/solve/solve.h"
#include "tests/unit/solve/cas_array.h"

using namespace exm;
using exm::testing::CasArray;

namespace {

struct Planned {
  Found found;
  std::vector<NoRetreat> none;
};

Planned plan(const task::Task& task) {
  const Solution solution = solve(task, {});
  const auto* found = std::get_if<Found>(&solution);
  REQUIRE(found);
  Planned out{*found, {}};
  out.none = find_retreats(task, {}, out.found);
  return out;
}

const FoundStep& step(const task::Task& task, const Found& found, const std::string& title) {
  const auto it = std::find_if(found.steps.begin(), found.steps.end(), [&](const FoundStep& s) { return task.operators[s.op].title == title; });
  REQUIRE(it != found.steps.end());
  return *it;
}

std::vector<std::string> way(const task::Task& task, const FoundStep& step) {
  REQUIRE(step.retreat);
  std::vector<std::string> out;
  for (const auto& back : step.retreat->steps) out.push_back(task.operators[back.op].title);
  return out;
}

std::vector<std::string> open(const task::Task& task, const FoundStep& step) {
  REQUIRE(step.retreat);
  std::vector<std::string> out;
  for (const auto& o : step.retreat->open) out.push_back(task.variables[o.variable].name + (o.value == task::unknown ? " ?" : ""));
  return out;
}

using Names = std::vector<std::string>;

/// All that the array's operators change can be looked at.
void probe_all(task::Task& task) {
  for (auto& v : task.variables.items()) v.probed = true;
}

}  // namespace

TEST_CASE("what was done before a step is undone, and the step itself where it has come to that") {
  CasArray array(1, 0);
  probe_all(array.task);
  const Planned made = plan(array.task);
  CHECK(made.none.empty());
  const auto& drain = step(array.task, made.found, "drain EX3");
  CHECK(way(array.task, drain) == Names{"start EX3", "release EX3"});
  CHECK(open(array.task, drain).empty());
  CHECK(drain.retreat->least);
}

TEST_CASE("what an effect that can't be seen has done is no reason to pass a step over") {
  CasArray array(1, 0);
  const Planned made = plan(array.task);
  // a host that has not begun to drain can't be started again, and nothing says that it is: it is stopped first
  Names back = way(array.task, step(array.task, made.found, "drain EX3"));
  CHECK(std::find(back.begin(), back.end(), "stop EX3") < std::find(back.begin(), back.end(), "start EX3"));
  std::sort(back.begin(), back.end());
  CHECK(back == Names{"release EX3", "start EX3", "stop EX3"});
}

TEST_CASE("a half-done update stays half done, and the host out") {
  CasArray array(1, 0);
  probe_all(array.task);
  const Planned made = plan(array.task);
  const auto left = open(array.task, step(array.task, made.found, "install EX3"));
  CHECK(std::count(left.begin(), left.end(), "EX3.build ?") == 1);
  CHECK(std::count(left.begin(), left.end(), "casnlb.hosts.EX3.mode") == 1);
}

TEST_CASE("finished work is no difference, and is not undone") {
  CasArray array(1, 0);
  probe_all(array.task);
  const Planned made = plan(array.task);
  for (const char* title : {"forefront_on EX3", "start EX3", "release EX3"}) {
    const auto left = open(array.task, step(array.task, made.found, title));
    CHECK(std::none_of(left.begin(), left.end(), [](const std::string& name) { return name.starts_with("EX3.build"); }));
  }
}

TEST_CASE("no way back repeats its step, or takes what is forbidden") {
  CasArray array(2, 1);
  probe_all(array.task);
  for (const auto& s : plan(array.task).found.steps) {
    REQUIRE(s.retreat);
    for (const auto& back : s.retreat->steps) CHECK(back.op != s.op);
  }
}

TEST_CASE("where users go on feeling it there is no way back, unless that is allowed") {
  CasArray array(1, 0);
  probe_all(array.task);
  auto& task = array.task;
  // users feel it until the host has been checked, and only the check itself can end that
  task.disrupts_when.push_back({array.not_(array.is(array.all[0].health, "good")), Id<program::Object>(0u)});
  const Planned made = plan(task);
  const auto none = [&](const std::string& title) {
    return std::any_of(made.none.begin(), made.none.end(), [&](const NoRetreat& n) { return task.operators[made.found.steps[n.step].op].title == title; });
  };
  CHECK(none("verify EX3"));
  CHECK_FALSE(none("drain EX3"));
  for (auto& op : task.operators.items())
    if (op.title == "verify EX3") op.action = Id<program::Action>(7u);
  task.no_retreat = {Id<program::Action>(7u)};
  const Planned allowed = plan(task);
  CHECK(std::none_of(allowed.none.begin(), allowed.none.end(),
                     [&](const NoRetreat& n) { return task.operators[allowed.found.steps[n.step].op].title == "verify EX3"; }));
}
