// A found plan in short lines, for goldens and `--stop-after=solve`.
#pragma once

#include <string>

#include "compiler/solve/solution.h"

namespace exm {

std::string dump(const task::Task& task, const Found& found);

}  // namespace exm
