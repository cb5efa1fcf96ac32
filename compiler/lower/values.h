// Values, types and texts of the program as those of the plan.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "compiler/check/program.h"
#include "runtime/plan/plan.h"

namespace exm::lowering {

plan::Value plan_value(const program::Program& program, const program::Value& value);
plan::Type plan_type(const program::Program& program, const program::Type& type);
plan::Measure plan_measure(program::Measure measure);

/// What the texts of a probe mean; empty: by the state's type. A probe that finds an object says its name, and where one of the kind has a name that
/// stands in quotes in its path (`"mail.example.net"`) each name has its path here.
std::map<std::string, plan::Value> plan_words(const program::Program& program, const program::Probe& probe);

/// A literal part of a text with slots: each dollar sign twice.
std::string escaped(std::string_view text);
/// May the character go on a slot's name? Then no slot can stand before it.
bool goes_on(char c);

}  // namespace exm::lowering
