// A checked program in short lines, for goldens and `--stop-after=check`.
#pragma once

#include <string>

#include "compiler/check/program.h"

namespace exm {

std::string dump(const program::Program& program);

}  // namespace exm
