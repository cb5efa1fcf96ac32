// The syntax tree as short s-expressions, one declaration a line: for goldens, for `--stop-after=parse`, and to compare trees.
#pragma once

#include <string>

#include "compiler/parse/ast.h"

namespace exm {

std::string dump(const ast::File& file);
std::string dump(const ast::Expr& expression);

}  // namespace exm
