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

/// The module that EXM_MODULE names; without it all are looked at.
bool looked_at(const std::string& module) {
  const char* only = std::getenv("EXM_MODULE");
  return only == nullptr || module == only;
}

/// With EXM_CLAUSES=FILE only those that are lines of it, as an earlier run named them.
bool asked_for(const Clause& clause) {
  static const std::set<std::string> lines = [] {
    std::set<std::string> out;
    const char* path = std::getenv("EXM_CLAUSES");
    std::ifstream file(path == nullptr ? "" : path);
    for (std::string line; std::getline(file, line);) out.insert(line);
    return out;
  }();
  return std::getenv("EXM_CLAUSES") == nullptr || lines.count(name_of(clause)) > 0;
}

/// With EXM_TRIAL=cases/ only what has that in its name, and the refused inputs, which are cheap.
bool tried(const Trial& trial) {
  const char* part = std::getenv("EXM_TRIAL");
  return part == nullptr || trial.name.find(part) != std::string::npos || trial.name.rfind("refused/", 0) == 0;
}

/// Those that hold with the modules as they are; the quick ones first, since most clauses are missed by many. What needs a longer search is tried
/// without these limits, and shows nothing: with them it would seem to miss every clause.
std::vector<Trial> quick_first(const Limits& limits) {
  auto all = trials();
  std::erase_if(all, [](const Trial& trial) { return !tried(trial) || std::none_of(trial.modules.begin(), trial.modules.end(), looked_at); });
  std::vector<std::pair<double, std::size_t>> times;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto begun = std::chrono::steady_clock::now();
    const Answer answer = try_with(stdlib_modules(), all[i].name, limits);
    if (answer.says != Answer::Says::holds) {
      const Answer whole = try_with(stdlib_modules(), all[i].name);
      INFO(all[i].name << ": " << whole.why);
      CHECK(whole.says == Answer::Says::holds);
    }
    if (answer.says != Answer::Says::holds) std::cerr << "shows nothing, it needs a longer search: " << all[i].name << "\n";
    else times.emplace_back(std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count(), i);
  }
  std::sort(times.begin(), times.end());
  std::vector<Trial> out;
  for (const auto& [time, i] : times) out.push_back(all[i]);
  return out;
}

}  // namespace

// EXM_MODULE=exchange.dag looks at the clauses of one module; with EXM_TRIAL=cases/ as well it is quick, and says what no case misses.
TEST_CASE("every clause of the modules is missed by some example when it is taken out", "[.every]") {
  std::ifstream file(EXM_SOURCE_DIR "/stdlib/README.md", std::ios::binary);
  const RuleTable table = read_table({std::istreambuf_iterator<char>(file), {}});
  std::vector<Clause> all;
  for (const auto& [name, module] : stdlib_modules())
    for (const Clause& clause : clauses_of(name, module))
      if (counts(clause) && looked_at(name) && asked_for(clause)) all.push_back(clause);
  Limits limits;  // without a clause there may be very much more to look at; that proves nothing
  limits.search_states = 30'000;
  const auto trials = quick_first(limits);
  std::vector<char> missed(all.size(), 0);
  each_of(all.size(), [&](std::size_t i) {
    const Modules without = take_out(stdlib_modules(), all[i]);
    missed[i] = std::any_of(trials.begin(), trials.end(), [&](const Trial& trial) {
      const bool reads = std::find(trial.modules.begin(), trial.modules.end(), all[i].module) != trial.modules.end();
      const auto says = reads ? try_with(without, trial.name, limits).says : Answer::Says::holds;
      return says == Answer::Says::fails || says == Answer::Says::unusable;
    });
    if (std::getenv("EXM_MODULE") != nullptr) std::cerr << (missed[i] ? "." : "\n! " + name_of(all[i]) + "\n") << std::flush;
  });
  std::vector<Reference> excused;
  for (const Excuse& excuse : table.unshown)
    for (const std::string& code : code_in(excuse.what)) {
      auto reference = read_reference(code);
      INFO("stdlib/README.md:" << excuse.line);
      if (!reference) FAIL_CHECK(reference.error().message);
      else if (looked_at(reference->module)) excused.push_back(std::move(*reference));
    }
  std::vector<char> used(excused.size(), 0);
  std::size_t unshown = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto excuse = std::find_if(excused.begin(), excused.end(), [&](const Reference& r) { return means(r, all[i]); });
    const std::string name = name_of(all[i]);
    INFO(name);
    if (excuse == excused.end() && !missed[i]) FAIL_CHECK("no example misses it: write a test, or say why under `What no example shows` in stdlib/README.md");
    if (excuse != excused.end() && missed[i]) FAIL_CHECK("an example misses it now: it needs no excuse in stdlib/README.md");
    if (excuse != excused.end()) used[static_cast<std::size_t>(excuse - excused.begin())] = 1;
    unshown += !missed[i];
  }
  for (std::size_t i = 0; i < excused.size(); ++i)
    if (!used[i]) FAIL_CHECK("stdlib/README.md excuses a clause that is not there: " << excused[i].module << ": " << excused[i].owner << " " << excused[i].word << " " << excused[i].fragment);
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
    if (const Answer answer = tried(trial) ? try_with(*without, trial.name) : Answer{Answer::Says::holds, ""}; answer.says != Answer::Says::holds)
      std::cout << (answer.says == Answer::Says::fails ? "fails        " : "can't tell   ") << trial.name << "\n             " << answer.why << "\n";
}
