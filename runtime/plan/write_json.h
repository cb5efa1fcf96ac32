// Plan to JSON values, and JSON to text; for plan_json.cpp and its like only (it costs nlohmann's header).
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "runtime/plan/plan.h"

namespace exm::plan {

/// A map sorted by bytes, as the canonical form wants.
using Json = nlohmann::json;

Json write(const Value& value);
Json write(const Expression& expression);
Json write(const Type& type);
Json write(const Text& text);
Json write(const Effect& effect);
Json write(const Assignment& assignment);
Json write(const Template& shape);
Json write(const Piece&);
Json write(const Command&);
Json write(const Requirement&);
Json write(const Probe&);
Json write(const Disruption&);
Json write(const Formula&);
Json write(const Rule&);
Json write(const Step&);
Json write(const Fault&);
Json write(const Object&);
Json write(const Kind&);
Json write(const Limits&);
Json write(const Retreat&);
Json write(const Summary&);
/// The whole plan, with the digest as it stands in it.
Json write(const Plan& plan);

std::string_view name_of(Operator op);
std::string_view name_of(Free::Why why);
std::string_view name_of(Measure measure);
std::string_view type_name(Value::Type type);

/// No whitespace at all.
std::string compact(const Json& json);
/// Two-space layout: every element of a top-level list or map on one line.
std::string canonical(const Json& json);

}  // namespace exm::plan
