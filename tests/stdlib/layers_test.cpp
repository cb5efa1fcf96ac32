// Who knows whom: no module uses one that is above it, and the table in stdlib/README.md has a row for each.
#include <catch2/catch.hpp>

#include <fstream>
#include <iterator>
#include <regex>
#include <set>

#include "compiler/driver/stdlib.h"

using namespace exm;

namespace {

std::set<std::string> used_by(const std::string& name) {
  static const std::regex use("(?:^|\n)use ([a-z_.]+)");
  const std::string& text = stdlib_modules().at(name).text;
  std::set<std::string> out;
  for (std::sregex_iterator found(text.begin(), text.end(), use), end; found != end; ++found) out.insert((*found)[1]);
  return out;
}

/// All that it knows, by way of others too.
std::set<std::string> below(const std::string& name) {
  std::set<std::string> seen;
  std::vector<std::string> open{name};
  while (!open.empty()) {
    const std::string one = open.back();
    open.pop_back();
    for (const std::string& used : used_by(one))
      if (seen.insert(used).second) open.push_back(used);
  }
  return seen;
}

}  // namespace

TEST_CASE("modules: each knows those below it alone, and stands in the table of who knows whom") {
  std::ifstream file(EXM_SOURCE_DIR "/stdlib/README.md", std::ios::binary);
  const std::string readme{std::istreambuf_iterator<char>(file), {}};
  CHECK(below("exchange.array").count("windows") == 1);
  for (const auto& [name, module] : stdlib_modules()) {
    INFO(module.path);
    CHECK(below(name).count(name) == 0);
    CHECK(readme.find("\n| `" + name + "` |") != std::string::npos);
  }
}
