#include "runtime/cli/show_command.h"

#include <functional>
#include <iostream>
#include <utility>

#include "runtime/cli/exit_codes.h"
#include "runtime/cli/input.h"
#include "runtime/cli/terminal.h"
#include "runtime/show/graph.h"
#include "runtime/show/html.h"
#include "runtime/show/markdown.h"
#include "runtime/show/powershell.h"
#include "runtime/show/text.h"

namespace exm {
namespace {

using Show = std::function<std::string(const plan::Plan&)>;

const std::vector<std::pair<std::string, Show>>& forms() {
  static const std::vector<std::pair<std::string, Show>> list{
      {"text", [](const plan::Plan& plan) { return show_text(plan, {look_at_terminal().colour, 80, true}); }},
      {"json", to_json},
      {"powershell", show_powershell},
      {"markdown", show_markdown},
      {"html", show_html},
      {"dot", show_dot},
      {"mermaid", show_mermaid},
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
  if (!step.empty()) {
    const std::string told = show_step(loaded->plan, step);
    if (told.empty()) {
      std::cerr << "There is no step `" << step << "` in this plan; `exm show` lists them all.\n";
      return exit_refuted;
    }
    std::cout << told;
    return exit_done;
  }
  for (const auto& [name, show] : forms())
    if (name == format) std::cout << show(loaded->plan);
  return exit_done;
}

}  // namespace exm
