// `diff`: what changed from one plan file to another. Entry point: diff_plans.
#pragma once

#include <string>

namespace exm {

/// `format` is text or json. 0 whether they differ or not.
int diff_plans(const std::string& before, const std::string& now, const std::string& format);

}  // namespace exm
