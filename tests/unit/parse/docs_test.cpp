// What the documents show of the language can be parsed.
#include "compiler/parse/parse.h"
#include "tests/cases/case_runner.h"

using namespace exm;

namespace {
std::vector<std::string> fenced_blocks(const std::string& text) {
  std::vector<std::string> blocks;
  const std::string fence = "```exm\n";
  for (std::size_t at = text.find(fence); at != std::string::npos; at = text.find(fence, at)) {
    at += fence.size();
    const std::size_t end = text.find("```", at);
    if (end == std::string::npos) break;
    blocks.push_back(text.substr(at, end - at));
    at = end;
  }
  return blocks;
}
}  // namespace

TEST_CASE("docs: each fenced block of exm is parsed") {
  std::size_t blocks = 0;
  for (const char* file : {"/grammar/README.md", "/README.md", "/docs/modelling.md", "/stdlib/README.md"})
    for (const std::string& block : fenced_blocks(cases::read_file(EXM_SOURCE_DIR + std::string(file)))) {
      INFO(file << "\n" << block);
      Sources sources;
      sources.add({file, block});
      Diagnostics diagnostics;
      parse(sources, 0, diagnostics);
      CHECK(cases::short_diagnostics(sources, diagnostics).empty());
      ++blocks;
    }
  CHECK(blocks >= 11);
}
