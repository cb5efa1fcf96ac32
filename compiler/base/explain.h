// What `exm explain CODE` says. The texts stand in explain.def, one paragraph a code; a test holds it against codes.def.
#pragma once

#include <optional>
#include <string_view>

namespace exm {

/// What the code means, an example, and what to do; nothing where there is no such code.
std::optional<std::string_view> explain(std::string_view code);

}  // namespace exm
