// Golden cases: a .exm file is the input, its tail after a line `# EXPECT` what a stage makes of it, each line behind "# ".
// A case named bad-* must give an error, any other must not. With EXM_BLESS=1 the tails are written anew. Entry: run_cases.
#pragma once

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <sstream>
#include <string>
#include <vector>

#include "compiler/base/diagnostics.h"

namespace exm::cases {

inline std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

/// Every file under the folder with that extension, in the order of their paths.
inline std::vector<std::filesystem::path> files_under(const std::filesystem::path& folder, std::string_view extension = ".exm") {
  std::vector<std::filesystem::path> found;
  if (!std::filesystem::exists(folder)) return found;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder))
    if (entry.is_regular_file() && entry.path().extension() == extension) found.push_back(entry.path());
  std::sort(found.begin(), found.end());
  return found;
}

struct Case {
  std::string input;     // with the line `# EXPECT`, so that offsets are those of the file
  std::string expected;  // without the "# "
};

constexpr std::string_view expect_line = "# EXPECT\n";

inline Case read_case(const std::string& text) {
  const std::size_t at = text.rfind(expect_line);
  if (at == std::string::npos || (at > 0 && text[at - 1] != '\n')) return {text, ""};
  Case read{text.substr(0, at), ""};
  std::istringstream tail(text.substr(at + expect_line.size()));
  for (std::string line; std::getline(tail, line);) read.expected += (line.size() > 2 ? line.substr(2) : "") + "\n";
  return read;
}

inline std::string with_tail(const std::string& input, const std::string& output) {
  std::string text = input + std::string(expect_line);
  std::istringstream lines(output);
  for (std::string line; std::getline(lines, line);) text += line.empty() ? "#\n" : "# " + line + "\n";
  return text;
}

/// "error[EXM0201] 3:10: unknown pool `missing`", with labels and hints indented below it.
inline std::string short_diagnostics(const Sources& sources, const Diagnostics& diagnostics) {
  const auto place = [&](Span span) {
    const LineColumn at = line_column(sources[span.source].text, span.begin);
    const std::string file = span.source == 0 ? "" : sources[span.source].path + ":";
    return file + std::to_string(at.line) + ":" + std::to_string(at.column);
  };
  std::string text;
  for (const Diagnostic& d : diagnostics.all()) {
    const char* word = d.severity == Severity::error ? "error" : d.severity == Severity::warning ? "warning" : "notice";
    text += std::string(word) + "[" + std::string(d.id) + "] " + place(d.span) + ": " + d.message + "\n";
    for (const Label& label : d.labels) text += "  " + place(label.span) + ": " + label.text + "\n";
    for (const std::string& hint : d.hints) text += "  help: " + hint + "\n";
  }
  return text;
}

/// What a stage makes of the sources (the case is number 0): its dump, or nothing where there are errors. It may add sources.
using Stage = std::function<std::string(Sources&, Diagnostics&)>;

inline void run_cases(const std::filesystem::path& folder, const Stage& stage) {
  const std::vector<std::filesystem::path> files = files_under(folder);
  REQUIRE_FALSE(files.empty());
  const char* bless = std::getenv("EXM_BLESS");
  for (const auto& path : files) {
    INFO(path.string());
    const Case read = read_case(read_file(path));
    Sources sources;
    sources.add({path.filename().string(), read.input});
    Diagnostics diagnostics;
    const std::string dump = stage(sources, diagnostics);
    diagnostics.sort();
    const bool must_fail = path.filename().string().rfind("bad-", 0) == 0;
    CHECK(must_fail == !diagnostics.ok());
    const std::string output = short_diagnostics(sources, diagnostics) + dump;
    if (bless != nullptr && std::string_view(bless) == "1") {
      std::ofstream(path, std::ios::binary) << with_tail(read.input, output);
    } else {
      CHECK(output == read.expected);
    }
  }
}

}  // namespace exm::cases
