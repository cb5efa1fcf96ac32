#include "compiler/ground/formulas.h"

#include <catch2/catch.hpp>

using namespace exm;
using namespace exm::task;
using program::Value;

namespace {

Value number(std::int64_t n) { return {Value::Tag::integer, n, {}, {}, {}}; }
Value version(const char* text) { return {Value::Tag::version, 0, text, {}, {}}; }

struct Fixture {
  Task task;
  Builder b{task};
  NodeId yes = b.constant(true_), no = b.constant(false_), dunno = b.constant(unknown);
  NodeId x = b.variable(Id<Variable>(0)), y = b.variable(Id<Variable>(1));
  NodeId n(std::int64_t i) { return b.constant(number(i)); }
};

}  // namespace

TEST_CASE("the fixed values come first, and equal values are one") {
  Fixture f;
  CHECK(f.task.values[unknown.index].tag == Value::Tag::unknown);
  CHECK(f.b.value({Value::Tag::boolean, 0, {}, {}, {}}) == false_);
  CHECK(f.b.value({Value::Tag::boolean, 1, {}, {}, {}}) == true_);
  CHECK(f.b.value({Value::Tag::none, 0, {}, {}, {}}) == none);
  CHECK(f.b.value(number(7)) == f.b.value(number(7)));
  CHECK(f.b.value(number(7)) != f.b.value({Value::Tag::duration, 7, {}, {}, {}}));
  CHECK(f.b.value(version("1.0")) == f.b.value(version("1.0.0")));
  CHECK(f.b.value(version("1.0.1")) != f.b.value(version("1.0")));
}

TEST_CASE("a builder goes on with a task that holds formulas already") {
  Fixture f;
  const NodeId formula = f.b.node(NodeOp::and_, {f.x, f.y});
  Builder again(f.task);
  CHECK(again.node(NodeOp::and_, {f.x, f.y}) == formula);
  CHECK(again.value(number(3)) == again.value(number(3)));
}

TEST_CASE("and, or, not fold by strong Kleene logic") {
  Fixture f;
  auto& b = f.b;
  const struct { int line; NodeId made, expected; } rows[] = {
      {__LINE__, b.node(NodeOp::and_, {f.x, f.no}), f.no},
      {__LINE__, b.node(NodeOp::and_, {f.x, f.yes}), f.x},
      {__LINE__, b.node(NodeOp::and_, {}), f.yes},
      {__LINE__, b.node(NodeOp::or_, {}), f.no},
      {__LINE__, b.node(NodeOp::or_, {f.x, f.yes}), f.yes},
      {__LINE__, b.node(NodeOp::or_, {f.no, f.x}), f.x},
      {__LINE__, b.node(NodeOp::and_, {f.dunno, f.no}), f.no},
      {__LINE__, b.node(NodeOp::and_, {f.dunno, f.yes}), f.dunno},
      {__LINE__, b.node(NodeOp::or_, {f.dunno, f.no}), f.dunno},
      {__LINE__, b.node(NodeOp::and_, {f.x, f.x}), f.x},
      {__LINE__, b.node(NodeOp::and_, {f.x, b.node(NodeOp::and_, {f.y, f.x})}), b.node(NodeOp::and_, {f.x, f.y})},
      {__LINE__, b.not_(b.not_(f.x)), f.x},
      {__LINE__, b.not_(f.dunno), f.dunno},
      {__LINE__, b.not_(f.yes), f.no},
      {__LINE__, b.implies(f.no, f.x), f.yes},
  };
  for (const auto& row : rows) {
    INFO("line " << row.line);
    CHECK(row.made == row.expected);
  }
}

TEST_CASE("comparisons, sets, counts and sums of constants fold") {
  Fixture f;
  auto& b = f.b;
  const NodeId set = b.node(NodeOp::set, {f.n(2), f.n(1), f.n(2)});
  const struct { int line; NodeId made, expected; } rows[] = {
      {__LINE__, b.node(NodeOp::equal, {f.n(1), f.n(1)}), f.yes},
      {__LINE__, b.node(NodeOp::equal, {f.n(1), f.n(2)}), f.no},
      {__LINE__, b.node(NodeOp::equal, {f.dunno, f.dunno}), f.dunno},
      {__LINE__, b.node(NodeOp::equal, {f.x, f.dunno}), f.dunno},
      {__LINE__, b.node(NodeOp::equal, {b.constant(none), f.n(2)}), f.no},
      {__LINE__, b.node(NodeOp::less, {f.n(1), f.n(2)}), f.yes},
      {__LINE__, b.node(NodeOp::less, {f.n(2), f.n(2)}), f.no},
      {__LINE__, b.node(NodeOp::less_equal, {f.n(2), f.n(2)}), f.yes},
      {__LINE__, b.node(NodeOp::less, {b.constant(version("14.1.9")), b.constant(version("14.1.10"))}), f.yes},
      {__LINE__, set, b.node(NodeOp::set, {f.n(1), f.n(2)})},
      {__LINE__, b.node(NodeOp::in, {f.n(2), set}), f.yes},
      {__LINE__, b.node(NodeOp::in, {f.n(3), set}), f.no},
      {__LINE__, b.node(NodeOp::in, {f.dunno, set}), f.dunno},
      {__LINE__, b.node(NodeOp::in, {f.x, b.node(NodeOp::set, {})}), f.no},
      {__LINE__, b.node(NodeOp::count, {f.yes, f.no, f.yes}), f.n(2)},
      {__LINE__, b.node(NodeOp::count, {f.x, f.no}), b.node(NodeOp::count, {f.x})},
      {__LINE__, b.node(NodeOp::sum, {f.n(2), f.n(3)}), f.n(5)},
      {__LINE__, b.node(NodeOp::sum, {}), f.n(0)},
      {__LINE__, b.node(NodeOp::add, {f.n(2), f.n(3)}), f.n(5)},
      {__LINE__, b.node(NodeOp::divide, {f.n(2), f.n(0)}), f.dunno},
      {__LINE__, b.node(NodeOp::multiply, {f.n(INT64_MAX), f.n(2)}), f.dunno},
      {__LINE__, b.node(NodeOp::if_, {f.yes, f.x, f.y}), f.x},
      {__LINE__, b.node(NodeOp::if_, {f.no, f.x, f.y}), f.y},
      {__LINE__, b.node(NodeOp::if_, {f.dunno, f.x, f.x}), f.x},
      {__LINE__, b.node(NodeOp::known, {f.dunno}), f.no},
      {__LINE__, b.node(NodeOp::known, {f.n(1)}), f.yes},
  };
  for (const auto& row : rows) {
    INFO("line " << row.line);
    CHECK(row.made == row.expected);
  }
  CHECK_FALSE(b.is(b.node(NodeOp::count, {f.dunno}), unknown));  // an interval, from 0 to 1
}
