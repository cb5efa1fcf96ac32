// What somebody asks of a run that is under way, from another terminal: a small file beside its journal.
// Entry points: ask_of_run, asked_of_run, forget_request.
#pragma once

#include <string>

#include "runtime/adapter/database.h"
#include "runtime/result.h"

namespace exm {

struct Request {
  enum class Kind {
    go_on,
    pause,  // begin nothing new until told otherwise; what runs goes on
    stop,   // begin nothing new, and end when what runs has ended
  };
  Kind kind = Kind::go_on;
  std::string by;   // "alice@jump1"
  std::string why;  // may be empty
};

/// Refused (usage) where no program runs the journal: then there is nobody to hear it.
Result<Done> ask_of_run(const std::string& journal, const Request& request);

/// What is asked now; a file that can't be read asks for a pause, as whoever wrote it wanted something.
Request asked_of_run(const std::string& journal);

/// For a run that begins, or ends: what was asked of an earlier one is over.
void forget_request(const std::string& journal);

}  // namespace exm
