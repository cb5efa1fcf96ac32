// Values as a live system says them, and as the files of a run keep them.
// Entry points: read_value, value_text; value_to_json, value_from_json.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "runtime/plan/plan.h"

namespace exm {

/// The type of a state variable, or nothing where the plan has no such variable.
std::optional<plan::Type> type_of(const plan::Plan& plan, const std::string& variable);

/// Reads text by a type; nothing where it does not fit.
std::optional<plan::Value> read_value(std::string_view text, const plan::Type& type);

/// What a probe says: trimmed, read by its `as` or else by the type; unknown where it fits neither.
plan::Value read_probe(const plan::Probe& probe, std::string_view text, const plan::Type& type);

/// For people, and as a system would say it: `started`, `true`, `14.1.323.1`, `unknown`.
std::string value_text(const plan::Value& value);

/// One value as compact JSON and back: what the journal keeps as evidence.
std::string value_to_json(const plan::Value& value);
std::optional<plan::Value> value_from_json(std::string_view json);

}  // namespace exm
