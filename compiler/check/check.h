// Syntax trees to a checked program. Reports all that is wrong; the program is whole only where nothing was reported.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "compiler/base/diagnostics.h"
#include "compiler/check/program.h"
#include "compiler/parse/ast.h"

namespace exm {

/// A plan that was left in the middle: what it was to restore, and what it makes different for good. By the variable's path.
struct Earlier {
  program::Direction direction = program::Direction::on;
  std::map<std::string, std::string> restore;  // "unknown" for what nothing is known of, or what that plan makes
  std::map<std::string, std::string> ends;
};

/// What is given from outside: `--set NAME=VALUE`, and the values of `--state` by the variable's path. Both as text,
/// read by the type of what they are for.
struct Settings {
  std::map<std::string, std::string> params;
  std::map<std::string, std::string> state;  // "unknown" for what could not be observed
  std::optional<Earlier> earlier;            // the plan is made anew, from a state in which another plan was left
  /// The standard module that declares a kind, or "": for the hint at an unknown kind. May be empty.
  std::function<std::string(std::string_view kind)> module_of;
};

program::Program check(const Sources& sources, std::span<const ast::File> files, const Settings& settings, Diagnostics& diagnostics);

}  // namespace exm
