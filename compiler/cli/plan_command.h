// `check` and `plan`. Entry points: check_files, plan_files.
#pragma once

#include <string>

#include "compiler/cli/request.h"

namespace exm {

int check_files(const RequestArguments& arguments, const std::string& format);

struct PlanArguments {
  RequestArguments request;
  std::string format;           // one of show_formats(); empty: what the output is for (see the command's help)
  std::string output;           // a file, or empty for standard output
  std::string stop_after;       // a stage whose result is printed instead, or empty
};

int plan_files(const PlanArguments& arguments);

/// What a compilation made, to where it is to go; `cut_short`: by the time limit. The exit code.
int put_out(const Compilation& made, Diagnostics& diagnostics, const PlanArguments& arguments, bool cut_short);

}  // namespace exm
