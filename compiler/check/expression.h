// The expressions of a checked program: every name is an Id, each has a type. Entry point: Expr.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "compiler/base/ids.h"
#include "compiler/base/source.h"
#include "compiler/check/value.h"

namespace exm::program {

struct Field;
struct Let;

enum class Op {
  constant,   // value
  local,      // local: a parameter, a bound variable, or `self` (index 0 in a kind's lets, defaults and probes)
  all,        // kind: the set of its objects that exist
  field,      // field of operands[0]
  owned,      // kind: what operands[0] owns of it, a set (of at most one where the kind says so)
  owner,      // of operands[0]
  name,       // of operands[0], a text
  seconds,    // of operands[0], a duration: an int
  call,       // let, with operands (for a kind's let: the object first)
  text,       // parts
  not_, negate,
  implies, or_, and_, equal, not_equal, less, less_equal, greater, greater_equal, in, not_in, add, subtract, multiply, divide,
  if_,
  forall,     // local in operands[0] where operands[1]: operands[2]; where there is no `where`, it is the constant true
  exists,     // likewise
  count,      // local in operands[0] where operands[1]
  sum,        // operands[2] for local in operands[0] where operands[1]
  filter,     // {local in operands[0] where operands[1]}
  map,        // {operands[2] for local in operands[0] where operands[1]}
  set, list,
  range,      // operands[0]..operands[1], a list of ints
  known,      // known(operands[0])
  was,        // was(operands[0]): the value to which that state is to be restored
  secret,     // value.text: its name; in commands only
  run_started,  // in commands only
};

struct Expr;

struct TextPart {
  std::string literal;
  std::vector<Expr> value;  // none or one
  std::string format;
};

struct Expr {
  Op op = Op::constant;
  Type type;
  Span span;
  Value value;              // of a local: value.text is its name
  std::uint32_t local = 0;  // an index into the frame
  Id<Field> field;
  Id<Kind> kind;
  Id<Let> let;
  std::vector<Expr> operands;
  std::vector<TextPart> parts;
};

}  // namespace exm::program
