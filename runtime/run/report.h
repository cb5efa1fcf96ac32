// What a run leaves behind, in words: which steps did not end, how the environment differs, which rules hold.
// Entry point: report.
#pragma once

#include <string>
#include <vector>

#include "runtime/plan/plan.h"
#include "runtime/run/progress.h"

namespace exm {

std::vector<std::string> report(const plan::Plan& plan, const Progress& progress);

/// The wishes that are not known to hold in that world, in words.
std::vector<std::string> wishes_open(const plan::Plan& plan, const World& world);

}  // namespace exm
