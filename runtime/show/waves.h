// The steps of a plan in waves: those of a wave may all be under way at once, and a wave begins when all of the one before are over.
// Entry points: waves, in_waves.
#pragma once

#include <vector>

#include "runtime/plan/plan.h"

namespace exm::show {

using Waves = std::vector<std::vector<const plan::Step*>>;

/// `wide`: all that may begin. `overlapping`: what begins before the first of the wave ends, by the timeline.
enum class WaveWidth { wide, overlapping };

/// No two of a wave are ordered by the plan, on one host, in two languages, or want one object or more slots than there are; a step of a
/// person is alone. Fewer steps than the plan has: some can never begin.
Waves waves(const plan::Plan& plan, WaveWidth width);

/// The plan in which each step comes after all of the wave before. It has no digest.
plan::Plan in_waves(const plan::Plan& plan, const Waves& waves);

/// The language in which a playbook takes a step: "shell", "powershell" or "person"; where it has no command, that of its probes.
std::string playbook_language(const plan::Template& shape);

}  // namespace exm::show
