// What the documents show can be parsed, and what they point at is there.
#include <catch2/catch.hpp>

#include <filesystem>
#include <regex>

#include "compiler/parse/parse.h"
#include "tests/cases/case_runner.h"
#include "tests/house/house.h"

using namespace exm;
using namespace exm::house;

namespace {

const std::vector<std::string> documents = {"README.md", "grammar", "stdlib", "compiler", "docs", "examples", "editors"};

/// The blocks between a line ```exm and the next ```; those marked ```exm fragment are parts of something.
std::vector<std::string> fenced_blocks(const std::string& path) {
  std::vector<std::string> blocks;
  bool inside = false;
  for (const std::string& line : lines_of(path)) {
    if (inside && line == "```") {
      inside = false;
    } else if (inside) {
      blocks.back() += line + "\n";
    } else if (line == "```exm") {
      inside = true;
      blocks.emplace_back();
    }
  }
  return blocks;
}

}  // namespace

TEST_CASE("docs: each fenced block of exm is parsed") {
  std::size_t blocks = 0;
  for (const std::string& path : source_files(documents, {".md"}))
    for (const std::string& block : fenced_blocks(path)) {
      INFO(path << "\n" << block);
      Sources sources;
      sources.add({path, block});
      Diagnostics diagnostics;
      parse(sources, 0, diagnostics);
      CHECK(cases::short_diagnostics(sources, diagnostics).empty());
      ++blocks;
    }
  CHECK(blocks >= 11);
}

TEST_CASE("docs: a link to a file leads somewhere") {
  static const std::regex link("\\]\\(([^)#:]+)(#[^)]*)?\\)");
  for (const std::string& path : source_files(documents, {".md"})) {
    const std::string text = text_of(path);
    for (std::sregex_iterator at(text.begin(), text.end(), link), end; at != end; ++at) {
      INFO(path << " links " << (*at)[1]);
      CHECK(std::filesystem::exists((std::filesystem::path(EXM_SOURCE_DIR) / path).parent_path() / (*at)[1].str()));
    }
  }
}
