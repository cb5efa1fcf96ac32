// For `verify --against`: was the plan compiled from just these files? Entry points: compare_with_files, source_differences.
#pragma once

#include <string>
#include <vector>

#include "runtime/cli/commands.h"

namespace exm {

/// In what the files that are there differ from those that a plan was made from.
std::vector<std::string> source_differences(const std::vector<plan::SourceFile>& files, const std::vector<plan::SourceFile>& of_plan);

Result<Comparison> compare_with_files(const plan::Plan& plan, const CompiledFrom& from);

}  // namespace exm
