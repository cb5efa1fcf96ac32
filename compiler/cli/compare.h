// For `verify --against`: was the plan compiled from just these files? Entry point: compare_with_files.
#pragma once

#include <string>
#include <vector>

#include "runtime/cli/commands.h"

namespace exm {

Result<Comparison> compare_with_files(const plan::Plan& plan, const std::vector<std::string>& files, const std::string& modules);

}  // namespace exm
