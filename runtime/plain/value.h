// Values of states, formulas over them, and what is known of a formula in a world. Entry points: truth, evaluate.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace exm::plain {

enum class Truth { no, yes, unknown };
enum class Type { unknown, none, boolean, number, duration, text, version, ip, cidr, path, object, set };

/// `number`: a bool (0 or 1), a number, seconds; `text`: all that is written as one. Each constant is kept once (`constant`
/// sees to that), so that equal ones are the same pointer.
struct Constant {
  Type type = Type::unknown;
  std::int64_t number = 0;
  std::string text;
  std::vector<const Constant*> elements;  // of a set, all known
};
using Value = const Constant*;

Value constant(Type type, std::int64_t number = 0, const std::string& text = "", std::vector<Value> elements = {});
Value unknown();
Value boolean(bool b);
std::string words(Value value);

/// The value of each variable, by its number.
using World = std::vector<Value>;

enum class Op {
  constant, variable, all, any, negation, equal, less, in, set, sum, plus, minus, times, over, choice, known,
};

struct Formula {
  Op op = Op::constant;
  Value value = nullptr;       // of a constant
  int variable = -1;           // of a variable: its number
  std::vector<Formula> parts;  // of the rest
  bool operator==(const Formula&) const = default;
};

/// Strong Kleene logic. What is compared with something unknown is unknown; `known` never is.
Truth truth(const Formula& formula, const World& world);
/// The value, or unknown.
Value evaluate(const Formula& formula, const World& world);
/// What it is where either of two values may be the one.
inline Value either(Value a, Value b) { return a == b ? a : unknown(); }

}  // namespace exm::plain
