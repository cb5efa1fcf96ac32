// The planner's parts, each by a table: logic, phases, which operators can help, and the edges of a graph.
#include <catch2/catch.hpp>

#include <algorithm>
#include <set>

#include "compiler/ground/formulas.h"
#include "compiler/solve/phases.h"
#include "compiler/solve/relevance.h"
#include "compiler/solve/solve.h"

using namespace exm;
using namespace exm::planning;
using task::NodeId;
using task::NodeOp;

namespace {

/// A few booleans: x, y, z, w, each false at the start unless said.
struct Booleans {
  task::Task task;
  task::Builder builder{task};
  std::vector<Id<task::Variable>> v;

  explicit Booleans(const std::vector<task::ValueId>& starts) {
    task.minimize = {program::Measure::disruption, program::Measure::duration, program::Measure::cost, program::Measure::away};
    for (auto start : starts) {
      task::Variable variable;
      variable.name = std::string(1, "xyzw"[v.size()]);
      variable.object = Id<program::Object>(std::uint32_t{0});
      variable.start = variable.restore = start;
      variable.restoration = constraint(task::Constraint::Kind::restoration, variable.name);
      v.push_back(task.variables.add(variable));
    }
  }

  Id<task::Constraint> constraint(task::Constraint::Kind kind, const std::string& name) {
    const auto place = static_cast<std::uint32_t>(task.constraints.size() * 10);
    return task.constraints.add({kind, name, name, name, Span{0, place, place + 5}});
  }
  NodeId var(std::size_t i) { return builder.variable(v[i]); }
  NodeId number(int n) {
    program::Value value;
    value.tag = program::Value::Tag::integer;
    value.number = n;
    return builder.constant(value);
  }
  task::Effect set(std::size_t i, task::ValueId to, NodeId when = {}) {
    return {task::Effect::Kind::together, {{v[i], builder.constant(to), when}}, {}};
  }
  task::Operator& add(const std::string& name, task::Effect effects, std::uint32_t host = ~0u) {
    task::Operator op;
    op.title = name;
    op.effects = std::move(effects);
    op.takes = 10;
    if (host != ~0u) {
      program::Value value;
      value.tag = program::Value::Tag::object;
      value.object = Id<program::Object>(host);
      op.on = builder.constant(value);
    }
    return task.operators[task.operators.add(op)];
  }
  void require(task::Operator& op, NodeId formula) { op.requires_.push_back({formula, constraint(task::Constraint::Kind::requirement, op.title)}); }
  void wish(NodeId formula) { task.wishes.push_back({formula, constraint(task::Constraint::Kind::wish, "wish")}); }
  void rule(NodeId formula) {
    task::Rule r{};
    r.formula = formula;
    r.constraint = constraint(task::Constraint::Kind::rule, "rule");
    task.rules.push_back(r);
  }
};

constexpr auto no = task::false_, yes = task::true_, doubt = task::unknown;

using Rows = std::set<std::vector<Val>>;

Rows rows(const Booleans& b, std::vector<Var> seen) {
  const Model model(b.task);
  const Begun begun = begin(model, 0, model.start);
  const Phases all = phases(begun, seen, model.start);
  return {all.values.begin(), all.values.end()};
}

std::vector<std::string> relevant_titles(const Booleans& b) {
  const Model model(b.task);
  std::vector<std::uint32_t> wishes;
  for (std::uint32_t w = 0; w < b.task.wishes.size(); ++w) wishes.push_back(w);
  std::vector<std::string> out;
  for (auto o : relevant(model, wishes, model.start).operators) out.push_back(b.task.operators[Id<task::Operator>(o)].title);
  return out;
}

Found found(const Booleans& b) {
  const Solution solution = solve(b.task, {});
  REQUIRE(std::holds_alternative<Found>(solution));
  return std::get<Found>(solution);
}

}  // namespace

TEST_CASE("logic is strong Kleene, counts and sums are intervals") {
  Booleans b({yes, no, doubt});
  auto& f = b.builder;
  const NodeId x = b.var(0), y = b.var(1), z = b.var(2);
  const auto count = [&](std::vector<NodeId> terms) { return f.node(NodeOp::count, terms); };
  const auto at_least = [&](int n, NodeId number) { return f.node(NodeOp::less_equal, {b.number(n), number}); };
  const auto at_most = [&](NodeId number, int n) { return f.node(NodeOp::less_equal, {number, b.number(n)}); };
  const auto weight = [&](NodeId c, int n) { return f.node(NodeOp::if_, {c, b.number(n), b.number(0)}); };
  const NodeId sum = f.node(NodeOp::sum, {weight(x, 2), weight(z, 3)});  // 2 or 5
  const struct {
    int line;
    NodeId formula;
    Truth expected;
  } table[] = {
      {__LINE__, f.both(x, z), Truth::unknown},
      {__LINE__, f.both(y, z), Truth::no},
      {__LINE__, f.node(NodeOp::or_, {x, z}), Truth::yes},
      {__LINE__, f.node(NodeOp::or_, {y, z}), Truth::unknown},
      {__LINE__, f.not_(z), Truth::unknown},
      {__LINE__, f.node(NodeOp::equal, {z, z}), Truth::unknown},
      {__LINE__, f.node(NodeOp::equal, {x, y}), Truth::no},
      {__LINE__, f.node(NodeOp::known, {z}), Truth::no},
      {__LINE__, f.node(NodeOp::known, {y}), Truth::yes},
      {__LINE__, at_least(1, count({x, y, z})), Truth::yes},
      {__LINE__, at_least(2, count({x, y, z})), Truth::unknown},
      {__LINE__, at_least(3, count({x, y, z})), Truth::no},
      {__LINE__, at_most(count({x, y, z}), 2), Truth::yes},
      {__LINE__, at_most(count({x, y, z}), 1), Truth::unknown},
      {__LINE__, at_least(2, sum), Truth::yes},
      {__LINE__, at_least(3, sum), Truth::unknown},
      {__LINE__, at_most(sum, 4), Truth::unknown},
      {__LINE__, at_most(sum, 5), Truth::yes},
      {__LINE__, at_least(6, sum), Truth::no},
      {__LINE__, f.node(NodeOp::in, {x, f.node(NodeOp::set, {y, z})}), Truth::unknown},
      {__LINE__, f.node(NodeOp::in, {x, f.node(NodeOp::set, {x, z})}), Truth::yes},
      {__LINE__, f.node(NodeOp::if_, {z, x, x}), Truth::yes},
      {__LINE__, f.node(NodeOp::if_, {z, x, y}), Truth::unknown},
  };
  const Model model(b.task);
  for (const auto& row : table) {
    INFO("line " << row.line);
    CHECK(static_cast<int>(model.evaluate.truth(row.formula, model.start)) == static_cast<int>(row.expected));
  }
}

TEST_CASE("the phases of a step: begun, in the middle, cut off, ended") {
  using Kind = task::Effect::Kind;
  SECTION("in order: never the second without the first") {
    Booleans b({no, no});
    b.add("op", {Kind::sequence, {}, {b.set(0, yes), b.set(1, yes)}});
    CHECK(rows(b, {0, 1}) == Rows{{1, 1}, {2, 1}, {2, 2}});
    CHECK(rows(b, {1}) == Rows{{1}, {2}});
  }
  SECTION("in any order") {
    Booleans b({no, no});
    b.add("op", {Kind::any_order, {}, {b.set(0, yes), b.set(1, yes)}});
    CHECK(rows(b, {0, 1}) == Rows{{1, 1}, {2, 1}, {1, 2}, {2, 2}});
  }
  SECTION("together") {
    Booleans b({no, no});
    b.add("op", {Kind::together, {{b.v[0], b.builder.constant(yes), {}}, {b.v[1], b.builder.constant(yes), {}}}, {}});
    CHECK(rows(b, {0, 1}) == Rows{{1, 1}, {2, 2}});
  }
  SECTION("cut off, each variable has its value from before or from while it ran") {
    Booleans b({yes, yes, no});
    auto& op = b.add("op", b.set(2, yes));
    op.during = {{b.v[0], b.builder.constant(no), {}}, {b.v[1], b.builder.constant(no), {}}};
    CHECK(rows(b, {0, 1}) == Rows{{2, 2}, {1, 1}, {1, 2}, {2, 1}});
    CHECK(rows(b, {0, 2}) == Rows{{2, 1}, {1, 1}, {2, 2}, {1, 2}});
  }
  SECTION("an effect under an unknown condition: what it shows and what it leaves are two things") {
    Booleans b({no, doubt});
    auto& op = b.add("op", b.set(0, no, b.var(1)));
    op.during = {{b.v[0], b.builder.constant(yes), {}}};
    CHECK(rows(b, {0}) == Rows{{1}, {2}, {0}});
  }
}

TEST_CASE("which operators can help") {
  SECTION("backwards from the wish, by value; what nothing breaks needs no help") {
    Booleans b({no, no, yes, no});
    b.add("x on", b.set(0, yes)), b.require(b.task.operators.items().back(), b.builder.both(b.var(1), b.var(2)));
    b.add("y on", b.set(1, yes));
    b.add("y off", b.set(1, no));
    b.add("z on", b.set(2, yes));
    b.add("w on", b.set(3, yes));
    b.wish(b.var(0));
    CHECK(relevant_titles(b) == std::vector<std::string>{"x on", "y on", "y off"});
    b.task.operators.items()[0].effects = {task::Effect::Kind::sequence, {}, {b.set(2, no), b.set(0, yes)}};
    CHECK(relevant_titles(b) == std::vector<std::string>{"x on", "y on", "y off", "z on"});
  }
  SECTION("a rule that a step touches, and what is forbidden") {
    Booleans b({no, no, no});
    b.add("x on", b.set(0, yes));
    b.add("y on", b.set(1, yes));
    b.wish(b.var(0));
    b.rule(b.builder.implies(b.var(0), b.var(1)));
    CHECK(relevant_titles(b) == std::vector<std::string>{"x on", "y on"});
    b.task.operators.items()[1].forbidden = b.constraint(task::Constraint::Kind::forbid, "y on");
    CHECK(relevant_titles(b) == std::vector<std::string>{"x on"});
  }
  SECTION("a state need not be put back where no other way to the wish is left") {
    Booleans b({no, no});
    b.task.variables[b.v[1]].free = task::Variable::Free::left;
    b.add("both on", {task::Effect::Kind::together, {{b.v[0], b.builder.constant(yes), {}}, {b.v[1], b.builder.constant(yes), {}}}, {}});
    b.add("y off", b.set(1, no));
    b.wish(b.builder.node(NodeOp::or_, {b.var(0), b.var(1)}));
    CHECK(relevant_titles(b) == std::vector<std::string>{"both on", "y off"});
    CHECK(found(b).steps.size() == 2);
  }
}

TEST_CASE("edges that are needed, and no more") {
  SECTION("what has nothing to do with each other has no order") {
    Booleans b({no, no});
    b.add("x on", b.set(0, yes), 1);
    b.add("y on", b.set(1, yes), 2);
    b.wish(b.var(0)), b.wish(b.var(1));
    const Found plan = found(b);
    REQUIRE(plan.steps.size() == 2);
    CHECK(plan.steps[1].after.empty());
    CHECK(plan.measures.duration == 10);
  }
  SECTION("one host, a requirement, a rule: each orders the two") {
    for (const int row : {0, 1, 2}) {
      INFO("row " << row);
      Booleans b({no, no});
      b.add("x on", b.set(0, yes), 1);
      b.add("y on", b.set(1, yes), row == 0 ? 1 : 2);
      b.wish(b.var(0)), b.wish(b.var(1));
      if (row == 1) b.require(b.task.operators.items()[1], b.var(0));
      if (row == 2) b.rule(b.builder.implies(b.var(1), b.var(0)));
      const Found plan = found(b);
      REQUIRE(plan.steps.size() == 2);
      CHECK(b.task.operators[plan.steps[0].op].title == "x on");
      CHECK(plan.steps[1].after == std::vector<std::uint32_t>{0});
      CHECK(plan.steps[1].only_late.empty());
    }
  }
  SECTION("what follows from other edges is left out") {
    Booleans b({no, no, no});
    b.add("x on", b.set(0, yes), 1);
    b.add("y on", b.set(1, yes), 1);
    b.add("z on", b.set(2, yes), 1);
    b.require(b.task.operators.items()[1], b.var(0));
    b.require(b.task.operators.items()[2], b.builder.both(b.var(0), b.var(1)));
    b.wish(b.var(0)), b.wish(b.var(1)), b.wish(b.var(2));
    const Found plan = found(b);
    REQUIRE(plan.steps.size() == 3);
    CHECK(plan.steps[2].after == std::vector<std::uint32_t>{1});
  }
}

TEST_CASE("why a step is there") {
  Booleans b({no, yes, no});
  // x needs y off; the rule needs z meanwhile.
  b.add("x on", b.set(0, yes), 1);
  b.require(b.task.operators.items()[0], b.builder.not_(b.var(1)));
  b.add("y off", b.set(1, no), 1);
  b.add("y on", b.set(1, yes), 1);
  b.add("z on", b.set(2, yes), 1);
  b.add("z off", b.set(2, no), 1);
  b.wish(b.var(0));
  b.rule(b.builder.node(NodeOp::or_, {b.var(1), b.var(2)}));
  const Found plan = found(b);
  std::vector<std::pair<std::string, Why::Kind>> whys;
  for (const auto& step : plan.steps) whys.emplace_back(b.task.operators[step.op].title, step.why.kind);
  CHECK(whys == std::vector<std::pair<std::string, Why::Kind>>{{"z on", Why::Kind::rule},
                                                               {"y off", Why::Kind::requirement},
                                                               {"x on", Why::Kind::wish},
                                                               {"y on", Why::Kind::restoration},
                                                               {"z off", Why::Kind::restoration}});
}
