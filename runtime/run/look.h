// A look at the live system: many probes asked at once. Entry point: look.
#pragma once

#include <stop_token>
#include <string>
#include <vector>

#include "runtime/adapter/adapter.h"
#include "runtime/run/probes.h"

namespace exm {

/// What became of a question.
struct Answer {
  enum class Kind {
    said,    // text: what the probe said, raw
    failed,  // text: what went wrong
    silent,  // nothing came
  };
  Kind kind = Kind::silent;
  std::string text;
};

/// Asks all, and waits until they are answered, until nothing has come for a minute, or until it is to stop. One answer for each
/// question, in their order. `step`: for which step it is asked; may be empty. A failure is the adapter's own.
Result<std::vector<Answer>> look(Adapter& adapter, const std::vector<Question>& questions, const std::string& step, const std::stop_token& stop);

}  // namespace exm
