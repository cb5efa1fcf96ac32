// What the looks of a step show, as conditions of Ansible: whether a state is a value, and whether a formula is known to hold.
// Entry points: pattern, condition.
#pragma once

#include <optional>
#include <string>

#include "runtime/show/playbook.h"

namespace exm::show {

/// A regular expression (of Python, matched from the begin) for the texts that a look reads as this value; nothing where there is none.
std::optional<std::string> pattern(const PlaybookLook& look, const plan::Value& value);

/// The formula as an expression of Jinja: true where it is known to hold by what the looks of the step showed (`exm_look`). Nothing
/// where Ansible can't tell.
std::optional<std::string> condition(const plan::Expression& formula, const PlaybookStep& step);

}  // namespace exm::show
