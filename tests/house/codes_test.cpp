// Every code is seen by some test, and explained; the table of exit codes is one.
#include <catch2/catch.hpp>

#include <map>
#include <regex>
#include <set>

#include "compiler/base/diagnostics.h"
#include "compiler/base/explain.h"
#include "runtime/verify/verdict.h"
#include "tests/house/house.h"

using namespace exm;
using namespace exm::house;

namespace {

/// Codes that no test can bring about yet, each with the reason.
const std::map<std::string, std::string> unseen = {
};

std::set<std::string> codes_in_tests() {
  static const std::regex code("EXM0[0-9]{3}");
  std::set<std::string> found;
  for (const std::string& path : source_files({"tests", "examples"})) {
    if (path.rfind("tests/house/", 0) == 0 || path.rfind("tests/fuzz/", 0) == 0) continue;
    const std::string text = text_of(path);
    for (std::sregex_iterator at(text.begin(), text.end(), code), end; at != end; ++at) found.insert(at->str());
  }
  return found;
}

/// The rows of the first table of the text whose first column is a number: number to words.
std::map<int, std::string> numbered_rows(const std::string& text) {
  static const std::regex row("\\n\\| (\\d+) \\| ([^|\\n]*[^| \\n]) *\\|");
  std::map<int, std::string> rows;
  for (std::sregex_iterator at(text.begin(), text.end(), row), end; at != end; ++at) rows[std::stoi((*at)[1])] = (*at)[2];
  return rows;
}

}  // namespace

TEST_CASE("codes: each is seen by some test") {
  const auto seen = codes_in_tests();
  std::set<std::string> all;
  for (const CodeInfo& info : all_codes()) all.emplace(info.id);
  for (const VerdictCode& verdict : verdict_codes()) all.emplace(verdict.id);
  for (const std::string& id : all) {
    INFO(id);
    CHECK((seen.count(id) > 0) != (unseen.count(id) > 0));
  }
}

TEST_CASE("codes: each of the compiler is explained, with its own text") {
  std::set<std::string_view> texts;
  for (const CodeInfo& info : all_codes()) {
    INFO(info.id);
    const auto text = explain(info.id);
    REQUIRE(text);
    CHECK(text->size() > 60);
    CHECK(texts.insert(*text).second);
  }
}

TEST_CASE("exit codes: the README's table is that of the header") {
  static const std::regex line("\\s*exit_(\\w+) = (\\d+),\\s*(?:// (.*))?");
  std::map<int, std::string> header;
  for (const std::string& text : lines_of("runtime/cli/exit_codes.h")) {
    std::smatch found;
    if (std::regex_match(text, found, line)) header[std::stoi(found[2])] = found[3];
  }
  CHECK(header.size() == 9);
  const auto readme = numbered_rows(text_of("README.md"));
  for (const auto& [code, words] : header) {
    INFO("exit code " << code);
    REQUIRE(readme.count(code) == 1);
    if (!words.empty()) CHECK(readme.at(code) == words);
  }
  CHECK(readme.size() == header.size());
}
