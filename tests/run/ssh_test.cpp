// What is peculiar to ssh: connections that can't be made, and connections that are lost while a command runs.
#include <catch2/catch.hpp>
#include <fstream>

#include "runtime/adapter/adapters.h"
#include "tests/run/contract.h"
#include "tests/run/sshd.h"

using namespace exm;
using namespace exm::test;

namespace {

Ground ground_at(const Sshd& server, const std::string& address) {
  Ground ground;
  ground.name = "ssh";
  ground.address = address;
  ground.soon = 20'000;
  ground.make = [&server] {
    static const plan::Plan plan = contract_plan();
    auto made = make_adapter({"ssh", {{"grace", "1"}, {"config", server.config()}}}, plan, {});
    REQUIRE(made);
    REQUIRE((*made)->start());
    return std::move(*made);
  };
  return ground;
}

}  // namespace

TEST_CASE("ssh: where there is no connection, nothing was run, and ssh's own words say why") {
  const auto* server = Sshd::shared();
  if (server == nullptr) return;
  struct Row {
    const char* address;
    const char* said;
  };
  for (const Row& row : {Row{"nobody", "refused"}, Row{"stranger", "verification failed"}, Row{"keyless", "Permission denied"},
                         Row{"-oProxyCommand=touch /tmp/x", "no address"}, Row{"", "no address"}}) {
    const Ground ground = ground_at(*server, row.address);
    Talk talk(ground);
    talk.give("run/1", Deed::well);
    const Reply reply = talk.reply("run/1");
    INFO(row.address << ": " << reply.text);
    CHECK(reply.status == Reply::Status::failed);
    CHECK_THAT(reply.text, Catch::Contains(row.said));
  }
}

TEST_CASE("ssh: a command whose connection is lost is in doubt, and the next one connects anew") {
  auto* server = Sshd::shared();
  if (server == nullptr) return;
  const Folder folder;
  const Ground ground = ground_at(*server, "h1");
  Talk talk(ground);
  talk.give("run/1", "echo > " + folder.file("begun") + "; sleep 2; echo > " + folder.file("ended"));
  for (int i = 0; i < 200 && !std::filesystem::exists(folder.file("begun")); ++i) talk.listen(25);
  REQUIRE(std::filesystem::exists(folder.file("begun")));
  server->cut();
  const Reply reply = talk.reply("run/1");
  INFO(reply.text);
  CHECK(reply.status == Reply::Status::lost);
  talk.give("run/2", Deed::well);
  CHECK(talk.reply("run/2").status == Reply::Status::ok);
}

TEST_CASE("ssh: what belongs to the controller runs here") {
  const auto* server = Sshd::shared();
  if (server == nullptr) return;
  Ground ground = ground_at(*server, "nobody");
  ground.host = "controller";
  Talk talk(ground);
  talk.give("run/1", Deed::well);
  CHECK(talk.reply("run/1").status == Reply::Status::ok);
}

TEST_CASE("ssh: all commands of a host go through one connection, and none is left") {
  const auto* server = Sshd::shared();
  if (server == nullptr) return;
  const Ground ground = ground_at(*server, "h1");
  std::string first;
  {
    Talk talk(ground);
    for (std::uint64_t i = 1; i <= 12; ++i) talk.ask(i, {{plan::Piece::Kind::text, "echo $SSH_CONNECTION", {}, 0}});
    first = talk.reply(1).text;
    CHECK(first.size() > 10);
    for (std::uint64_t i = 2; i <= 12; ++i) CHECK(talk.reply(i).text == first);
  }
  Talk talk(ground);
  talk.ask(1, {{plan::Piece::Kind::text, "echo $SSH_CONNECTION", {}, 0}});
  CHECK(talk.reply(1).text != first);
}
