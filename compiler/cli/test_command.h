// `test`: runs the `test` declarations of some files. Entry point: test_files.
#pragma once

#include <string>

#include "compiler/cli/request.h"

namespace exm {

/// `format`: "text", "json", "junit" or "tap".
int test_files(const RequestArguments& arguments, const std::string& format, bool with_coverage);

}  // namespace exm
