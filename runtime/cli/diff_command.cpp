#include "runtime/cli/diff_command.h"

#include <iostream>

#include "runtime/cli/exit_codes.h"
#include "runtime/cli/input.h"
#include "runtime/diff/diff.h"

namespace exm {

int diff_plans(const std::string& before, const std::string& now, const std::string& format) {
  if (before == "-" && now == "-") {
    std::cerr << "exm diff: only one of the plans can be read from standard input\n";
    return exit_usage;
  }
  const auto first = load_plan(before), second = load_plan(now);
  for (const auto* loaded : {&first, &second}) {
    if (*loaded) continue;
    std::cerr << loaded->error().message << "\n";
    return exit_code_of(loaded->error());
  }
  const auto difference = compare_plans(first->plan, second->plan);
  std::cout << (format == "json" ? difference_json(difference, first->plan, second->plan) : difference_text(difference));
  return exit_done;
}

}  // namespace exm
