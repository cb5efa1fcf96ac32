// The runtime at each boundary of a system call that changes a file: killed right before it, killed in the middle of it, the
// disk full or sick from there on. Gone on with, it ends as a run that nobody disturbed. EXM_EVERY_CALL=1 takes no stride.
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "runtime/run/journal.h"
#include "tests/run/victim.h"

using namespace exm;
using namespace exm::test;

namespace {

const std::string plan_file = EXM_SOURCE_DIR "/tests/run/plans/two-hosts.json";

Words faulty(const std::string& fault, int at) {
  // The sanitizers' own runtime has to come first, and says so where it does not.
  return {"LD_PRELOAD=" EXM_CALLS_LIBRARY, "EXM_CALLS=" + fault + ":" + std::to_string(at), "ASAN_OPTIONS=verify_asan_link_order=0"};
}

int stride(int usual) { return std::getenv("EXM_EVERY_CALL") != nullptr ? 1 : usual; }

/// Goes on with what is in the folder, as a person would: `resume`, or `run` where nothing had begun.
void go_on(Program& program) {
  const bool begun = static_cast<bool>(read_journal(program.journal));
  const Words words = begun ? Words{"resume", program.journal, "--yes", "--no-sync"}
                            : Words{"run", plan_file, "--yes", "--no-sync", "--journal", program.journal};
  const int code = program.call(words);
  INFO(program.said());
  REQUIRE(code == 0);
}

}  // namespace

TEST_CASE("killed right before or in the middle of any call that changes a file, a run goes on as if nothing had happened") {
  const auto whole = undisturbed(plan_file);
  for (const std::string fault : {"die", "tear"}) {
    int deaths = 0;
    for (int at = fault == "die" ? 1 : 2;; at += stride(3)) {
      INFO(fault << " at call " << at);
      Program program;
      const int code = program.call({"run", plan_file, "--yes", "--journal", program.journal}, faulty(fault, at));
      if (code == 0) break;
      INFO(program.said());
      REQUIRE(code == killed);
      ++deaths;
      go_on(program);
      ends_like(whole, program);
    }
    CHECK(deaths > 80);
  }
}

TEST_CASE("a disk that is full, read-only or sick ends a run with a word about it, and nothing is lost") {
  const auto whole = undisturbed(plan_file);
  struct Row {
    std::string fault, said;
  };
  const std::vector<Row> rows{{"full", "the disk is full; make room"},
                              {"sick", "the disk reported an error: Input/output error"},
                              {"read-only", "read-only"}};
  for (const auto& [fault, said] : rows) {
    int refused = 0;
    for (int at = 1;; at += stride(7)) {
      INFO(fault << " from call " << at << " on");
      Program program;
      const int code = program.call({"run", plan_file, "--yes", "--journal", program.journal}, faulty(fault, at));
      if (code == 0) break;
      INFO(program.said());
      REQUIRE(code == 7);
      const bool not_even_made = program.said().find("can't be opened") != std::string::npos;
      CHECK((not_even_made || program.said().find(said) != std::string::npos));
      if (not_even_made) CHECK(program.said().find("running") == std::string::npos);
      ++refused;
      go_on(program);
      ends_like(whole, program);
    }
    CHECK(refused > (fault == "sick" ? 30 : 40));
  }
}
