#include <catch2/catch.hpp>

#include "runtime/verify/evaluate.h"
#include "runtime/verify/words.h"

using namespace exm;
using plan::Expression;
using plan::Operator;
using plan::Value;

namespace {

Expression constant(const Value& v) {
  return {Operator::constant, v, "", 0, {}};
}
Expression number(std::int64_t n) {
  return constant(plan::integer(n));
}
Expression seconds(std::int64_t n) {
  return constant({Value::Type::duration, n, {}, {}});
}
Expression version(const std::string& s) {
  return constant({Value::Type::version, 0, s, {}});
}
Expression word(const std::string& s) {
  return constant(plan::text(s));
}
Expression var(const std::string& name) {
  return {Operator::variable, {}, name, 0, {}};
}
Expression make(Operator op, std::vector<Expression> operands) {
  return {op, {}, "", 0, std::move(operands)};
}

const Expression yes = constant(plan::boolean(true));
const Expression no = constant(plan::boolean(false));
const Expression doubt = constant(plan::unknown());
const Expression nothing = constant(plan::none());

const World world{{"a.on", plan::boolean(true)}, {"a.mode", plan::text("started")}, {"a.x", plan::unknown()}};

struct Row {
  int line;
  Expression expression;
  std::string is;
};

}  // namespace

TEST_CASE("expressions have the values that the semantics gives them") {
  using enum Operator;
  const std::vector<Row> rows{
      {__LINE__, make(and_, {yes, doubt}), "unknown"},
      {__LINE__, make(and_, {doubt, no}), "false"},
      {__LINE__, make(and_, {}), "true"},
      {__LINE__, make(or_, {doubt, yes}), "true"},
      {__LINE__, make(or_, {doubt, no}), "unknown"},
      {__LINE__, make(or_, {}), "false"},
      {__LINE__, make(not_, {doubt}), "unknown"},
      {__LINE__, make(not_, {no}), "true"},
      {__LINE__, make(not_, {}), "unknown"},
      {__LINE__, make(equal, {var("a.x"), var("a.x")}), "unknown"},
      {__LINE__, make(equal, {var("a.mode"), word("started")}), "true"},
      {__LINE__, make(not_equal, {var("a.mode"), word("started")}), "false"},
      {__LINE__, make(equal, {var("no.such"), word("started")}), "unknown"},
      {__LINE__, make(equal, {number(1), yes}), "unknown"},
      {__LINE__, make(equal, {nothing, nothing}), "true"},
      {__LINE__, make(equal, {nothing, number(0)}), "false"},
      {__LINE__, make(equal, {nothing, doubt}), "unknown"},
      {__LINE__, make(known, {nothing}), "true"},
      {__LINE__, make(known, {var("a.x")}), "false"},
      {__LINE__, make(known, {make(and_, {var("a.x"), no})}), "true"},
      {__LINE__, make(equal, {version("14.1"), version("14.01.0.0")}), "true"},
      {__LINE__, make(less, {version("14.1.218.15"), version("14.1.323.1")}), "true"},
      {__LINE__, make(greater, {version("14.10"), version("14.9.9")}), "true"},
      {__LINE__, make(greater_equal, {version("99999999999999999999999.1"), version("99999999999999999999998.9")}),
       "true"},
      {__LINE__, make(less, {number(2), number(3)}), "true"},
      {__LINE__, make(less_equal, {number(3), number(3)}), "true"},
      {__LINE__, make(less, {word("a"), word("b")}), "unknown"},
      {__LINE__, make(count, {yes, doubt, no}), "unknown"},
      {__LINE__, make(greater_equal, {make(count, {yes, doubt, no}), number(1)}), "true"},
      {__LINE__, make(greater_equal, {make(count, {yes, doubt, no}), number(2)}), "unknown"},
      {__LINE__, make(greater_equal, {make(count, {yes, doubt, no}), number(3)}), "false"},
      {__LINE__, make(equal, {make(count, {yes, doubt, no}), number(3)}), "false"},
      {__LINE__, make(equal, {make(count, {yes, no}), number(1)}), "true"},
      {__LINE__, make(less, {make(count, {yes, doubt}), number(3)}), "true"},
      {__LINE__, make(sum, {make(if_, {doubt, number(5), number(0)}), number(2)}), "unknown"},
      {__LINE__, make(less_equal, {make(sum, {make(if_, {doubt, number(5), number(0)}), number(2)}), number(7)}),
       "true"},
      {__LINE__, make(less_equal, {make(sum, {make(if_, {doubt, number(5), number(0)}), number(2)}), number(6)}),
       "unknown"},
      {__LINE__, make(less_equal, {make(add, {make(if_, {doubt, number(5), number(0)}), number(2)}), number(7)}),
       "unknown"},
      {__LINE__, make(sum, {}), "0"},
      {__LINE__, make(sum, {seconds(60), make(if_, {no, seconds(30), number(0)})}), "60s"},
      {__LINE__, make(add, {number(2), number(3)}), "5"},
      {__LINE__, make(add, {number(INT64_MAX), number(1)}), "unknown"},
      {__LINE__, make(subtract, {seconds(90), seconds(30)}), "60s"},
      {__LINE__, make(multiply, {number(3), seconds(30)}), "90s"},
      {__LINE__, make(divide, {seconds(90), seconds(30)}), "3"},
      {__LINE__, make(divide, {seconds(90), number(2)}), "45s"},
      {__LINE__, make(divide, {number(1), number(0)}), "unknown"},
      {__LINE__, make(if_, {doubt, number(4), number(4)}), "4"},
      {__LINE__, make(if_, {doubt, number(4), number(5)}), "unknown"},
      {__LINE__, make(if_, {yes, number(4), doubt}), "4"},
      {__LINE__, make(in, {word("a"), make(set, {doubt, word("a")})}), "true"},
      {__LINE__, make(in, {word("a"), make(set, {doubt, word("b")})}), "unknown"},
      {__LINE__, make(in, {word("a"), make(set, {word("b")})}), "false"},
      {__LINE__, make(in, {doubt, make(set, {})}), "false"},
      {__LINE__, make(in, {word("a"), doubt}), "unknown"},
      {__LINE__, make(equal, {make(set, {word("a"), word("b")}), make(set, {word("b"), word("a")})}), "true"},
      {__LINE__, make(equal, {make(set, {word("a")}), make(set, {word("b")})}), "false"},
  };
  for (const Row& row : rows) {
    INFO("line " << row.line << ": " << words(row.expression));
    CHECK(words(evaluate(row.expression, world)) == row.is);
    const Truth t = truth(row.expression, world);
    CHECK((row.is == "true") == (t == Truth::yes));
    CHECK((row.is == "false") == (t == Truth::no));
  }
}

TEST_CASE("formulas read as sentences") {
  using enum Operator;
  const std::vector<std::pair<Expression, std::string>> rows{
      {make(or_, {make(not_, {var("a.on")}), make(equal, {var("a.mode"), word("stopped")})}),
       "not a.on or a.mode == stopped"},
      {make(and_, {make(or_, {var("x"), var("y")}), var("z")}), "(x or y) and z"},
      {make(greater_equal, {make(count, {var("x"), var("y")}), number(1)}), "count(x, y) >= 1"},
      {make(in, {var("x"), make(set, {word("a"), word("b")})}), "x in {a, b}"},
  };
  for (const auto& [expression, text] : rows) CHECK(words(expression) == text);
}
