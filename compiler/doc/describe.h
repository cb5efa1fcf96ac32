// A module's page, from its syntax tree: what there is, what can be done, what must never be, and what that rests on. Entry points: describe,
// describe_all.
#pragma once

#include <span>
#include <string>

#include "compiler/base/source.h"
#include "compiler/doc/page.h"
#include "compiler/parse/ast.h"

namespace exm::doc {

struct Module {
  std::string name;  // "exchange.cas", or the path of a file
  const ast::File* file = nullptr;
};

/// The page of `which`. `all` are the modules that it knows too: where the actions and kinds that it extends are declared.
Page describe(const Sources& sources, std::span<const Module> all, const Module& which);

/// The page that leads to those of all.
Page describe_all(const Sources& sources, std::span<const Module> all);

}  // namespace exm::doc
