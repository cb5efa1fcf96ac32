// The small expression tree of a plan: what rules, requirements, wishes and right-hand sides are written in.
#pragma once

#include <string>
#include <vector>

#include "runtime/plan/value.h"

namespace exm::plan {

enum class Operator {
  constant,  // value
  variable,  // text: the path of a state variable, slots included ("casnlb.hosts.$0.mode")
  argument,  // text: the name of a step's argument; in templates only
  object,    // slot: the object in that slot, as a reference; in templates only
  and_, or_, not_,
  equal, not_equal, less, less_equal, greater, greater_equal,
  in,     // the right side is a set or a variable
  set,
  count,  // of operands known true
  sum, add, subtract, multiply, divide,
  if_,    // condition, then, else
  known,
};

struct Expression {
  Operator op = Operator::constant;
  Value value;
  std::string text;
  int slot = 0;
  std::vector<Expression> operands;

  friend bool operator==(const Expression& a, const Expression& b) {
    return a.op == b.op && a.value == b.value && a.text == b.text && a.slot == b.slot && a.operands == b.operands;
  }
};

}  // namespace exm::plan
