// Runs on this machine itself: commands that change folders, what is said when they fail, and what a run never shows.
#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <csignal>
#include <cstdlib>
#include <filesystem>

#include "tests/cli/boxes.h"
#include "tests/cli/program.h"
#include "tests/run/sshd.h"

using namespace exm::cli;

namespace {

/// Two boxes, a plan that fills them, and a run of it.
struct Packing {
  explicit Packing(const std::string& fill = "", const std::string& clauses = "") {
    std::filesystem::create_directory(at("one"));
    std::filesystem::create_directory(at("it's two"));
    write_text(at("boxes.exm"), boxes(folder.path, fill, clauses));
    const Ran planned = call_exm({"plan", at("boxes.exm"), "-o", plan});
    INFO(planned.out << planned.err);
    REQUIRE(planned.code == 0);
  }
  std::string at(const std::string& name) const { return folder.file(name); }
  Ran run(const Words& more = {}, const std::string& adapter = "local") const {
    Words words{"run", plan, "--adapter", adapter, "--yes", "--no-sync", "--journal", journal};
    words.insert(words.end(), more.begin(), more.end());
    return call_runtime(words);
  }
  Ran resume() const { return call_runtime({"resume", journal, "--yes", "--no-sync"}); }
  bool packed() const { return text_of(at("one/content")) == "one\n" && text_of(at("it's two/content")) == "two\n"; }

  Folder folder;
  std::string plan = folder.file("plan.json"), journal = folder.file("run.exmrun");
};

}  // namespace

TEST_CASE("cli: a plan runs on this machine, whatever its folders are called") {
  const Packing packing;
  const Ran ran = packing.run();
  INFO(ran.out << ran.err);
  CHECK(ran.code == 0);
  CHECK(has(ran.out, "done: 6 steps"));
  CHECK(packing.packed());
  CHECK_FALSE(std::filesystem::exists(packing.at("one/open")));
  CHECK(has(call_runtime({"status", packing.journal}).out, "on local"));
}

TEST_CASE("cli: a clock that was set back by a year between a crash and its resumption keeps nobody waiting") {
  const Packing packing("    test -e ${b.folder}/../go || { kill -KILL $PPID; exit 1; }", "  timeout 2s");
  CHECK(packing.run().code == 1000 + SIGKILL);
  write_text(packing.at("go"), "");
  const Ran again = call_runtime({"resume", packing.journal, "--yes", "--no-sync"},
                                 {{}, {{"LD_PRELOAD", EXM_CALLS_LIBRARY}, {"EXM_CLOCK", "-31536000"}, {"ASAN_OPTIONS", "verify_asan_link_order=0"}}});
  INFO(again.out << again.err);
  CHECK(again.code == 0);
  CHECK(has(again.out, "the probes show that nothing was done"));
  CHECK(packing.packed());
}

TEST_CASE("cli: a plan runs over ssh, and is gone on with as it began") {
  const auto* server = exm::test::Sshd::shared();
  if (server == nullptr) return;
  const Packing packing("    test -n \"$SSH_CONNECTION\"\n    test -e ${b.folder}/../go");
  const Ran stopped = packing.run({"--adapter-option", "config=" + server->config()}, "ssh");
  INFO(stopped.out << stopped.err);
  CHECK(stopped.code == 4);
  write_text(packing.at("go"), "");
  const Ran again = packing.resume();
  INFO(again.out << again.err);
  CHECK(again.code == 0);
  CHECK(has(again.out, "goes on, on ssh"));
  CHECK(packing.packed());
}

TEST_CASE("cli: a plan runs by a plugin, which is told its options again when the run goes on") {
  if (std::system("python3 -c ''") != 0) return;
  const Packing packing("    test \"$THROUGH\" = one -o \"$THROUGH\" = two\n    test -e ${b.folder}/../go || { echo no go >&2; exit 6; }");
  const Ran stopped = packing.run({"--adapter-option", "through=env THROUGH={host} sh"}, "plugin:python3 " EXM_SOURCE_DIR "/examples/plugin/exec.py");
  INFO(stopped.out << stopped.err);
  CHECK(stopped.code == 4);
  CHECK(has(stopped.out, "it ended with code 6: no go"));
  write_text(packing.at("go"), "");
  const Ran again = packing.resume();
  INFO(again.out << again.err);
  CHECK(again.code == 0);
  CHECK(packing.packed());
}

TEST_CASE("cli: a command that fails says its code and its words; resumed, the run goes on where it stopped") {
  const Packing packing("    test -e ${b.folder}/../go || { echo \"no room in\" ${b.name} >&2; exit 4; }");
  const Ran ran = packing.run({"--parallel", "1"});
  INFO(ran.out << ran.err);
  CHECK(ran.code == 4);
  CHECK(has(ran.out, "exit code 4: no room in one"));
  write_text(packing.at("go"), "");
  const Ran again = packing.resume();
  INFO(again.out << again.err);
  CHECK(again.code == 0);
  CHECK(packing.packed());
}

TEST_CASE("cli: before a step the world is looked at: what is so already is skipped, what should not be so stops the run") {
  const Packing packing;
  write_text(packing.at("one/content"), "somebody's");
  const Ran ran = packing.run({"--parallel", "1"});
  INFO(ran.out << ran.err);
  CHECK(ran.code == 0);
  CHECK(has(ran.out, "skipped    Fill one: its effects hold already"));
  const Packing other;
  write_text(other.at("one/open"), "");
  std::filesystem::remove_all(other.at("it's two"));
  const Ran lost = other.run({"--parallel", "1"});
  INFO(lost.out << lost.err);
  CHECK(lost.code == 4);
  CHECK(has(lost.out, "it's two/open"));
}

TEST_CASE("cli: a command that hangs fails its step in time, and is ended with all that it began") {
  const Packing packing("    (sleep 300; touch ${b.folder}/late) & sleep 300", "  timeout 1s");
  const Ran ran = packing.run({"--parallel", "1", "--adapter-option", "grace=1"});
  INFO(ran.out << ran.err);
  CHECK(ran.code == 4);
  CHECK(has(ran.out, "it did not end within 1 s"));
  CHECK(has(call_runtime({"status", packing.journal}).out, " on local, grace=1\n"));
  CHECK(has(call_runtime({"status", packing.journal, "--format", "json"}).out, "\"grace\": \"1\""));
}

TEST_CASE("cli: a secret goes into its command and nowhere else") {
  const std::string secret = "tr0ub4dor'&3";
  const Packing packing("    printf %s ${secret \"box key\"} > ${b.folder}/key\n    ps -eww -o args > ${b.folder}/list\n    echo the key is ${secret \"box key\"} >&2; exit 9");
  const Ran without = packing.run();
  CHECK(without.code == 7);
  CHECK(has(without.err, "--adapter-option secrets=FOLDER"));

  std::filesystem::create_directory(packing.at("secrets"));
  write_text(packing.at("secrets/box key"), secret + "\n");
  chmod(packing.at("secrets/box key").c_str(), 0644);
  const Words option{"--parallel", "1", "--adapter-option", "secrets=" + packing.at("secrets")};
  CHECK(has(packing.run(option).err, "chmod 600"));
  chmod(packing.at("secrets/box key").c_str(), 0600);
  const Ran ran = packing.run(option);
  INFO(ran.out << ran.err);
  CHECK(ran.code == 4);
  CHECK(text_of(packing.at("one/key")) == secret);
  CHECK(has(text_of(packing.at("one/list")), "exm-run run"));
  CHECK_FALSE(has(text_of(packing.at("one/list")), "tr0ub4dor"));
  CHECK(has(ran.out, "the key is <secret box key>"));
  for (const auto& entry : std::filesystem::directory_iterator(packing.folder.path))
    if (entry.is_regular_file()) CHECK_FALSE(has(text_of(entry.path()), "tr0ub4dor"));
  CHECK_FALSE(has(ran.out + ran.err + call_runtime({"status", packing.journal}).out, "tr0ub4dor"));
  // what the adapter was told is in the journal: it need not be said again
  CHECK(has(packing.resume().out, "the key is <secret box key>"));
}

TEST_CASE("cli: an adapter or an option that there is not is refused with those that there are") {
  const Packing packing;
  const Ran name = call_runtime({"run", packing.plan, "--adapter", "telnet"});
  CHECK(name.code == 2);
  CHECK(has(name.err, "--adapter telnet: there is no such adapter; there is `sim`"));
  CHECK(has(name.err, "`local` (this machine's shell)"));
  const Ran option = packing.run({"--adapter-option", "colour=red"});
  CHECK(option.code == 2);
  CHECK(has(option.err, "adapter `local` has no such option; it has secrets, grace, processes"));
  CHECK(packing.run({"--adapter-option", "grace=soon"}).code == 2);
  CHECK(packing.run({"--adapter-option", "grace"}).code == 2);
  CHECK(packing.run({"--inject", "fail:1a"}).code == 2);
  CHECK_FALSE(std::filesystem::exists(packing.journal));
}
