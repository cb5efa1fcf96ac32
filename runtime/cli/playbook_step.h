// What a playbook has to know of each step: what the world is like before it by the plan, what is looked at, and what has to be seen.
// Entry point: in_detail.
#pragma once

#include <set>
#include <string>

#include "runtime/show/playbook.h"
#include "runtime/show/waves.h"

namespace exm {

/// The waves in detail, and the ways back from these steps.
show::Playbook in_detail(const plan::Plan& plan, const show::Waves& waves, const std::set<std::string>& ways_back);

}  // namespace exm
