// One entry of a run's log: what the journal keeps, what `--format json` prints a line of, what progress shows.
// Entry points: record_to_json, record_from_json.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "runtime/adapter/adapter.h"
#include "runtime/adapter/effects.h"
#include "runtime/run/step_state.h"

namespace exm {

struct Record {
  enum class Kind {
    started,     // text: the adapter
    resumed,     // text: the adapter; values: what was seen again of what had been other than planned
    transition,  // step, state, attempt; text: why; values: what the probes showed
    drift,       // step; text: the difference
    approved,    // text: the gate's id
    decided,     // step; text: done or again
    note,        // step or none; text
    retreat,     // the step that was cut off; text: what it does; values: where the world differs from the plan's start
    lease,       // the step that a timer is left for; text: what becomes of it; values: what it puts back
    ended,       // text: the outcome
  };
  Kind kind = Kind::note;
  Milliseconds at = 0;
  std::string step;
  StepState state = StepState::pending;
  int attempt = 0;
  std::string text;
  World values;
};

/// Compact, keys sorted, times in UTC: {"at": "2026-11-24T02:00:00.000Z", "event": "transition", "step": "1a", …}
std::string record_to_json(const Record& record);
std::optional<Record> record_from_json(std::string_view json);

/// "2026-11-24T02:00:00.000Z"
std::string utc_text(Milliseconds time);

}  // namespace exm
