// The quoting of each command language, in one place: whoever shows or runs a command makes its text here and nowhere else.
// Entry points: quote (one value), render (a whole command).
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "runtime/plan/plan.h"

namespace exm::plan {

/// A value as a complete literal of the language: "powershell", "shell" (POSIX), or anything else as plain text for a person.
/// Whatever the value holds, the literal is one word of data: nothing in it is expanded or ends it.
std::string quote(std::string_view language, const Value& value);

/// The finished text of a command. Text and values are made here; every other piece (an object, an argument, a secret, the
/// time at which the run began) is what `piece_text` makes of it, quoting included.
std::string render(const Text& text, std::string_view language,
                   const std::function<std::string(const Piece&)>& piece_text);

/// The same for a reader: what is not known before the run stands in angle brackets.
std::string render(const Text& text, std::string_view language);

}  // namespace exm::plan
