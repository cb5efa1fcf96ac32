// Text to a JSON value, for plan_json.cpp only: nested no deeper than plans are, no key twice, in time that grows with the
// length of the text.
#pragma once

#include <optional>
#include <string_view>

#include "runtime/plan/read_json.h"

namespace exm::plan {

/// Nothing, and a failure in `reading`, where the text is not that.
std::optional<Json> parse_json(std::string_view text, Reading& reading);

}  // namespace exm::plan
