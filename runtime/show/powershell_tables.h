// What a script knows of one plan: its world, hosts, actions and steps, as tables of literals. Entry point: tables.
#pragma once

#include <string>
#include <vector>

#include "runtime/show/powershell.h"
#include "runtime/show/powershell_actions.h"

namespace exm::show {

/// The plan's steps in one order that the graph allows.
std::vector<const plan::Step*> in_sequence(const plan::Plan& plan, ScriptOrder which = ScriptOrder::by_time);

/// A text of a template with the step's objects and arguments in it: in a path by path, in a title by name.
std::string filled(const std::string& text, const plan::Step& step, Slot slot);

/// A name that every file system takes.
std::string file_name(const std::string& text);

/// A step as a row of a table, four spaces before it. `ask` are the questions to a person before it, as an array.
std::string step_row(const plan::Plan& plan, const plan::Step& step, const std::vector<Action>& actions, const std::string& ask);

/// Likewise, with the questions of its action alone.
std::string step_row(const plan::Plan& plan, const plan::Step& step, const std::vector<Action>& actions);

std::string tables(const plan::Plan& plan, const std::vector<Action>& actions);

}  // namespace exm::show
