// `resume --retreat`: the way back that a plan has recorded for a step that was cut off, taken once what was observed
// allows it. Entry point: retreat.
#pragma once

#include "runtime/run/run.h"

namespace exm {

/// Goes back from the one step that was cut off, or goes on with that. Nothing is run where its command may go on still,
/// where several steps were cut off, or where the retreat is not valid from what the probes show.
Outcome retreat(const plan::Plan& plan, Adapter& adapter, Journal& journal, std::stop_token stop,
                const RunOptions& options);

}  // namespace exm
