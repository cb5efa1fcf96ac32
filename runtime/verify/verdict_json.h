// The verdict for machines. `verdict_report` is the entry.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "runtime/verify/verdict.h"

namespace exm {

enum class ReportFormat { json, sarif, github, junit, tap };

/// The format that a word on the command line means.
std::optional<ReportFormat> report_format(std::string_view word);

/// The verdict on the plan in `file`, ending with a newline where there is any text.
std::string verdict_report(const Verdict& verdict, const std::string& file, ReportFormat format);

}  // namespace exm
