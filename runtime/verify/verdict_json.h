// The verdict for machines. `verdict_report` is the entry.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "runtime/verify/verdict.h"

namespace exm {

enum class ReportFormat { json, sarif, github, junit, tap };

/// The format that a word on the command line means.
std::optional<ReportFormat> report_format(std::string_view word);

/// A line of a file, from 1; the column is 0 where it is not known.
struct Place {
  std::string file;
  int line = 1;
  int column = 0;
};

/// A verdict, and where the things stand that it speaks of.
struct Report {
  std::string name;  // the plan's file
  Verdict verdict;
  std::map<std::string, Place> steps = {};  // by id; in the plan's file
  std::map<std::string, Place> rules = {};  // by id; in the files that the plan was made from, else in its own
  std::string about = {};                   // "what is left of it, from state.json"; empty: the plan from its own start
};

/// All verdicts in one document, ending with a newline where there is any text. JSON has one verdict as it is, several
/// as a list.
std::string verdict_report(std::span<const Report> reports, ReportFormat format);
/// The verdict on the plan in `file`.
std::string verdict_report(const Verdict& verdict, const std::string& file, ReportFormat format);

}  // namespace exm
