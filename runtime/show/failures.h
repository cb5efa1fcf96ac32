// What happens if a step fails: a sentence for each way back that a plan has. Entry point: failures.
#pragma once

#include <string>
#include <vector>

#include "runtime/plan/plan.h"

namespace exm::show {

/// Steps with the same way back, or one that is the same but for names, share a line.
std::vector<std::string> failures(const plan::Plan& plan);

/// "Stays open: EX3.build is unknown", or that nothing does.
std::string open_words(const plan::Retreat& retreat, const plan::Step& step, std::size_t most);

}  // namespace exm::show
