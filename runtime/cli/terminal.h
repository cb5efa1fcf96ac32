// Lines for a person: how a run goes on, how it ended; with colour only where a terminal shows it.
// Entry points: Terminal, record_line.
#pragma once

#include <optional>
#include <string>

#include "runtime/cli/board.h"
#include "runtime/run/progress.h"
#include "runtime/run/run.h"

namespace exm {

/// What the two standard streams can do. NO_COLOR is obeyed.
struct Terminal {
  bool colour = false;       // on standard output
  bool screen = false;       // standard output is a terminal on which lines can be drawn anew
  bool person = false;       // somebody sits at standard input and sees standard error
};
Terminal look_at_terminal();

/// The size of the terminal on standard output, as of now; 80 by 24 where nobody knows.
Screen screen_size();

/// One line of progress, or none where a person need not see it.
std::optional<std::string> record_line(const plan::Plan& plan, const Record& record, bool colour);

/// The last lines of a run. `journal` is for the advice on how to go on.
std::string outcome_text(const Outcome& outcome, const std::string& journal);

}  // namespace exm
