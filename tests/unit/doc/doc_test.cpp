// Pages of modules: a small one with each form of the language, and those of the standard modules, which lie in docs/modules.
// EXM_BLESS=1 build/test_doc writes all of them anew; their differences are to be read.
#include <catch2/catch.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include "compiler/doc/describe.h"
#include "compiler/driver/load.h"
#include "compiler/parse/parse.h"

using namespace exm;

namespace {

const std::string root = EXM_SOURCE_DIR "/";

std::string text_of(const std::string& path) {
  std::ifstream file(root + path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

bool blessing() {
  const char* bless = std::getenv("EXM_BLESS");
  return bless != nullptr && std::string(bless) == "1";
}

void compare(const std::string& path, const std::string& page) {
  if (blessing()) std::ofstream(root + path, std::ios::binary) << page;
  INFO(path << " is not what the module says: EXM_BLESS=1 build/test_doc writes it anew");
  CHECK(text_of(path) == page);
}

struct Standard {
  Sources sources;
  std::vector<ast::File> files;
  std::vector<doc::Module> modules;
};

Standard standard() {
  Standard out;
  Diagnostics diagnostics;
  for (const auto& [name, module] : stdlib_modules()) {
    const auto source = out.sources.add({module.path, module.text});
    out.files.push_back(parse(out.sources, source, diagnostics));
  }
  auto file = out.files.begin();
  for (const auto& [name, module] : stdlib_modules()) out.modules.push_back({name, &*file++});
  CHECK(diagnostics.ok());
  return out;
}

}  // namespace

TEST_CASE("doc: a module with each form of the language") {
  Sources sources;
  Diagnostics diagnostics;
  const std::string folder = "tests/unit/doc/";
  const ast::File file = parse(sources, sources.add({folder + "small.exm", text_of(folder + "small.exm")}), diagnostics);
  REQUIRE(diagnostics.ok());
  const doc::Module module{"small", &file};
  const doc::Page page = doc::describe(sources, {&module, 1}, module);
  compare(folder + "expected/small.md", to_markdown(page));
  compare(folder + "expected/small.html", to_html(page));
}

TEST_CASE("doc: the pages of the standard modules are in docs/modules, and no others") {
  const Standard all = standard();
  std::set<std::string> pages{"README.md"};
  for (const auto& module : all.modules) {
    pages.insert(module.name + ".md");
    compare("docs/modules/" + module.name + ".md", to_markdown(doc::describe(all.sources, all.modules, module)));
  }
  compare("docs/modules/README.md", to_markdown(doc::describe_all(all.sources, all.modules)));
  for (const auto& entry : std::filesystem::directory_iterator(root + "docs/modules")) {
    const std::string name = entry.path().filename().string();
    if (blessing() && pages.count(name) == 0) std::filesystem::remove(entry.path());
    INFO("docs/modules/" << name << " is of no module");
    CHECK((blessing() || pages.count(name) == 1));
  }
}

TEST_CASE("doc: each link of an index leads to a heading") {
  const Standard all = standard();
  for (const auto& module : all.modules) {
    const doc::Page page = doc::describe(all.sources, all.modules, module);
    std::set<std::string> anchors;
    for (const auto& block : page.blocks)
      if (const auto* heading = std::get_if<doc::Heading>(&block)) CHECK(anchors.insert(heading->anchor).second);
    for (const auto& line : page.index)
      for (const auto& word : line)
        if (word.look == doc::Word::Look::link) CHECK(anchors.count(word.target) == 1);
  }
}
