// Values, types and texts of the program as those of the plan.
#pragma once

#include <string>
#include <string_view>

#include "compiler/check/program.h"
#include "runtime/plan/plan.h"

namespace exm::lowering {

plan::Value plan_value(const program::Program& program, const program::Value& value);
plan::Type plan_type(const program::Program& program, const program::Type& type);
plan::Measure plan_measure(program::Measure measure);

/// A literal part of a text with slots: each dollar sign twice.
std::string escaped(std::string_view text);
/// May the character go on a slot's name? Then no slot can stand before it.
bool goes_on(char c);

}  // namespace exm::lowering
