#include "compiler/cli/tool_commands.h"

#include <algorithm>
#include <cctype>
#include <fstream>
#include <iostream>

#include "compiler/base/explain.h"
#include "compiler/cli/request.h"
#include "compiler/driver/load.h"
#include "compiler/parse/format.h"
#include "compiler/parse/parse.h"
#include "runtime/cli/exit_codes.h"
#include "runtime/verify/verdict.h"

namespace exm {

namespace {

bool replace_file(const std::string& path, const std::string& text) {
  const std::string part = path + ".part";
  std::ofstream out(part, std::ios::binary | std::ios::trunc);
  out << text;
  out.close();
  if (out.good() && std::rename(part.c_str(), path.c_str()) == 0) return true;
  std::remove(part.c_str());
  return false;
}

int format_file(const std::string& path, bool only_check) {
  const auto text = read_file(path);
  if (!text) return exit_code_of({text.error().kind, path + ": " + text.error().message}, "fmt");
  Sources sources;
  const auto source = sources.add({path, *text});
  Diagnostics diagnostics;
  const ast::File file = parse(sources, source, diagnostics);
  if (!diagnostics.ok()) {
    print_diagnostics(sources, diagnostics, "text");
    return exit_refuted;
  }
  const std::string formatted = format(sources, file);
  if (path == "-" && !only_check) {
    std::cout << formatted;
    return exit_done;
  }
  if (formatted == *text) return exit_done;
  if (only_check) {
    std::cerr << path << ": not in the style of `exm fmt`\n";
    return exit_refuted;
  }
  if (replace_file(path, formatted)) return exit_done;
  std::cerr << "exm fmt: cannot write `" << path << "`\n";
  return exit_environment;
}

}  // namespace

int format_files(const std::vector<std::string>& files, bool only_check) {
  int worst = exit_done;
  for (const auto& path : files) worst = std::max(worst, format_file(path, only_check));
  return worst;
}

int explain_code(const std::string& code) {
  std::string wanted;
  for (char c : code) wanted += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  if (const auto text = explain(wanted)) {
    std::cout << wanted << "\n\n" << *text << "\n";
    return exit_done;
  }
  for (const auto& known : verdict_codes())
    if (known.id == wanted) {
      std::cout << wanted << "\n\n" << known.title << ". `exm verify` says this of a plan file (clause " << known.clause
                << " of what makes a plan valid), with the step, the rule and the shortest way there.\n";
      return exit_done;
    }
  std::cerr << "exm explain: there is no code `" << code << "`; codes look like EXM0201 and stand in the brackets of a message\n";
  return exit_usage;
}

}  // namespace exm
