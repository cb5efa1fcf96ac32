// Locks on hosts: one run a host, an owner and an end for each, and nothing to clear away after a crash.
#include "runtime/run/host_locks.h"

#include <catch2/catch.hpp>
#include <fstream>

#include "runtime/run/lock.h"
#include "tests/unit/run/sim_run.h"

using namespace exm;
using namespace exm::test;

namespace {

constexpr Milliseconds noon = 1'800'000'000'000;

/// A run whose journal is held as a living program holds it.
struct Living {
  Living(const Folder& folder, const std::string& name)
      : run{name + "@jump", "patch " + name, folder.file(name + ".exmrun")}, lock(Lock::take(run.journal, Lock::File::create, "it")) {}
  LockedRun run;
  Result<Lock> lock;
};

std::string said(const Result<HostLocks>& result) { return result ? "taken" : result.error().message; }

}  // namespace

TEST_CASE("host locks: one run a host; another names who has it, since when and until when") {
  Folder folder;
  const std::string locks = folder.file("locks");
  const Living alice(folder, "alice"), bob(folder, "bob");
  const auto first = HostLocks::take(locks, {"EX1", "EX2"}, alice.run, noon);
  REQUIRE(first);
  const auto second = HostLocks::take(locks, {"EX2", "EX3"}, bob.run, noon + 1000);
  REQUIRE(!second);
  CHECK(second.error().kind == Failure::Kind::environment);
  for (const char* part : {"EX2", "alice@jump", "patch alice", "exm stop", "2027-01-15T08:00:00.000Z", "2027-01-15T08:02:00.000Z"}) {
    INFO(part);
    CHECK_THAT(said(second), Catch::Contains(part));
  }
  // all or none: EX3 is free
  CHECK(HostLocks::take(locks, {"EX3"}, bob.run, noon + 1000));
  // the same run goes on
  CHECK(HostLocks::take(locks, {"EX1"}, alice.run, noon + 1000));
}

TEST_CASE("host locks: given back at the end; after a crash they are free as soon as the journal shows it") {
  Folder folder;
  const std::string locks = folder.file("locks");
  const Living bob(folder, "bob");
  {
    const Living alice(folder, "alice");
    const auto taken = HostLocks::take(locks, {"EX1"}, alice.run, noon);
    REQUIRE(taken);
    CHECK(!HostLocks::take(locks, {"EX1"}, bob.run, noon));
  }
  CHECK(HostLocks::take(locks, {"EX1"}, bob.run, noon));
  std::filesystem::copy(locks, folder.file("kept"));
  std::optional<Living> alice(std::in_place, folder, "alice");
  auto lost = HostLocks::take(locks, {"EX1"}, alice->run, noon);
  REQUIRE(lost);
  alice.reset();  // killed: its program is gone, its locks are not
  CHECK(HostLocks::take(locks, {"EX1"}, bob.run, noon));
}

TEST_CASE("host locks: one of another machine keeps others away until it expires, and may be lost while its owner sleeps") {
  Folder folder;
  const std::string locks = folder.file("locks");
  const Living bob(folder, "bob");
  const LockedRun far{"carol@other", "patch far", folder.file("no such journal")};
  auto hers = HostLocks::take(locks, {"EX1"}, far, noon);
  REQUIRE(hers);
  CHECK(!HostLocks::take(locks, {"EX1"}, bob.run, noon + lock_lasts - 1));
  // extended, it lasts from then on
  REQUIRE(hers->extend(noon + lock_lasts / 2));
  CHECK(!HostLocks::take(locks, {"EX1"}, bob.run, noon + lock_lasts + 1));
  auto his = HostLocks::take(locks, {"EX1"}, bob.run, noon + 2 * lock_lasts);
  REQUIRE(his);
  const auto extended = hers->extend(noon + 2 * lock_lasts + 1);
  REQUIRE(!extended);
  CHECK_THAT(extended.error().message, Catch::Contains("bob@jump"));
  // she gives back nothing of his
  hers = HostLocks();
  CHECK(!HostLocks::take(locks, {"EX1"}, far, noon + 2 * lock_lasts + 1));
}

TEST_CASE("host locks: what is in the way of a lock is said or passed over") {
  Folder folder;
  const std::string locks = folder.file("locks");
  const Living bob(folder, "bob");
  SECTION("a lock file that somebody has damaged locks nothing") {
    REQUIRE(HostLocks::take(locks, {"a/b \"c\""}, bob.run, noon));
    auto held = HostLocks::take(locks, {"a/b \"c\""}, {"x", "y", "z"}, noon);
    REQUIRE(held);
    for (const auto& file : std::filesystem::directory_iterator(locks)) std::ofstream(file.path()) << "{\"until_ms\": true, \"owner\": [";
    CHECK(HostLocks::take(locks, {"a/b \"c\""}, bob.run, noon));
  }
  SECTION("no folder can be made") {
    std::ofstream(folder.file("file")) << "";
    const auto taken = HostLocks::take(folder.file("file/locks"), {"EX1"}, bob.run, noon);
    CHECK_THAT(said(taken), Catch::Contains("--locks"));
  }
  SECTION("no hosts need no folder") {
    CHECK(HostLocks::take("/proc/no", {}, bob.run, noon));
  }
}
