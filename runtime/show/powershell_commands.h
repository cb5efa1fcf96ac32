// Commands of a plan as PowerShell script blocks. What they are about comes in as parameters of the block; values of the
// plan are literals. Entry points: command_block, person_text.
#pragma once

#include <string>
#include <vector>

#include "runtime/show/powershell_expressions.h"

namespace exm::show {

struct Block {
  std::string head;       // the lines that begin the block
  std::string arguments;  // an array, for outside the block
  std::string body;
};

Block command_block(const plan::Text& text, const Action& action);

/// What a person is asked to do: the text for a person, or else the command in a language that PowerShell does not run.
std::string person_text(const Action& action);

/// Where a command runs: the path of a host, or 'controller'.
std::string place(const plan::Command& command, const Action& action);

/// The objects that a step's fallback is about.
std::vector<std::string> fallback_objects(const plan::Fallback& fallback, const plan::Step& step);

/// Lines with spaces before them, and none of those that they had in common. A text in which a quotation spans lines stays as it is: spaces would change it.
std::string indented(const std::string& text, std::size_t spaces);

}  // namespace exm::show
