// The value of an expression in a world: strong Kleene logic, with intervals for counts and sums. `evaluate` and
// `truth` are for one look; who evaluates a formula often compiles it once to numbered variables (`Compiled`).
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "runtime/plan/expression.h"
#include "runtime/plan/value.h"

namespace exm {

/// Every state variable with its value, which may be unknown. A variable that it lacks is unknown.
using World = std::map<std::string, plan::Value>;

enum class Truth { no, yes, unknown };

/// The value in that world; `unknown` where it is not known exactly.
plan::Value evaluate(const plan::Expression& expression, const World& world);
/// Whether it is known to hold, known not to, or neither.
Truth truth(const plan::Expression& expression, const World& world);

/// Equality of constants: unknown equals nothing knowably, versions go number by number, sets have no order.
Truth equal(const plan::Value& a, const plan::Value& b);
/// The same value, knowably or both unknown.
bool same(const plan::Value& a, const plan::Value& b);

/// An expression whose variables are numbers.
struct Compiled {
  plan::Operator op = plan::Operator::constant;
  plan::Value value;
  int variable = -1;
  std::vector<Compiled> operands;
};

/// A world by number: `values[i]` is the value of variable `i`.
using Values = std::vector<plan::Value>;

/// Numbers the variables by `number`, which is called with each path.
Compiled compile(const plan::Expression& expression, const std::function<int(const std::string&)>& number);
plan::Value evaluate(const Compiled& expression, const Values& values);
Truth truth(const Compiled& expression, const Values& values);
/// The least and the greatest number that it can be. Nothing where it is no number, or may be any.
struct Range {
  std::int64_t low = 0, high = 0;
};
std::optional<Range> range(const Compiled& expression, const Values& values);
/// Calls `use` with every variable in it.
void each_variable(const Compiled& expression, const std::function<void(int)>& use);
/// Renumbers its variables.
Compiled renumbered(const Compiled& expression, const std::function<int(int)>& number);

}  // namespace exm
