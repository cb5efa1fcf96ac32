// Which wishes have to be planned together? Those that would write the same variable are one group; groups that meet in a rule,
// in what they use or read, or on a host, are one component. Components have nothing to do with each other.
#pragma once

#include <cstdint>
#include <vector>

#include "compiler/solve/relevance.h"

namespace exm::planning {

using Group = std::vector<std::uint32_t>;  // wishes
using Component = std::vector<Group>;

std::vector<Component> components(const Model& model);

}  // namespace exm::planning
