// Text to syntax tree. Always gives a tree; after an error it goes on with the next declaration.
#pragma once

#include "compiler/base/diagnostics.h"
#include "compiler/parse/ast.h"

namespace exm {

ast::File parse(const Sources& sources, std::uint32_t source, Diagnostics& diagnostics);

}  // namespace exm
