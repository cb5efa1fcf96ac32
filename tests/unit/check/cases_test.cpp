// Runs every file of tests/cases/check: what stands after `# EXPECT` is what check says of what stands before it, as
// diagnostics for bad-*, as the program for the others. EXM_BLESS=1 writes it anew.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "compiler/check/check.h"
#include "compiler/check/program_dump.h"
#include "compiler/parse/parse.h"

namespace {

using namespace exm;

std::string read(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::string at(const Sources& sources, Span span) {
  const LineColumn place = line_column(sources[span.source].text, span.begin);
  return std::to_string(place.line) + ":" + std::to_string(place.column);
}

std::string shown(const Sources& sources, const Diagnostics& diagnostics) {
  std::string text;
  for (const Diagnostic& d : diagnostics.all()) {
    const char* severity = d.severity == Severity::error ? "error" : d.severity == Severity::warning ? "warning" : "notice";
    text += std::string(severity) + "[" + std::string(d.id) + "] " + at(sources, d.span) + ": " + d.message + "\n";
    for (const Label& label : d.labels) text += "  " + at(sources, label.span) + ": " + label.text + "\n";
    for (const std::string& hint : d.hints) text += "  hint: " + hint + "\n";
  }
  return text;
}

std::string commented(const std::string& text) {
  std::istringstream lines(text);
  std::string result;
  for (std::string line; std::getline(lines, line);) result += line.empty() ? "#\n" : "# " + line + "\n";
  return result;
}

/// `# SET name=value` and `# STATE path=value` lines.
Settings settings_of(const std::string& text) {
  Settings settings;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    for (auto& [word, values] : {std::pair("# SET ", &settings.params), std::pair("# STATE ", &settings.state)}) {
      const std::size_t equals = line.find('=');
      if (line.rfind(word, 0) != 0 || equals == std::string::npos) continue;
      const std::size_t length = std::string_view(word).size();
      (*values)[line.substr(length, equals - length)] = line.substr(equals + 1);
    }
  }
  settings.module_of = [](std::string_view kind) { return kind == "nlb" ? std::string("nlb") : std::string(); };
  return settings;
}

struct Checked {
  std::string text;
  bool ok = true;
  bool parsed = true;
};

Checked checked(const std::string& name, const std::string& input) {
  Sources sources;
  Diagnostics diagnostics;
  const std::uint32_t source = sources.add({name, input});
  const std::vector<ast::File> files = {parse(sources, source, diagnostics)};
  const bool parsed = diagnostics.ok();
  const program::Program program = check(sources, files, settings_of(input), diagnostics);
  diagnostics.sort();
  const std::string warnings = shown(sources, diagnostics);
  return {diagnostics.ok() ? warnings + dump(program) : warnings, diagnostics.ok(), parsed};
}

TEST_CASE("the cases of check") {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(std::string(EXM_SOURCE_DIR) + "/tests/cases/check"))
    if (entry.path().extension() == ".exm") paths.push_back(entry.path());
  std::sort(paths.begin(), paths.end());
  REQUIRE(paths.size() > 30);
  const bool bless = std::getenv("EXM_BLESS") != nullptr;
  for (const auto& path : paths) {
    INFO(path.string());
    const std::string text = read(path);
    const std::size_t tail = text.find("# EXPECT\n");
    const std::string input = text.substr(0, tail);
    const Checked result = checked(path.filename().string(), input);
    INFO(result.text);
    CHECK(result.parsed);
    CHECK(result.ok == (path.filename().string().rfind("bad-", 0) != 0));
    const std::string expected = input + "# EXPECT\n" + commented(result.text);
    if (bless) std::ofstream(path, std::ios::binary) << expected;
    else CHECK(text == expected);
  }
}

TEST_CASE("every code of check has a case") {
  std::string all;
  for (const auto& entry : std::filesystem::directory_iterator(std::string(EXM_SOURCE_DIR) + "/tests/cases/check"))
    if (entry.path().filename().string().rfind("bad-", 0) == 0) all += read(entry.path());
  for (const CodeInfo& code : all_codes()) {
    const bool of_load = code.name == "unknown_module" || code.name == "unreadable_file";  // tests/unit/driver
    if (code.id.substr(0, 5) != "EXM02" || of_load) continue;
    INFO(code.id << " " << code.name);
    CHECK(all.find("[" + std::string(code.id) + "]") != std::string::npos);
  }
}

}  // namespace
