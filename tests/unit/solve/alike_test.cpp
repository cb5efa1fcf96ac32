// Components that are equal but for names share a plan; those that differ in anything that a plan can depend on do not.
#include "compiler/solve/alike.h"

#include <catch2/catch.hpp>

#include <algorithm>

#include "compiler/ground/formulas.h"
#include "compiler/solve/retreat.h"
#include "compiler/solve/solve.h"

using namespace exm;
using namespace exm::planning;
using task::NodeOp;

namespace {

/// Machines that are switched off before they are patched, and on again.
struct Machines {
  task::Task task;
  task::Builder builder{task};
  std::uint32_t places = 0;

  Machines() {
    task.minimize = {program::Measure::disruption, program::Measure::duration, program::Measure::cost, program::Measure::away};
  }

  void add(task::Seconds patching, bool needed = false, task::ValueId start = task::true_) {
    const auto object = static_cast<std::uint32_t>(task.variables.size());
    const auto on = variable("on", object, start), patched = variable("patched", object, task::false_);
    const auto is_on = builder.variable(on);
    step("off", object, on, task::false_, {});
    step("on", object, on, task::true_, {});
    step("patch", object, patched, task::true_, builder.node(NodeOp::not_, {is_on})).takes = patching;
    task.wishes.push_back({builder.variable(patched), constraint(task::Constraint::Kind::wish, "patched")});
    if (needed) {
      task::Rule rule{};
      rule.formula = builder.node(NodeOp::or_, {is_on, builder.variable(on)});
      rule.constraint = constraint(task::Constraint::Kind::rule, "on");
      task.rules.push_back(rule);
    }
  }

  std::vector<std::size_t> firsts() {
    const Model model(task);
    const auto parts = components(model);
    const Alike alike(model, parts);
    std::vector<std::size_t> out;
    for (std::size_t i = 0; i < parts.size(); ++i) out.push_back(alike.first(i));
    return out;
  }

 private:
  Id<task::Constraint> constraint(task::Constraint::Kind kind, const std::string& name) {
    places += 10;
    return task.constraints.add({kind, name, name, name, Span{0, places, places + 5}});
  }

  Id<task::Variable> variable(const std::string& name, std::uint32_t object, task::ValueId start) {
    task::Variable v;
    v.name = name + std::to_string(object);
    v.object = Id<program::Object>(object);
    v.state = Id<program::Field>(name == "on" ? 0u : 1u);
    v.start = v.restore = start;
    v.restoration = constraint(task::Constraint::Kind::restoration, v.name);
    return task.variables.add(v);
  }

  task::Operator& step(const std::string& name, std::uint32_t object, Id<task::Variable> v, task::ValueId to, task::NodeId needs) {
    task::Operator op;
    op.action = Id<program::Action>(name == "patch" ? 2u : name == "on" ? 1u : 0u);
    op.title = name + std::to_string(object);
    op.effects = {task::Effect::Kind::together, {{v, builder.constant(to), {}}}, {}};
    op.takes = 10;
    if (needs) op.requires_.push_back({needs, constraint(task::Constraint::Kind::requirement, op.title)});
    return task.operators[task.operators.add(op)];
  }
};

}  // namespace

TEST_CASE("components are alike where nothing but names differs") {
  Machines machines;
  machines.add(60);
  machines.add(60);
  machines.add(90);                       // patching takes longer
  machines.add(60, false, task::false_);  // off at the start
  machines.add(60, true);                 // never off: there is no plan
  machines.add(60);
  CHECK(machines.firsts() == std::vector<std::size_t>{0, 0, 2, 3, 4, 0});
}

TEST_CASE("a plan that is taken over has the steps of its own component") {
  Machines machines;
  for (int i = 0; i < 3; ++i) machines.add(60);
  const Solution solution = solve(machines.task, {});
  const auto* found = std::get_if<Found>(&solution);
  REQUIRE(found);
  std::vector<std::string> titles;
  for (const auto& step : found->steps) {
    const std::string title = machines.task.operators[step.op].title;
    titles.push_back(title);
    for (auto before : step.after) CHECK(machines.task.operators[found->steps[before].op].title.back() == title.back());
    if (step.why.constraint && step.why.kind == Why::Kind::requirement) {
      const std::string named = machines.task.constraints[step.why.constraint].name;
      CHECK(named.back() == title.back());
    }
    if (step.why.variable) CHECK(machines.task.variables[step.why.variable].name.back() == title.back());
  }
  CHECK(titles == std::vector<std::string>{"off0", "off2", "off4", "patch0", "patch2", "patch4", "on0", "on2", "on4"});
}

TEST_CASE("ways back that are taken over are those that would have been found") {
  Machines machines;
  for (int i = 0; i < 3; ++i) machines.add(60);
  for (auto& variable : machines.task.variables.items()) variable.probed = true;
  const Solution solution = solve(machines.task, {});
  const auto* found = std::get_if<Found>(&solution);
  REQUIRE(found);
  Found shared = *found, apart = *found;
  for (auto& step : apart.steps) step.twin.reset();
  CHECK(std::count_if(shared.steps.begin(), shared.steps.end(), [](const auto& step) { return step.twin.has_value(); }) == 6);
  CHECK(find_retreats(machines.task, {}, shared).empty());
  CHECK(find_retreats(machines.task, {}, apart).empty());
  for (std::size_t s = 0; s < shared.steps.size(); ++s) {
    INFO(machines.task.operators[shared.steps[s].op].title);
    const auto &mine = shared.steps[s].retreat, &theirs = apart.steps[s].retreat;
    REQUIRE((mine && theirs));
    REQUIRE(mine->steps.size() == theirs->steps.size());
    for (std::size_t b = 0; b < mine->steps.size(); ++b) {
      CHECK(mine->steps[b].op == theirs->steps[b].op);
      CHECK(mine->steps[b].begins == theirs->steps[b].begins);
    }
    REQUIRE(mine->open.size() == theirs->open.size());
    for (std::size_t o = 0; o < mine->open.size(); ++o) {
      CHECK(mine->open[o].variable == theirs->open[o].variable);
      CHECK(mine->open[o].value == theirs->open[o].value);
    }
  }
}

TEST_CASE("where a component has a step without a way back, so have those that are like it") {
  Machines machines;
  for (int i = 0; i < 3; ++i) machines.add(60);
  for (std::uint32_t v = 0; v < machines.task.variables.size(); v += 2) {  // each is felt while it is off, and nothing shows whether it is on
    const auto on = Id<task::Variable>(v);
    machines.task.disrupts_when.push_back({machines.builder.node(NodeOp::not_, {machines.builder.variable(on)}), machines.task.variables[on].object});
  }
  for (auto& op : machines.task.operators.items())  // what is off can't be switched on
    if (op.title.starts_with("on")) op.requires_.push_back({machines.builder.constant(task::false_), {}});
  Found found;
  for (std::uint32_t m = 0; m < 3; ++m) {
    FoundStep off;
    off.op = Id<task::Operator>(m * 3);
    if (m > 0) {
      off.twin = Twin{0, m - 1};
      Renaming names;
      names.objects = {{Id<program::Object>(0u), machines.task.variables[Id<task::Variable>(m * 2)].object}};
      found.renamings.push_back(names);
    }
    found.steps.push_back(off);
  }
  const auto none = find_retreats(machines.task, {}, found);
  REQUIRE(none.size() == 3);
  for (std::uint32_t m = 0; m < 3; ++m) {
    CHECK(none[m].step == m);
    CHECK(none[m].whose == machines.task.variables[Id<task::Variable>(m * 2)].object);
  }
}
