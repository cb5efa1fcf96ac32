// Timers that are left on a host: they run out by themselves, unless they are extended or ended, whatever is in their command.
#include <catch2/catch.hpp>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <thread>

#include "runtime/adapter/adapters.h"
#include "runtime/plan/quote.h"
#include "runtime/run/lease_script.h"
#include "tests/run/contract.h"

using namespace exm;
using namespace exm::test;

namespace {

plan::Piece words(std::string text) { return {plan::Piece::Kind::text, std::move(text), {}, 0}; }
plan::Piece value(std::string_view text) { return {plan::Piece::Kind::value, {}, plan::text(text), 0}; }

std::string content(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

bool comes(const std::string& path, int seconds) {
  for (int i = 0; i < seconds * 20 && !std::filesystem::exists(path); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(50));
  return std::filesystem::exists(path);
}

/// A home of its own for the timers of this machine.
struct Home {
  Home() {
    const char* home = std::getenv("HOME");
    before = home == nullptr ? "" : home;
    setenv("HOME", folder.path.c_str(), 1);
  }
  ~Home() { setenv("HOME", before.c_str(), 1); }
  std::string before;
  Folder folder;
};

constexpr std::string_view odd = "it's $HOME `date` \\ \"x\"\n'NAME-end'";

Ground here() {
  Ground made;
  made.name = "local";
  made.make = [] {
    static const plan::Plan plan = contract_plan();
    auto adapter = make_adapter({"local", {}}, plan, {});
    REQUIRE(adapter);
    REQUIRE((*adapter)->start());
    return std::move(*adapter);
  };
  return made;
}

/// A local shell that is given the acts of one timer, which writes a file.
struct Timer {
  plan::Text undo() const { return {words("printf %s "), value(odd), words(" > "), value(file)}; }
  Reply say(LeaseAct act, plan::Seconds lasts) {
    const std::string key = "act " + std::to_string(++acts);
    talk.give(key, plan::render(lease_script(act, "shell", "exm-lease-1", lasts, undo()), "shell"));
    return talk.reply(key);
  }
  Home home;
  Ground ground = here();
  Talk talk{ground};
  std::string file = home.folder.file("put back");
  int acts = 0;
};

}  // namespace

TEST_CASE("lease: a timer that nobody extends runs its command, and then can be neither extended nor ended") {
  Timer timer;
  REQUIRE(timer.say(LeaseAct::leave, 1).status == Reply::Status::ok);
  REQUIRE(comes(timer.file, 20));
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  CHECK(content(timer.file) == odd);
  for (const auto act : {LeaseAct::extend, LeaseAct::end}) {
    const auto reply = timer.say(act, 1);
    CHECK(reply.status == Reply::Status::failed);
    CHECK_THAT(reply.text, Catch::Contains(std::string(lease_run_out)));
  }
  std::filesystem::remove(timer.file);
  REQUIRE(timer.say(LeaseAct::leave, 1).status == Reply::Status::ok);  // left anew, it runs anew
  CHECK(comes(timer.file, 20));
}

TEST_CASE("lease: extended, a timer lasts; ended, it never runs out, and leaves nothing on the host") {
  Timer timer;
  REQUIRE(timer.say(LeaseAct::leave, 3).status == Reply::Status::ok);
  for (int i = 0; i < 5; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1000));
    REQUIRE(timer.say(LeaseAct::extend, 3).status == Reply::Status::ok);
    CHECK_FALSE(std::filesystem::exists(timer.file));
  }
  REQUIRE(timer.say(LeaseAct::end, 3).status == Reply::Status::ok);
  CHECK(timer.say(LeaseAct::extend, 3).status == Reply::Status::failed);
  std::this_thread::sleep_for(std::chrono::milliseconds(4500));
  CHECK_FALSE(std::filesystem::exists(timer.file));
  CHECK(timer.say(LeaseAct::end, 3).status == Reply::Status::ok);  // whoever is not sure ends it again
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(timer.home.folder.file(".exm/leases"))) files += entry.path().extension() != ".turn";
  CHECK(files == 0);
}
