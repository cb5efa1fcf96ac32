// The standard modules, embedded when the program was built.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace exm {

/// Name ("exchange.cas") and text of each, sorted by name.
const std::vector<std::pair<std::string_view, std::string_view>>& stdlib_modules();

/// The module that declares a kind (or an enum) of that name, or "": for Settings::module_of.
std::string module_declaring(std::string_view kind);

}  // namespace exm
