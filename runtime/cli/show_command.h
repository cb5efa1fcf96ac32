// `show`: a plan file in another form. Entry point: show_plan_file.
#pragma once

#include <string>
#include <vector>

#include "runtime/plan/plan.h"
#include "runtime/result.h"

namespace exm {

/// The forms that there are.
const std::vector<std::string>& show_formats();

/// A plan in one of the forms, or why there is none of it in that form; coloured only where standard output shows it and `to_terminal` is set.
Result<std::string> show_plan(const plan::Plan& plan, const std::string& format, bool to_terminal);

/// `step` empty: the whole plan; else that step and its whys.
int show_plan_file(const std::string& plan, const std::string& format, const std::string& step);

}  // namespace exm
