// `fmt` and `explain`. Entry points: format_files, explain_code.
#pragma once

#include <string>
#include <vector>

namespace exm {

/// Rewrites the files in the one style; with `only_check` says which are not in it, and changes nothing.
int format_files(const std::vector<std::string>& files, bool only_check);

int explain_code(const std::string& code);

}  // namespace exm
