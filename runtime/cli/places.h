// Where the steps and rules of a plan stand in its file. Entry point: places_in.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "runtime/verify/verdict_json.h"

namespace exm {

struct PlanPlaces {
  std::map<std::string, Place> steps, rules;  // by id
};

/// Of a file that is laid out as `exm` does, a step or rule a line; none of another.
PlanPlaces places_in(std::string_view text, const std::string& file);

}  // namespace exm
