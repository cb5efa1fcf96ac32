// A lease, end to end: the controller dies for good and the host puts back by itself what was changed on it; one that goes on
// extends its timers; and no timer is left where running out would do harm.
#include <unistd.h>

#include <catch2/catch.hpp>
#include <csignal>
#include <filesystem>
#include <thread>

#include "tests/cli/program.h"
#include "tests/run/sshd.h"

using namespace exm::cli;

namespace {

/// A door that is opened for a delivery. What is delivered takes a while, and the controller is killed by it where `kill` is there.
std::string door(const std::string& folder) {
  return R"(
kind door {
  reached by address
  address : string = "h1"
  folder : string
  state open : bool = false
  state delivered : bool = false
  state swept : bool = false
}
action open(d: door) {
  "Open ${d}"
  requires not d.open
  effect d.open := true
  takes 1s
  lease 3s
  on d
  run shell """
    touch ${d.folder}/open
    if test -e ${d.folder}/kill; then rm ${d.folder}/kill; kill -KILL $PPID; fi
  """
}
action shut(d: door) {
  "Shut ${d}"
  requires d.open
  effect d.open := false
  takes 1s
  on d
  run shell "rm -f ${d.folder}/open"
}
action deliver(d: door) {
  "Deliver to ${d}"
  requires d.open
  effect d.delivered := true
  takes 1s
  on d
  run shell "touch ${d.folder}/delivered"
}
action sweep(d: door) {
  "Sweep at ${d}"
  requires d.delivered
  effect d.swept := true
  takes 1s
  on d
  run shell "test -e ${d.folder}/open && sleep 5; touch ${d.folder}/swept"
}
probe door.open on door shell "test -e ${self.folder}/open && echo true || echo false"
probe door.delivered on door shell "test -e ${self.folder}/delivered && echo true || echo false"
probe door.swept on door shell "test -e ${self.folder}/swept && echo true || echo false"
maintenance delivery {
  "Take a delivery in"
  achieve forall d in door: d.delivered
  achieve forall d in door: d.swept
}
door front { folder = ")" + folder + "/it's front\" }\n";
}

struct Delivery {
  Delivery() {
    std::filesystem::create_directory(at(""));
    write_text(folder.file("door.exm"), door(folder.path));
    const Ran planned = call_exm({"plan", folder.file("door.exm"), "-o", plan});
    INFO(planned.out << planned.err);
    REQUIRE(planned.code == 0);
  }
  std::string at(const std::string& name) const { return folder.file("it's front/" + name); }
  bool there(const std::string& name) const { return std::filesystem::exists(at(name)); }
  Ran run(const Words& more = {"--adapter", "local"}) const {
    Words words{"run", plan, "--yes", "--no-sync", "--journal", journal};
    words.insert(words.end(), more.begin(), more.end());
    return call_runtime(words, {{}, {{"HOME", folder.path}}});
  }
  Ran resume(const Words& more = {}) const {
    Words words{"resume", journal, "--yes", "--no-sync"};
    words.insert(words.end(), more.begin(), more.end());
    return call_runtime(words, {{}, {{"HOME", folder.path}}});
  }
  bool shuts_by_itself() const {
    for (int i = 0; i < 600 && there("open"); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(50));
    return !there("open");
  }

  Folder folder;
  std::string plan = folder.file("plan.json"), journal = folder.file("run.exmrun");
};

}  // namespace

TEST_CASE("cli: a lease is left before the host is changed, ended before it could do harm, and gone at the end") {
  const Delivery delivery;
  const Ran ran = delivery.run();
  INFO(ran.out << ran.err);
  CHECK(ran.code == 0);
  const auto left = ran.out.find("timer      left: front.open back to false on front after 3 s");
  const auto opened = ran.out.find("running    Open front");
  const auto ended = ran.out.find("timer      gone: the timer is ended");
  const auto delivered = ran.out.find("running    Deliver to front");
  REQUIRE(delivered != std::string::npos);
  CHECK(left < opened);
  CHECK(opened < ended);
  CHECK(ended < delivered);
  std::this_thread::sleep_for(std::chrono::milliseconds(4500));
  CHECK_FALSE(delivery.there("open"));
  CHECK(delivery.there("swept"));
}

TEST_CASE("cli: with the controller killed for good, the host puts back by itself what was changed on it") {
  const Delivery delivery;
  write_text(delivery.at("kill"), "");
  CHECK(delivery.run().code == 1000 + SIGKILL);
  CHECK(delivery.there("open"));
  CHECK(delivery.shuts_by_itself());
  // Whoever comes by in the morning finds the host as it was, and can go on from there.
  const Ran again = delivery.resume();
  INFO(again.out << again.err);
  CHECK(has(again.out, "the timer has run out"));
  CHECK(again.code == 0);
  CHECK(delivery.there("delivered"));
  CHECK_FALSE(delivery.there("open"));
}

TEST_CASE("cli: a run that goes on in time extends its timers") {
  const Delivery delivery;
  write_text(delivery.at("kill"), "");
  CHECK(delivery.run().code == 1000 + SIGKILL);
  const Ran again = delivery.resume();
  INFO(again.out << again.err);
  CHECK(again.code == 0);
  CHECK_FALSE(has(again.out, "run out"));
  CHECK_FALSE(delivery.there("open"));
}

TEST_CASE("cli: on the way back the timer is ended first, and none is left anew") {
  Delivery delivery;
  std::string text = text_of(delivery.folder.file("door.exm"));
  const std::string touched = "touch ${d.folder}/open\n";
  text.replace(text.find(touched), touched.size(), touched + "    test -e ${d.folder}/broken && exit 9\n");
  text.replace(text.find("lease 3s"), 8, "lease 1h");
  const std::string shut = "effect d.open := false\n";
  text.replace(text.find(shut), shut.size(), shut + "  lease 1h\n");
  write_text(delivery.folder.file("door.exm"), text);
  // Shutting has a lease of its own now: it puts the door back as it was, so nothing has to open it again.
  const Ran planned = call_exm({"plan", delivery.folder.file("door.exm"), "-o", delivery.plan});
  INFO(planned.err);
  REQUIRE(planned.code == 0);
  write_text(delivery.at("broken"), "");
  const Ran failed = delivery.run();
  INFO(failed.out << failed.err);
  REQUIRE(failed.code == 4);
  REQUIRE(delivery.there("open"));
  const Ran back = delivery.resume({"--retreat"});
  INFO(back.out << back.err);
  CHECK(back.code == 0);
  CHECK(has(back.out, "went back from step 1a"));
  CHECK_FALSE(delivery.there("open"));
  for (const auto& file : std::filesystem::directory_iterator(delivery.folder.file(".exm/leases"))) CHECK(file.path().extension() != ".until");
  CHECK(has(call_runtime({"status", delivery.journal, "--audit"}).out, "says nothing that its plan does not allow"));
}

TEST_CASE("cli: where no timer can be left the host is not changed") {
  const Delivery delivery;
  const Ran ran = call_runtime({"run", delivery.plan, "--adapter", "local", "--yes", "--no-sync", "--journal", delivery.journal}, {{}, {{"HOME", "/proc"}}});
  INFO(ran.out << ran.err);
  CHECK(ran.code == 4);
  CHECK(has(ran.out, "step 1a (Open front) is not begun: no timer could be left on front: "));
  CHECK_FALSE(delivery.there("open"));
  const Ran again = delivery.resume();
  CHECK(again.code == 0);
}

TEST_CASE("cli: over ssh, the timer is the host's and not the session's") {
  auto* server = exm::test::Sshd::shared();
  if (server == nullptr) return;
  const Delivery delivery;
  const Words ssh{"--adapter", "ssh", "--adapter-option", "config=" + server->config()};
  const Ran ran = delivery.run(ssh);
  INFO(ran.out << ran.err);
  CHECK(ran.code == 0);
  CHECK_FALSE(delivery.there("open"));
}

TEST_CASE("cli: a lease that nothing can put back is refused before anything is run") {
  Delivery delivery;
  std::string text = text_of(delivery.folder.file("door.exm"));
  const std::string shell = R"(run shell "rm -f ${d.folder}/open")";
  text.replace(text.find(shell), shell.size(), R"(run person "push")");
  write_text(delivery.folder.file("door.exm"), text);
  REQUIRE(call_exm({"plan", delivery.folder.file("door.exm"), "-o", delivery.plan}).code == 0);
  const Ran ran = delivery.run();
  CHECK(ran.code == 2);
  CHECK(has(ran.out, "step 1a is to leave a timer that puts front.open back, and what puts it back (Shut front) is no command for a shell or PowerShell"));
  CHECK(has(ran.out, "nothing was run"));
  CHECK_FALSE(std::filesystem::exists(delivery.journal));
}
