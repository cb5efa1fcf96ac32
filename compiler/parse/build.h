// From recognised nodes to the syntax tree: ordinary recursive functions, one per form. Recursion is bounded: by
// max_nesting where nodes nest, by max_depth where operators without brackets follow each other.
#pragma once

#include "compiler/base/diagnostics.h"
#include "compiler/parse/tree.h"

namespace exm::parsing {

ast::Declaration build_declaration(const std::vector<Node>& nodes, std::string_view text, std::uint32_t source,
                                   const std::vector<ast::Comment>& comments, Diagnostics& diagnostics);

}  // namespace exm::parsing
