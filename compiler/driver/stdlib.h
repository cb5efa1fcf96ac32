// The modules that `use NAME` can mean: those that were embedded when the program was built, or a folder's in their place.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "runtime/result.h"

namespace exm {

struct Module {
  std::string path;  // what is shown, and what a plan names: "stdlib/exchange/cas.exm" for an embedded one
  std::string text;
};

/// By name: "exchange.cas".
using Modules = std::map<std::string, Module, std::less<>>;

/// Those that are part of the program.
const Modules& stdlib_modules();

/// The same with every `.exm` file below a folder: `acme/portal.exm` is the module `acme.portal`, `nlb.exm` stands for the embedded `nlb`.
Result<Modules> modules_in(const std::string& folder);

/// The module that declares a kind (or an enum) of that name, or "": for Settings::module_of.
std::string module_declaring(const Modules& modules, std::string_view kind);

}  // namespace exm
