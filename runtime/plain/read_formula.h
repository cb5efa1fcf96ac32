// Formulas and constants of the plan file, their slots filled. Entry points: read_formula, read_constant.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "runtime/plain/document.h"
#include "runtime/plain/value.h"

namespace exm::plain {

/// What stands in `$0`, `$1`, … and in `$name`.
struct Slots {
  std::vector<std::string> objects;
  Json args = Json::object();
};

/// The text with its slots filled; `$$` is a dollar sign.
std::string fill(const std::string& text, const Slots& slots);

Value read_constant(const Json& json, const Slots& slots = {});

/// By its name, the number of a variable.
using Variables = std::map<std::string, int>;
int number_of(const Variables& variables, const std::string& name);
Formula read_formula(const Json& json, const Slots& slots, const Variables& variables);

}  // namespace exm::plain
