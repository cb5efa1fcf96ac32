// What may be wanted of a variable, and all assignments of an operator: the words that relevance is put in.
#pragma once

#include <cstdint>

#include "compiler/solve/model.h"

namespace exm::planning {

/// What would help: the variable at this value, at any other, at any that is known, unknown, or at whatever.
struct Literal {
  enum class Kind : std::uint8_t { is, is_not, is_known, is_unknown, makes, makes_not, any };  // makes: with all else as it is, a formula hold
  Var variable = 0;
  Kind kind = Kind::any;
  Val value = 0;  // of makes and makes_not: the formula
  auto operator<=>(const Literal&) const = default;
};

inline bool satisfies_plainly(const Literal& literal, Val value) {
  switch (literal.kind) {
    case Literal::Kind::is: return value == literal.value;
    case Literal::Kind::is_not: return value != 0 && value != literal.value;
    case Literal::Kind::is_known: return value != 0;
    case Literal::Kind::is_unknown: return value == 0;
    case Literal::Kind::makes: case Literal::Kind::makes_not: case Literal::Kind::any: return false;
  }
  return false;
}

template <class F>
void each_assignment(const task::Effect& effect, const F& f) {
  for (const auto& a : effect.assignments) f(a);
  for (const auto& part : effect.parts) each_assignment(part, f);
}

template <class F>
void each_assignment(const task::Operator& op, const F& f) {
  for (const auto& a : op.during) f(a);
  each_assignment(op.effects, f);
}

}  // namespace exm::planning
