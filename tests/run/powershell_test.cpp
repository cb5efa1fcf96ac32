// PowerShell's sessions on this machine, with a real PowerShell.
#include <catch2/catch.hpp>
#include <cstdio>
#include <cstdlib>

#include "runtime/adapter/adapters.h"
#include "runtime/adapter/powershell.h"
#include "runtime/plan/quote.h"
#include "runtime/run/lease_script.h"
#include "tests/run/contract.h"

using namespace exm;
using namespace exm::test;

namespace {

std::string said_by(const std::string& command) {
  std::string text;
  FILE* const pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return text;
  char buffer[256];
  while (fgets(buffer, sizeof buffer, pipe) != nullptr) text += buffer;
  if (pclose(pipe) != 0) text.clear();
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

/// The program, or nothing, which is said loudly.
const std::string& program() {
  static const std::string found = [] {
    std::string path = said_by("command -v pwsh");
    if (path.empty()) path = said_by(EXM_SOURCE_DIR "/tests/powershell/console/build.sh " EXM_BINARY_DIR "/pwsh");
    if (path.empty())
      std::fprintf(stderr, "SKIPPED: no session of PowerShell is tried: there is no pwsh, and none could be built (.NET 10 SDK and NuGet)\n");
    return path;
  }();
  return found;
}

Ground ground() {
  Ground made;
  made.name = "powershell";
  made.language = "powershell";
  made.host = "controller";
  made.soon = 60'000;
  made.make = [] {
    static const plan::Plan plan = [] {
      plan::Plan with = contract_plan();
      with.preludes["powershell"]["controller"] = {{plan::Piece::Kind::text, "$loaded = 'loaded'", {}, 0}};
      return with;
    }();
    AdapterSetup setup;
    setup.begun = "2026-11-24T02:00:00.000Z";
    auto adapter = make_adapter({"powershell", {{"program", program()}, {"grace", "1"}}}, plan, std::move(setup));
    REQUIRE(adapter);
    REQUIRE((*adapter)->start());
    return std::move(*adapter);
  };
  return made;
}

plan::Text script(const std::string& text) { return {{plan::Piece::Kind::text, text, {}, 0}}; }

}  // namespace

TEST_CASE("powershell: base64 goes there and back") {
  for (const std::string text : {"", "a", "ab", "abc", "abcd", "\xff\xfe\n"}) CHECK(from_base64(to_base64(text)) == text);
  CHECK(to_base64("Man") == "TWFu");
  CHECK(to_base64("Ma") == "TWE=");
}

TEST_CASE("powershell: where there is none, the adapter says so") {
  static const plan::Plan plan = contract_plan();
  auto adapter = make_adapter({"powershell", {{"program", "/no/such/pwsh"}}}, plan, {});
  REQUIRE(adapter);
  REQUIRE((*adapter)->start());
  (*adapter)->execute({"run/1", "well", "controller", {}, "powershell", script("1"), 60, std::make_shared<plan::Template>()});
  const auto replies = (*adapter)->wait((*adapter)->now() + 1000);
  REQUIRE(replies);
  REQUIRE(replies->size() == 1);
  CHECK(replies->front().status == Reply::Status::failed);
  CHECK_THAT(replies->front().text, Catch::Contains("nothing was run") && Catch::Contains("/no/such/pwsh"));
}

TEST_CASE("powershell: one session takes all commands, and values stay values") {
  if (program().empty()) return;
  const Ground here = ground();
  Talk talk(here);
  talk.ask(1, script("$PID; $loaded"));
  talk.ask(2, script("$PID; $loaded"));
  const std::string first = talk.reply(1).text;
  CHECK_THAT(first, Catch::EndsWith("\nloaded"));
  CHECK(talk.reply(2).text == first);
  std::uint64_t ticket = 10;
  const std::vector<std::string> hostile{"'; 'code", "$(1+1)", "`n", "a\nb", "\"", "’", "ü😀", "$HOME", "{0}", "", "#"};
  for (const auto& text : hostile) {
    talk.ask(++ticket, {{plan::Piece::Kind::value, {}, plan::text(text), 0}});
    const Reply reply = talk.reply(ticket);
    INFO(text << " came back as " << reply.text);
    CHECK(reply.status == Reply::Status::ok);
    CHECK(reply.text == text);
  }
  talk.ask(50, {{plan::Piece::Kind::run, "started", {}, 0}, {plan::Piece::Kind::text, ".ToUniversalTime().ToString('o')", {}, 0}});
  CHECK(talk.reply(50).text.substr(0, 19) == "2026-11-24T02:00:00");
}

TEST_CASE("powershell: what fails says why, and the session goes on") {
  if (program().empty()) return;
  const Ground here = ground();
  Talk talk(here);
  talk.give("run/1", "throw 'no such thing'");
  Reply reply = talk.reply("run/1");
  CHECK(reply.status == Reply::Status::failed);
  CHECK(reply.text == "it failed: no such thing");
  talk.give("run/2", "Write-Host 'to the screen'; if (");
  CHECK(talk.reply("run/2").status == Reply::Status::failed);
  talk.give("run/3", "'x' * 1000000; Write-Error 'not well'");
  CHECK(talk.reply("run/3").status == Reply::Status::failed);
  talk.give("run/4", "'x' * 1000000");
  reply = talk.reply("run/4");
  CHECK(reply.status == Reply::Status::ok);
  CHECK(reply.text.size() < 100'000);
  talk.give("run/5", "exit 3");
  reply = talk.reply("run/5");
  CHECK(reply.status == Reply::Status::failed);
  CHECK_THAT(reply.text, Catch::Contains("exit code 3"));
  talk.give("run/6", "Write-Host 'to the screen'; 'done'");
  CHECK(talk.reply("run/6").text == "done");
}

TEST_CASE("powershell: a timer is a task that looks each minute, and what it runs is the command as it stands") {
  if (program().empty()) return;
  const Folder folder;
  const std::string name = "exm-lease-1", file = folder.file("put back");
  const Ground here = ground();
  Talk talk(here);
  // The task scheduler is not this machine's to have: it is told of what it is told.
  const std::string stage = "$env:ProgramData = '" + folder.path + "'\nfunction schtasks.exe { [IO.File]::AppendAllText('" + folder.file("tasks") +
                            "', ($args -join ' ') + \"`n\"); $global:LASTEXITCODE = 0 }\n";
  const plan::Text undo{{plan::Piece::Kind::text, "$text = @'\nit's\n'@; [IO.File]::AppendAllText('" + file + "', $text + ", {}, 0},
                        {plan::Piece::Kind::value, {}, plan::text("}$x’ {"), 0},
                        {plan::Piece::Kind::text, ")", {}, 0}};
  int acts = 0;
  const auto say = [&](LeaseAct act, plan::Seconds lasts) {
    const std::string key = "act " + std::to_string(++acts);
    talk.give(key, stage + plan::render(lease_script(act, "powershell", name, lasts, undo), "powershell"));
    return talk.reply(key);
  };
  const std::string minute = stage + "& ([IO.Path]::Combine($env:ProgramData, 'exm\\leases', '" + name + ".watch.ps1'))";
  const auto pass = [&] {
    const std::string key = "minute " + std::to_string(++acts);
    talk.give(key, minute);
    return talk.reply(key).status == Reply::Status::ok;
  };
  const Reply left = say(LeaseAct::leave, 600);
  INFO(left.text);
  REQUIRE(left.status == Reply::Status::ok);
  CHECK_THAT(said_by("cat '" + folder.file("tasks") + "'"), Catch::Contains("/Create /F /RU SYSTEM /SC MINUTE /MO 1 /TN " + name + " /TR powershell.exe"));
  CHECK(say(LeaseAct::extend, 600).status == Reply::Status::ok);
  (void)pass();
  CHECK_FALSE(std::filesystem::exists(file));
  CHECK(say(LeaseAct::end, 600).status == Reply::Status::ok);
  CHECK_THAT(said_by("cat '" + folder.file("tasks") + "'"), Catch::EndsWith("/Delete /F /TN " + name));
  CHECK(say(LeaseAct::extend, 600).status == Reply::Status::failed);
  REQUIRE(say(LeaseAct::leave, 0).status == Reply::Status::ok);
  CHECK(pass());
  CHECK(said_by("cat '" + file + "'") == "it's}$x’ {");
  const Reply late = say(LeaseAct::extend, 600);
  CHECK(late.status == Reply::Status::failed);
  CHECK_THAT(late.text, Catch::Contains(std::string(lease_run_out)));
  CHECK(say(LeaseAct::end, 600).status == Reply::Status::failed);
}

TEST_CASE("powershell: a command that is cancelled ends with its session, and the next one gets another") {
  if (program().empty()) return;
  const Folder folder;
  const std::string seen = folder.file("beats");
  const Ground here = ground();
  Talk talk(here);
  talk.give("run/1", "& sh -c \"trap '' TERM; while :; do echo x >> " + seen + "; sleep 0.05; done\"");
  talk.give("run/2", "'done'");
  for (int i = 0; i < 1000 && !std::filesystem::exists(seen); ++i) talk.listen(25);
  REQUIRE(std::filesystem::exists(seen));
  talk.adapter().cancel("run/1");
  const Reply reply = talk.reply("run/1");
  INFO(reply.text);
  CHECK(reply.status == Reply::Status::failed);
  const auto size = std::filesystem::file_size(seen);
  CHECK(talk.reply("run/2").status == Reply::Status::ok);
  CHECK(std::filesystem::file_size(seen) == size);
}

TEST_CASE("powershell: a host that no session can be opened on has run nothing") {
  if (program().empty()) return;
  Ground far = ground();
  far.host = "h1";
  far.address = "127.0.0.1";
  Talk talk(far);
  talk.give("run/1", "'done'");
  const Reply reply = talk.reply("run/1");
  INFO(reply.text);
  CHECK(reply.status == Reply::Status::failed);
  CHECK_THAT(reply.text, Catch::Contains("there is no session on 127.0.0.1, and nothing was run"));
}
