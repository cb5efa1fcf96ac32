// The types of a plan's expressions, as far as they can be told: nothing may be compared with what it can't be equal to.
#pragma once

#include <optional>
#include <string>

#include "runtime/plan/plan.h"

namespace exm::plan {

/// The type of a variable of the plan, or nothing where it has none of that path.
std::optional<Type> type_of_variable(const Plan& plan, const std::string& path);

/// May the variable be given this constant? `none` only where the type is optional; `unknown` always.
bool fits(const Type& type, const Value& value);

/// What is wrong with a grounded expression that is to be a bool ("" where nothing is).
std::string wrong_condition(const Plan& plan, const Expression& expression);

/// What is wrong with a grounded expression as the right-hand side of an assignment ("" where nothing is).
std::string wrong_value(const Plan& plan, const Type& target, const Expression& expression);

}  // namespace exm::plan
