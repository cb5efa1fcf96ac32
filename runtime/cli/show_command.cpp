#include "runtime/cli/show_command.h"

#include <functional>
#include <iostream>
#include <utility>

#include "runtime/cli/exit_codes.h"
#include "runtime/cli/input.h"
#include "runtime/show/powershell.h"

namespace exm {
namespace {

using Show = std::function<std::string(const plan::Plan&)>;

const std::vector<std::pair<std::string, Show>>& forms() {
  static const std::vector<std::pair<std::string, Show>> list{
      {"json", to_json},
      {"powershell", show_powershell},
  };
  return list;
}

}  // namespace

const std::vector<std::string>& show_formats() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> list;
    for (const auto& [name, show] : forms()) list.push_back(name);
    return list;
  }();
  return names;
}

int show_plan_file(const std::string& plan, const std::string& format, const std::string& step) {
  auto loaded = load_plan(plan);
  if (!loaded) {
    std::cerr << loaded.error().message << "\n";
    return exit_code_of(loaded.error());
  }
  (void)step;
  for (const auto& [name, show] : forms())
    if (name == format) std::cout << show(loaded->plan);
  return exit_done;
}

}  // namespace exm
