// The syntax tree of expressions, types and names: what the declarations of ast.h are made of.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "compiler/base/source.h"

namespace exm::ast {

struct Name {
  std::string text;
  Span span;
};

// ---------------------------------------------------------------------------------------------- expressions

enum class ExprKind {
  integer,   // number
  duration,  // number: seconds (15m, 8h, 30s, 2d, 1h30m)
  boolean,   // number: 0 or 1
  none,
  unknown,
  text,      // parts; a """ block has its common indentation removed already
  name,      // text
  member,    // operands[0] . text
  call,      // text is the function's name, operands are the arguments
  list,      // [a, b]
  set,       // {a, b}
  not_,
  negate,
  binary,    // op; two operands
  if_,       // condition, then, else
  forall,    // variable in collection[0] where where[0]: operands[0]
  exists,
  count,     // count(variable in collection[0] where where[0])
  sum,       // sum(operands[0] for variable in collection[0] where where[0])
  filter,    // {variable in collection[0] where where[0]}
  map,       // {operands[0] for variable in collection[0] where where[0]}
  range,     // operands[0]..operands[1]
  secret,    // text: its name; inside ${…} only
};

enum class BinaryOp { implies, or_, and_, equal, not_equal, less, less_equal, greater, greater_equal, in, not_in, add, subtract, multiply, divide };

struct Expr;

/// A piece of a text: what is literally there (escapes undone), or the value of an expression. `format` is what
/// follows a colon in `${i:03}`.
struct TextPart {
  std::string literal;
  std::vector<Expr> value;  // none or one
  std::string format;
  Span span;
};

struct Expr {
  ExprKind kind = ExprKind::none;
  Span span;
  std::int64_t number = 0;
  std::string text;
  Span text_span;  // of the name after a dot, or of a function's name
  BinaryOp op = BinaryOp::and_;
  Name variable;
  std::vector<Expr> operands;
  std::vector<Expr> collection;
  std::vector<Expr> where;
  std::vector<TextPart> parts;
};

/// A type as written: `bool`, `server`, `server?`, `set of T`, `list of T`, `enum { a, b }`.
struct TypeExpr {
  enum class Kind { named, enumeration, optional, set, list };
  Kind kind = Kind::named;
  Span span;
  Name name;                      // named
  std::vector<Name> values;       // enumeration
  std::vector<TypeExpr> element;  // one: optional, set, list
};

struct Parameter {
  Name name;
  TypeExpr type;
};

}  // namespace exm::ast
