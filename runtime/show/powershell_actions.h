// The actions of a script: for each template of the plan the functions that look, check and act. Entry points: actions,
// action_functions.
#pragma once

#include <string>
#include <vector>

#include "runtime/show/powershell_expressions.h"

namespace exm::show {

/// The actions that the plan's steps and the ways back from them take, fallbacks included, in the order in which they first occur.
std::vector<Action> actions(const plan::Plan& plan);

/// The functions of one action.
std::string action_functions(const Action& action);

/// The entry of one action in the table of all: how it is run.
std::string action_entry(const Action& action);

/// A prelude as a script block.
std::string prelude_block(const plan::Text& text);

/// All assignments of an effect, in the order written.
std::vector<const plan::Assignment*> assignments(const plan::Effect& effect);

/// A text for a comment: one line that cannot end the comment, and begins no section of a help text.
std::string comment(std::string_view text);

/// Whether the script runs the template's command itself; else a person does, or nobody.
bool has_command(const plan::Template& shape);

}  // namespace exm::show
