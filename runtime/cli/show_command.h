// `show`: a plan file in another form. Entry point: show_plan_file.
#pragma once

#include <string>
#include <vector>

namespace exm {

/// The forms that there are.
const std::vector<std::string>& show_formats();

/// `step` empty: the whole plan; else that step and its whys.
int show_plan_file(const std::string& plan, const std::string& format, const std::string& step);

}  // namespace exm
