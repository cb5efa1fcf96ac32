// `exm fmt`: one style, no options. Every comment stays, lines stay where their author broke them, and the result reads
// as the same tree.
#pragma once

#include <string>

#include "compiler/parse/ast.h"

namespace exm {

/// The text of the file in the one style. A file that has syntax errors is given back as it is: look at the diagnostics first.
std::string format(const Sources& sources, const ast::File& file);

}  // namespace exm
