// A run under way, spoken to from another terminal: paused, gone on with, stopped, locked against a second run; and the board
// that a terminal shows of it.
#include <pty.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <catch2/catch.hpp>
#include <filesystem>
#include <future>
#include <thread>

#include "tests/cli/boxes.h"
#include "tests/cli/program.h"

using namespace exm::cli;

namespace {

/// Two boxes that are filled on this machine, one after the other; a box is not filled before `NAME/go` is there.
struct Packing {
  Packing() {
    std::filesystem::create_directory(folder.file("one"));
    std::filesystem::create_directory(folder.file("it's two"));
    write_text(folder.file("boxes.exm"), boxes(folder.path, "    touch ${b.folder}/begun; while ! test -e ${b.folder}/go; do sleep 0.05; done", "  timeout 60s"));
    const Ran planned = call_exm({"plan", folder.file("boxes.exm"), "-o", plan});
    INFO(planned.out << planned.err);
    REQUIRE(planned.code == 0);
  }
  Ran run(const std::string& file) const {
    return call_runtime({"run", plan, "--adapter", "local", "--yes", "--no-sync", "--parallel", "1", "--journal", file, "--locks", folder.file("locks")});
  }
  std::future<Ran> begin() const {
    auto run = std::async(std::launch::async, [this] { return this->run(journal); });
    await([this] { return begun("one") || begun("it's two"); });
    return run;
  }
  bool begun(const std::string& box) const { return std::filesystem::exists(folder.file(box + "/begun")); }
  void let_go() const {
    write_text(folder.file("one/go"), "");
    write_text(folder.file("it's two/go"), "");
  }
  Ran status() const { return call_runtime({"status", journal}); }

  template <class Condition>
  static void await(Condition condition) {
    for (int i = 0; i < 600 && !condition(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(50));
    REQUIRE(condition());
  }

  Folder folder;
  std::string plan = folder.file("plan.json"), journal = folder.file("run.exmrun");
};

/// The program with a terminal of that size; all that it writes there.
std::string on_terminal(const Words& words, unsigned short columns, unsigned short rows) {
  std::vector<char*> argv{const_cast<char*>(EXM_RUN)};
  for (const auto& word : words) argv.push_back(const_cast<char*>(word.c_str()));
  argv.push_back(nullptr);
  winsize size{rows, columns, 0, 0};
  int terminal = -1;
  const pid_t child = forkpty(&terminal, nullptr, nullptr, &size);
  if (child == 0) {
    setenv("TERM", "xterm", 1);
    setenv("NO_COLOR", "1", 1);
    execv(EXM_RUN, argv.data());
    _exit(127);
  }
  std::string text;
  std::array<char, 4096> some{};
  for (ssize_t got; (got = read(terminal, some.data(), some.size())) > 0;) text.append(some.data(), static_cast<std::size_t>(got));
  close(terminal);
  waitpid(child, nullptr, 0);
  return text;
}

}  // namespace

TEST_CASE("cli: a run is paused and goes on, from another terminal, and the journal says who wanted it and why") {
  const Packing packing;
  auto run = packing.begin();
  const Ran paused = call_runtime({"pause", packing.journal, "--why", "the boss calls"});
  INFO(paused.err);
  CHECK(paused.code == 0);
  CHECK(has(paused.out, "exm unpause " + packing.journal));
  packing.await([&] { return std::filesystem::exists(packing.journal + ".asked"); });
  std::this_thread::sleep_for(std::chrono::milliseconds(1500));  // it looks each second
  packing.let_go();
  std::this_thread::sleep_for(std::chrono::milliseconds(1000));
  CHECK(packing.begun("one") != packing.begun("it's two"));
  CHECK(run.wait_for(std::chrono::seconds(0)) == std::future_status::timeout);
  CHECK(call_runtime({"unpause", packing.journal}).code == 0);
  const Ran ran = run.get();
  INFO(ran.out << ran.err);
  CHECK(ran.code == 0);
  CHECK(has(ran.out, ": the boss calls; what runs goes on"));
  CHECK(has(ran.out, "  goes on"));
  CHECK_FALSE(std::filesystem::exists(packing.journal + ".asked"));
  const Ran late = call_runtime({"pause", packing.journal});
  CHECK(late.code == 2);
  CHECK(has(late.err, "no program runs it"));
}

TEST_CASE("cli: a run is stopped from another terminal, and resumed") {
  const Packing packing;
  auto run = packing.begin();
  CHECK(call_runtime({"stop", packing.journal, "--why", "enough"}).code == 0);
  std::this_thread::sleep_for(std::chrono::milliseconds(1500));
  packing.let_go();
  const Ran ran = run.get();
  INFO(ran.out << ran.err);
  CHECK(ran.code == 4);
  CHECK(has(ran.out, ": enough"));
  CHECK(has(ran.out, "go on with: exm resume"));
  const Ran again = call_runtime({"resume", packing.journal, "--yes", "--no-sync", "--locks", packing.folder.file("locks")});
  INFO(again.out << again.err);
  CHECK(again.code == 0);
}

TEST_CASE("cli: two runs never work on a host at once") {
  const Packing packing;
  auto run = packing.begin();
  const Ran second = packing.run(packing.folder.file("second.exmrun"));
  CHECK(second.code == 7);
  CHECK(has(second.err, "host h1 is locked by "));
  CHECK(has(second.err, "journal " + packing.journal));
  CHECK_FALSE(std::filesystem::exists(packing.folder.file("second.exmrun")));
  packing.let_go();
  CHECK(run.get().code == 0);
  const Ran after = packing.run(packing.folder.file("third.exmrun"));
  INFO(after.out << after.err);
  CHECK(after.code == 0);  // everything is there already
}

TEST_CASE("cli: a terminal shows what runs, what is next and how near the rules are, within its width and half of its rows") {
  const std::string plan = EXM_SOURCE_DIR "/examples/cas-array/plan.json";
  for (const auto& [columns, rows] : {std::pair<unsigned short, unsigned short>{50, 24}, {30, 8}, {200, 50}}) {
    INFO(columns << " columns, " << rows << " rows");
    Folder folder;
    const std::string shown = on_terminal({"run", plan, "--yes", "--no-sync", "--speed", "4000", "--journal", folder.file("run.exmrun")}, columns, rows);
    INFO(shown);
    CHECK(has(shown, "done: 24 steps"));
    CHECK(has(shown, " of 24 done, 1 under way; "));
    CHECK(has(shown, "runs   "));
    if (rows >= 24) CHECK(has(shown, "next   "));
    if (rows >= 24) CHECK(has(shown, " needed"));
    // each drawing is taken away by going up as many lines as it has
    for (std::size_t at = 0; (at = shown.find("\x1b[", at)) != std::string::npos; ++at) {
      const auto letter = shown.find_first_of("AJ", at);
      REQUIRE(letter != std::string::npos);
      if (shown[letter] == 'A') CHECK(std::stoi(shown.substr(at + 2, letter - at - 2)) <= std::max(3, rows / 2));
    }
    std::size_t begin = 0;
    bool board = false;
    for (std::size_t end; (end = shown.find("\r\n", begin)) != std::string::npos; begin = end + 2) {
      std::string line = shown.substr(begin, end - begin);
      if (const auto j = line.rfind("\x1b[J"); j != std::string::npos) line = line.substr(j + 3);
      if (line.rfind("---", 0) == 0) board = true;
      if (line.find(':') == 2) board = false;  // a line of the log begins with the time; the terminal wraps it
      if (board && line.rfind("done:", 0) != 0) CHECK(line.size() < columns + 2u);  // the ellipsis has three bytes
    }
  }
}
