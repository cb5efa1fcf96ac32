// How near a valid plan comes to breaking what it keeps: headroom of each count, and what one fault more would break,
// from which step to which. `survey` is the entry;
// `verify` does the same on its way where its bounds say so.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "runtime/plan/plan.h"
#include "runtime/verify/evaluate.h"
#include "runtime/verify/verdict.h"

namespace exm {

/// So many states are looked at where nothing else is said.
inline constexpr std::uint64_t usual_survey_states = 200'000;

/// Fills in the headroom and exposure of a verdict that is valid; of another it says nothing. `observed` and `done` as for
/// `verify`. It looks at so many states in all, and says where it ended.
void survey(const plan::Plan& plan, const World& observed, const std::set<std::string>& done, Verdict& verdict,
            std::uint64_t most_states = usual_survey_states);
/// From the plan's own start.
void survey(const plan::Plan& plan, Verdict& verdict);

/// As sentences: "From 1b to 1j, host_lost EX4 would break enough_hosts_serve." What repeats for other objects is counted.
std::vector<std::string> survey_sentences(const Verdict& verdict);

}  // namespace exm
