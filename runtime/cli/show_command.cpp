#include "runtime/cli/show_command.h"

#include <functional>
#include <iostream>
#include <utility>

#include "runtime/cli/exit_codes.h"
#include "runtime/cli/input.h"
#include "runtime/cli/playbook.h"
#include "runtime/cli/script.h"
#include "runtime/cli/terminal.h"
#include "runtime/show/ansible.h"
#include "runtime/show/graph.h"
#include "runtime/show/html.h"
#include "runtime/show/markdown.h"
#include "runtime/show/text.h"

namespace exm {
namespace {

using Show = std::function<Result<std::string>(const plan::Plan&)>;

const std::vector<std::pair<std::string, Show>>& forms() {
  static const std::vector<std::pair<std::string, Show>> list{
      {"text", [](const plan::Plan& plan) { return show_text(plan, {look_at_terminal().colour, 80, true}); }},
      {"json", to_json},
      {"powershell", script_of},
      {"ansible", ansible_of},
      {"ansible-inventory", show_ansible_inventory},
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

Result<std::string> show_plan(const plan::Plan& plan, const std::string& format, bool to_terminal) {
  if (format == "text" && !to_terminal) return show_text(plan, {false, 80, true});
  for (const auto& [name, show] : forms())
    if (name == format) return show(plan);
  return std::string();
}

int show_plan_file(const std::string& plan, const std::string& format, const std::string& step) {
  auto loaded = load_plan(plan);
  if (!loaded) {
    std::cerr << loaded.error().message << "\n";
    return exit_code_of(loaded.error());
  }
  if (!step.empty()) {
    const auto told = explain_step(loaded->plan, step, {look_at_terminal().colour, 80, true});
    if (!told) {
      std::cerr << plan << ": the plan has no step `" << step << "`; `show " << plan << "` lists them\n";
      return exit_usage;
    }
    std::cout << *told;
    return exit_done;
  }
  for (const auto& [name, show] : forms()) {
    if (name != format) continue;
    const auto text = show(loaded->plan);
    if (!text) {
      std::cerr << plan << ": " << text.error().message << "\n";
      return exit_code_of(text.error());
    }
    std::cout << *text;
  }
  return exit_done;
}

}  // namespace exm
