// How near a valid plan comes to breaking what it keeps: headroom of each count, and what one fault more would break,
// from which step to which. `survey` is the entry.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "runtime/plan/plan.h"
#include "runtime/verify/evaluate.h"
#include "runtime/verify/verdict.h"

namespace exm {

/// Fills in the headroom and exposure of a verdict that is valid; of another it says nothing. `observed` and `done` as for
/// `verify`. It looks at so many states in all, and says where it ended.
void survey(const plan::Plan& plan, const World& observed, const std::set<std::string>& done, Verdict& verdict,
            std::uint64_t most_states = 200'000);
/// From the plan's own start.
void survey(const plan::Plan& plan, Verdict& verdict);

/// As sentences: "From 1b to 1j, host_lost EX4 would break enough_hosts_serve." What repeats for other objects is counted.
std::vector<std::string> survey_sentences(const Verdict& verdict);

}  // namespace exm
