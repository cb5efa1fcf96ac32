// Every clause of the modules that plans depend on: taken out, some example must miss it. It takes minutes: script/soak runs it.
#include <catch2/catch.hpp>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <set>

#include "tests/stdlib/clauses.h"
#include "tests/stdlib/table.h"
#include "tests/stdlib/trial.h"
#include "tests/stdlib/workers.h"

using namespace exm;
using namespace exm::clauses;

namespace {

bool counts(const Clause& clause) {
  static const std::set<std::string> words{"requires", "always", "check", "during", "effect"};
  return words.count(clause.word) > 0;
}

/// Those that are quick come first: most clauses are missed by many.
std::vector<Trial> quick_first() {
  auto all = trials();
  std::vector<std::pair<double, std::size_t>> times(all.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto begun = std::chrono::steady_clock::now();
    INFO(all[i].name);
    CHECK(try_with(stdlib_modules(), all[i].name).says == Answer::Says::holds);
    times[i] = {std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count(), i};
  }
  std::sort(times.begin(), times.end());
  std::vector<Trial> out;
  for (const auto& [time, i] : times) out.push_back(all[i]);
  return out;
}

}  // namespace

TEST_CASE("every clause of the modules is missed by some example when it is taken out", "[.every]") {
  std::ifstream file(EXM_SOURCE_DIR "/stdlib/README.md", std::ios::binary);
  const Table table = read_table({std::istreambuf_iterator<char>(file), {}});
  std::vector<Clause> all;
  for (const auto& [name, module] : stdlib_modules())
    for (const Clause& clause : clauses_of(name, module))
      if (counts(clause)) all.push_back(clause);
  const auto trials = quick_first();
  std::vector<char> missed(all.size(), 0);
  each_of(all.size(), [&](std::size_t i) {
    const Modules without = take_out(stdlib_modules(), all[i]);
    missed[i] = std::any_of(trials.begin(), trials.end(), [&](const Trial& trial) {
      const bool reads = std::find(trial.modules.begin(), trial.modules.end(), all[i].module) != trial.modules.end();
      return reads && try_with(without, trial.name).says != Answer::Says::holds;
    });
  });
  std::set<std::string> excused;
  for (const Excuse& excuse : table.unshown) excused.insert(excuse.what);
  std::size_t unshown = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const std::string name = name_of(all[i]);
    INFO(name);
    if (!missed[i] && excused.count(name) == 0) FAIL_CHECK("no example misses it: write a test, or say why under `What no example shows` in stdlib/README.md");
    if (missed[i] && excused.count(name) > 0) FAIL_CHECK("an example misses it now: it needs no excuse in stdlib/README.md");
    unshown += !missed[i];
    excused.erase(name);
  }
  for (const auto& name : excused) FAIL_CHECK("stdlib/README.md excuses a clause that is not there: " << name);
  std::cout << all.size() << " clauses, " << unshown << " that no example shows, " << trials.size() << " trials\n";
}

// EXM_CLAUSE='`nlb: start requires "resume it first"`' build/test_stdlib "[.who]" lists what fails without it: for a new row of the table.
TEST_CASE("who misses the clauses that are named in EXM_CLAUSE", "[.who]") {
  const char* text = std::getenv("EXM_CLAUSE");
  REQUIRE(text != nullptr);
  std::vector<Reference> references;
  for (const std::string& code : code_in(text)) {
    auto reference = read_reference(code);
    if (!reference) FAIL(reference.error().message);
    references.push_back(std::move(*reference));
  }
  const auto without = take_out(stdlib_modules(), references);
  if (!without) FAIL(without.error().message);
  for (const Trial& trial : trials())
    if (const Answer answer = try_with(*without, trial.name); answer.says != Answer::Says::holds)
      std::cout << (answer.says == Answer::Says::fails ? "fails        " : "cannot tell  ") << trial.name << "\n             " << answer.why << "\n";
}
