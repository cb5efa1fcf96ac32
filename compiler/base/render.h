// Diagnostics for people (with carets), and for machines.
#pragma once

#include <string>

#include "compiler/base/diagnostics.h"

namespace exm {

enum class Colour { off, on };

/// error[EXM0201]: unknown kind `servr` / --> file:line:column / the line and a caret / labels / hints.
std::string render_text(const Sources&, const Diagnostics&, Colour);
std::string render_json(const Sources&, const Diagnostics&);
std::string render_sarif(const Sources&, const Diagnostics&);
std::string render_github(const Sources&, const Diagnostics&);

}  // namespace exm
