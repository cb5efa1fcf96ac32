// Expressions over facts, evaluated: for object bodies, `check` rules, `when` conditions, titles and commands.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "compiler/check/program.h"

namespace exm::program {

/// The values of the locals, by index.
using Frame = std::vector<Value>;

/// Does the expression read a state, itself or through a let? (`all` and `owned` do where an object may come to exist or cease to.)
bool reads_state(const Program& program, const Expr& expr);

/// What a state is while evaluating.
enum class States { at_start, unknown };

/// The value, by strong Kleene logic; states as said. A text is finished with its interpolations.
Value evaluate(const Program& program, const Expr& expr, const Frame& frame, States states);

/// As the language writes it: `started`, `"text"`, `15m`, `EX3`, `{a, b}`.
std::string to_text(const Program& program, const Value& value);

/// The expression, in the words of the file, for whys and diagnostics: `h.mode == started` with EX3 put in for h.
std::string to_text(const Program& program, const Expr& expr, const Frame& frame);

}  // namespace exm::program
