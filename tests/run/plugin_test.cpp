// Plugins that break the protocol: their step fails with a clear word, and nothing else does.
#include <catch2/catch.hpp>
#include <cstdlib>

#include "runtime/adapter/adapters.h"
#include "tests/run/contract.h"

using namespace exm;
using namespace exm::test;

namespace {

bool no_python() {
  static const bool none = std::system("python3 -c ''") != 0;
  return none;
}

/// A plugin that was told to misbehave, and the lines that people get to read.
struct Bad {
  explicit Bad(const std::string& mode = "", const std::map<std::string, std::string>& options = {}) {
    ground.name = "plugin";
    ground.soon = 40'000;
    ground.make = [this, mode, options] {
      static const plan::Plan plan = contract_plan();
      AdapterSetup setup;
      setup.log = [this](const std::string& line) { log += line + "\n"; };
      auto made = make_adapter({"plugin:exec python3 " EXM_SOURCE_DIR "/tests/run/misbehave.py " + mode, options}, plan, std::move(setup));
      REQUIRE(made);
      auto begun = (*made)->start();
      if (!begun) refused = begun.error().message;
      return std::move(*made);
    };
  }
  Ground ground;
  std::string log, refused;
};

}  // namespace

TEST_CASE("plugin: a step that it fails to take has a clear end, and the next one is taken") {
  if (no_python()) return;
  struct Row {
    const char* deed;
    Reply::Status status;
    const char* said;
  };
  const Row rows[] = {
      {"die", Reply::Status::lost, "it ended with exit code 9"},
      {"flood", Reply::Status::lost, "16 MiB without an answer"},
      {"endless", Reply::Status::lost, "a line of more than 4 MiB"},
      {"garbage", Reply::Status::lost, "no message of the protocol: Traceback"},
      {"twice", Reply::Status::failed, "answered twice"},
      {"wrong", Reply::Status::lost, "has no `status`"},
      {"stray", Reply::Status::ok, "run/bad"},
      {"refuse", Reply::Status::failed, "the plugin says: not on a Friday"},
      {"fail", Reply::Status::failed, "it ended with code 7: no such package"},
  };
  Bad bad;
  Talk talk(bad.ground);
  for (const Row& row : rows) {
    talk.give("run/bad", row.deed);
    const Reply reply = talk.reply("run/bad");
    INFO(row.deed << ": " << reply.text);
    CHECK(reply.status == row.status);
    CHECK_THAT(reply.text, Catch::Contains(row.said));
    talk.give("run/good", "well");
    const Reply good = talk.reply("run/good");
    INFO(good.text);
    CHECK(good.status == Reply::Status::ok);
  }
  CHECK_THAT(bad.log, Catch::Contains("answered what it was not asked"));
}

TEST_CASE("plugin: garbage beside other commands harms none of them") {
  if (no_python()) return;
  Bad bad;
  Talk talk(bad.ground);
  talk.give("run/hang", "hang");
  talk.give("run/bad", "garbage");
  talk.give("run/good", "well");
  CHECK(talk.reply("run/good").status == Reply::Status::ok);
  talk.listen(200);
  CHECK(talk.replies() == 1);
  CHECK_THAT(bad.log, Catch::Contains("no message of the protocol: Traceback"));
  talk.adapter().cancel("run/hang");
  const Reply reply = talk.reply("run/hang");
  CHECK(reply.status == Reply::Status::failed);
  CHECK_THAT(reply.text, Catch::Contains("ended on request"));
}

TEST_CASE("plugin: one that hangs is ended once it was told to end a command, and begun anew") {
  if (no_python()) return;
  Bad bad;
  Talk talk(bad.ground);
  talk.give("run/1", "freeze");
  talk.listen(300);
  talk.adapter().cancel("run/1");
  const Reply reply = talk.reply("run/1");
  CHECK(reply.status == Reply::Status::lost);
  CHECK_THAT(reply.text, Catch::Contains("does not answer"));
  talk.give("run/2", "well");
  CHECK(talk.reply("run/2").status == Reply::Status::ok);
}

TEST_CASE("plugin: what it is told, and what it can do at once") {
  if (no_python()) return;
  Bad bad("options", {{"colour", "red"}});
  Talk talk(bad.ground);
  talk.give("run/1", "well");
  CHECK(talk.reply("run/1").text == "run/1 well h1 127.0.0.1 shell 60");
  CHECK_THAT(bad.log, Catch::Contains("protocol exm-adapter/1, plan {'digest': '', 'maintenance': 'contract'}") && Catch::Contains("{'colour': 'red'}"));
  CHECK(talk.adapter().speaks("shell"));
  CHECK_FALSE(talk.adapter().speaks("powershell"));
  talk.ask(1, {{plan::Piece::Kind::text, "wrong", {}, 0}});
  CHECK(talk.reply(1).status == Reply::Status::failed);

  Bad one("one");
  Talk slow(one.ground);
  slow.give("run/1", "hang");
  slow.give("run/2", "well");
  slow.listen(300);
  CHECK(slow.replies() == 0);
  slow.adapter().cancel("run/2");
  CHECK_THAT(slow.reply("run/2").text, Catch::Contains("before it was begun"));
  slow.adapter().cancel("run/1");
  CHECK(slow.reply("run/1").status == Reply::Status::failed);
}

TEST_CASE("plugin: one that does not begin is refused with the reason") {
  if (no_python()) return;
  struct Row {
    const char* mode;
    const char* said;
  };
  for (const Row& row : {Row{"refuse", "it refuses to begin: no licence"}, Row{"banner", "no message of the protocol: welcome to my plugin"}}) {
    Bad bad(row.mode);
    Talk talk(bad.ground);
    CHECK_THAT(bad.refused, Catch::Contains(row.said));
  }
  static const plan::Plan plan = contract_plan();
  auto none = make_adapter({"plugin:exm-no-such-program", {}}, plan, {});
  REQUIRE(none);
  const auto begun = (*none)->start();
  REQUIRE_FALSE(begun);
  CHECK_THAT(begun.error().message, Catch::Contains("is there such a program?"));
}
