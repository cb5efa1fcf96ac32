// Every single fact of every example's plan is changed: the checker and the short checker both refuse what comes of it, or both
// find it valid. Some of each example by default; EXM_EVERY_FACT=1 takes all, and tells how many: some hours. 2: every second.
#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "runtime/plain/check.h"
#include "runtime/plan/check_plan.h"
#include "runtime/plan/read_json.h"
#include "runtime/verify/verdict_text.h"
#include "runtime/verify/verify.h"
#include "tests/cli/program.h"
#include "tests/plain/facts.h"

using namespace exm;
namespace fs = std::filesystem;

namespace {

using facts::Json;

constexpr std::size_t some = 50;  // of each example

struct Tally {
  int refused = 0, valid = 0;  // by both
  int no_plan = 0;             // a name that leads nowhere, a value of another type: refused when it is loaded
  int types = 0;               // of these, no more than of another type to the short checker, which does not look at types
  int not_known = 0;           // to one of them, since a bound was reached
  int undecided = 0;           // of these, valid to the other
};

/// What the short checker says, whatever is wrong with the file.
plain::Report short_report(const Json& json) {
  plain::Report report;
  try {
    plain::check(json, report);
  } catch (const std::exception& wrong) {
    report.broken.push_back(std::string("plan: ") + wrong.what());
  }
  return report;
}

std::string lines(const plain::Report& report) {
  std::string all;
  for (const auto* told : {&report.broken, &report.open})
    for (const std::string& line : *told) all += line + "\n";
  return all.empty() ? "valid\n" : all;
}

void compare(const Json& json, const std::string& what, Tally& tally) {
  plan::Reading reading;
  plan::Plan plan = plan::read_plan(json, reading);
  if (reading.ok()) plan::check_plan(plan, reading);
  const plain::Report report = short_report(json);
  tally.no_plan += !reading.ok();
  tally.types += !reading.ok() && report.valid();
  if (!reading.ok()) return;
  plan.digest.clear();
  const Verdict verdict = verify(plan);
  const bool open = verdict.bound_reached || (report.broken.empty() && !report.open.empty());
  if (!open && verdict.valid != report.valid())
    FAIL_CHECK(what << "\nthe short checker: " << lines(report) << "the checker: " << verdict_text(verdict, plan, "plan"));
  ++(open ? tally.not_known : verdict.valid ? tally.valid : tally.refused);
  tally.undecided += open && (verdict.valid || report.valid());
}

/// Which of so many are looked at: evenly spread, from a place that changes with the plan and with nothing else.
bool taken(std::size_t number, std::size_t all, const Json& plan) {
  const char* every = std::getenv("EXM_EVERY_FACT");
  const std::size_t stride = every != nullptr ? std::stoul(every) : std::max<std::size_t>(1, all / some);
  return number % stride == std::stoul(plan["digest"].get<std::string>().substr(7, 8), nullptr, 16) % stride;
}

}  // namespace

TEST_CASE("every fact of every example's plan, changed, is refused by both checkers or valid to both") {
  const char* only = std::getenv("EXM_EXAMPLE");  // a part of a path
  std::vector<std::string> examples;
  for (const auto& entry : fs::recursive_directory_iterator(fs::path(EXM_SOURCE_DIR) / "examples"))
    if (entry.path().extension() == ".exm") examples.push_back(fs::relative(entry.path(), EXM_SOURCE_DIR).generic_string());
  std::sort(examples.begin(), examples.end());
  for (const std::string& example : examples) {
    if (only != nullptr && !cli::has(example, only)) continue;
    const cli::Ran ran = cli::call_exm({"plan", example, "--format", "json"});
    if (ran.code == 3) continue;
    REQUIRE(ran.code == 0);
    Json plan = Json::parse(ran.out);
    const auto changes = facts::changes(plan);
    Tally tally;
    for (std::size_t i = 0; i < changes.size(); ++i)
      if (taken(i, changes.size(), plan))
        facts::changed(plan, changes[i], [&](const Json& json) { compare(json, example + ": " + facts::words(changes[i]), tally); });
    CHECK(tally.refused > 0);
    CHECK(tally.undecided * 20 <= tally.refused);
    if (std::getenv("EXM_EVERY_FACT") != nullptr)
      std::printf("%s: of %zu facts changed: %d refused by both, %d valid to both, %d no plan (%d but for types valid), "
                  "%d not known (%d valid to the other)\n",
                  example.c_str(), changes.size(), tally.refused, tally.valid, tally.no_plan, tally.types, tally.not_known, tally.undecided),
          std::fflush(stdout);
  }
}
