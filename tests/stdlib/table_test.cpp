// The table of rules and traps in stdlib/README.md: each is there, and each clause that it names is missed when it is taken out.
#include <catch2/catch.hpp>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>

#include "tests/stdlib/clauses.h"
#include "tests/stdlib/table.h"
#include "tests/stdlib/trial.h"
#include "tests/stdlib/workers.h"

using namespace exm;
using namespace exm::clauses;

namespace {

const RuleTable& table() {
  static const RuleTable read = [] {
    std::ifstream file(EXM_SOURCE_DIR "/stdlib/README.md", std::ios::binary);
    return read_table({std::istreambuf_iterator<char>(file), {}});
  }();
  return read;
}

std::string place(int line) { return "stdlib/README.md:" + std::to_string(line); }

/// What a row gets wrong, or "".
std::string judge(const Row& row) {
  if (row.stands.empty() || row.fails.empty()) return "it names no clause, or nothing that fails without it; what can't be said is listed below the table";
  std::vector<Reference> references;
  for (const std::string& text : row.stands) {
    auto reference = read_reference(text);
    if (!reference) return reference.error().message;
    references.push_back(std::move(*reference));
  }
  const auto without = take_out(stdlib_modules(), references);
  if (!without) return without.error().message;
  const Answer answer = try_with(*without, row.fails);
  if (answer.says == Answer::Says::fails) return "";
  if (answer.says != Answer::Says::holds) return "without it `" + row.fails + "` can't tell: " + answer.why;
  return "without it `" + row.fails + "` still holds: nothing misses the clause";
}

}  // namespace

TEST_CASE("rules and traps: each has a row, or a reason why it has none") {
  std::map<std::string, int> seen;
  for (const Row& row : table().rows)
    for (const std::string& number : row.numbers) ++seen[number];
  for (const Excuse& excuse : table().unsaid) {
    INFO(place(excuse.line));
    CHECK(seen.count(excuse.what) == 0);
    ++seen[excuse.what];
  }
  for (const std::string& number : all_numbers()) {
    INFO(number);
    CHECK(seen.count(number) == 1);
  }
  for (const auto& [number, n] : seen) {
    INFO(number);
    CHECK(all_numbers().count(number) == 1);
  }
}

TEST_CASE("rules and traps: what a row names as failing, and each case here, holds with the modules as they are") {
  std::map<std::string, std::string> wrong;
  for (const Row& row : table().rows)
    if (!row.fails.empty()) wrong[row.fails];
  for (const Trial& trial : trials())
    if (trial.name.rfind("cases/", 0) == 0 || trial.name.rfind("refused/", 0) == 0) wrong[trial.name];
  std::vector<std::pair<const std::string, std::string>*> all;
  for (auto& trial : wrong) all.push_back(&trial);
  each_of(all.size(), [&](std::size_t i) {
    if (std::getenv("EXM_BLESS") != nullptr) bless(all[i]->first);
    const Answer answer = try_with(stdlib_modules(), all[i]->first);
    if (answer.says != Answer::Says::holds) all[i]->second = "does not hold: " + answer.why;
  });
  for (const auto& [trial, why] : wrong) {
    INFO(trial);
    CHECK(why == "");
  }
}

TEST_CASE("rules and traps: taken out, each is missed") {
  const std::vector<Row>& rows = table().rows;
  CHECK(rows.size() >= 70);
  std::vector<std::string> wrong(rows.size());
  each_of(rows.size(), [&](std::size_t i) { wrong[i] = judge(rows[i]); });
  for (std::size_t i = 0; i < rows.size(); ++i) {
    INFO(place(rows[i].line) << " " << rows[i].numbers[0]);
    CHECK(wrong[i] == "");
  }
}
