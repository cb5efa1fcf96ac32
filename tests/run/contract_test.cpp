// The contract of adapters, played on each of them.
#include <catch2/catch.hpp>

#include "tests/run/contract.h"

using namespace exm;
using namespace exm::test;

namespace {

plan::Text text_piece(const std::string& text) { return {{plan::Piece::Kind::text, text, {}, 0}}; }
plan::Text say(const plan::Value& value) {
  return {{plan::Piece::Kind::text, "printf %s ", {}, 0}, {plan::Piece::Kind::value, {}, value, 0}};
}

/// Until a command has made the file.
void await(Talk& talk, const std::string& file, const Ground& ground) {
  for (Milliseconds waited = 0; waited < ground.soon && !std::filesystem::exists(file); waited += 25) talk.listen(25);
  REQUIRE(std::filesystem::exists(file));
}

/// Every ground in a section of its own, so that a failure names it.
template <class Case>
void on_each(const Case& played) {
  for (const auto& ground : grounds()) {
    DYNAMIC_SECTION(ground.name) { played(ground); }
  }
}

}  // namespace

TEST_CASE("contract: a command that ends well is said to, once, by its key") {
  on_each([](const Ground& ground) {
    Talk talk(ground);
    talk.give("run/1", Deed::well);
    const Reply reply = talk.reply("run/1");
    INFO(reply.text);
    CHECK(reply.status == Reply::Status::ok);
    CHECK(reply.kind == Reply::Kind::executed);
    talk.listen(ground.real ? 300 : 1);
    CHECK(talk.replies() == 1);
  });
}

TEST_CASE("contract: where there is nothing to run, the command has ended") {
  on_each([](const Ground& ground) {
    Talk talk(ground);
    talk.adapter().execute({"run/1", "well", "h1", ground.address, {}, {}, 60, std::make_shared<plan::Template>()});
    CHECK(talk.reply("run/1").status == Reply::Status::ok);
  });
}

TEST_CASE("contract: a command that fails says its code and its last words") {
  on_each([](const Ground& ground) {
    Talk talk(ground);
    talk.give("run/1", Deed::badly);
    const Reply reply = talk.reply("run/1");
    CHECK(reply.status == Reply::Status::failed);
    if (!ground.real) return;
    CHECK_THAT(reply.text, Catch::Contains("3") && Catch::Contains("no such thing"));
  });
}

TEST_CASE("contract: a command may be tried again with its key") {
  on_each([](const Ground& ground) {
    Talk talk(ground);
    for (int attempt = 0; attempt < 3; ++attempt) {
      talk.give("run/1", Deed::badly);
      CHECK(talk.reply("run/1").status == Reply::Status::failed);
    }
    CHECK(talk.replies() == 3);
  });
}

TEST_CASE("contract: a command that is cancelled ends, with all that it had begun") {
  on_each([](const Ground& ground) {
    const Folder folder;
    const std::string seen = folder.file("beats");
    Talk talk(ground);
    if (ground.real) {
      // a child that ignores SIGTERM and shows that it lives
      talk.give("run/1", "(trap '' TERM; while :; do echo x >> " + seen + "; sleep 0.05; done) &\nsleep 600");
      await(talk, seen, ground);
    } else {
      talk.give("run/1", Deed::slow);
      talk.listen(1);
    }
    CHECK(talk.replies() == 0);
    talk.adapter().cancel("run/1");
    const Reply reply = talk.reply("run/1");
    INFO(reply.text);
    CHECK(reply.status == Reply::Status::failed);
    talk.adapter().cancel("run/1");
    talk.adapter().cancel("no such key");
    if (ground.real) {
      talk.listen(100);
      const auto size = std::filesystem::file_size(seen);
      talk.listen(300);
      CHECK(std::filesystem::file_size(seen) == size);
    }
    CHECK(talk.replies() == 1);
    talk.give("run/2", Deed::well);
    CHECK(talk.reply("run/2").status == Reply::Status::ok);
  });
}

TEST_CASE("contract: nothing that it was given outlives the adapter") {
  on_each([](const Ground& ground) {
    if (!ground.real) return;
    const Folder folder;
    const std::string seen = folder.file("beats");
    {
      Talk talk(ground);
      talk.give("run/1", "(trap '' TERM; while :; do echo x >> " + seen + "; sleep 0.05; done) &\nsleep 600");
      await(talk, seen, ground);
    }
    usleep(200'000);
    const auto size = std::filesystem::file_size(seen);
    usleep(300'000);
    CHECK(std::filesystem::file_size(seen) == size);
  });
}

TEST_CASE("contract: many commands run at once") {
  on_each([](const Ground& ground) {
    Talk talk(ground);
    const auto begin = std::chrono::steady_clock::now();
    for (int i = 0; i < ground.many; ++i) talk.give("run/" + std::to_string(i), Deed::beat);
    for (int i = 0; i < ground.many; ++i) CHECK(talk.reply("run/" + std::to_string(i), 30'000).status == Reply::Status::ok);
    CHECK(talk.replies() == ground.many);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    INFO(ground.name << " took " << took.count() << " s for " << ground.many);
    CHECK(took.count() < ground.many_within);
  });
}

TEST_CASE("contract: a hung command keeps nobody else waiting") {
  on_each([](const Ground& ground) {
    Talk talk(ground);
    talk.give("run/slow", Deed::slow);
    talk.give("run/1", Deed::well);
    CHECK(talk.reply("run/1").status == Reply::Status::ok);
    CHECK(talk.replies() == 1);
  });
}

TEST_CASE("contract: a probe's text comes back with its ticket") {
  on_each([](const Ground& ground) {
    Talk talk(ground);
    talk.ask(7, text_piece("echo started"));
    const Reply reply = talk.reply(7);
    INFO(reply.text);
    CHECK(reply.kind == Reply::Kind::observed);
    CHECK(reply.status == Reply::Status::ok);
    CHECK(reply.text.substr(0, 7) == "started");
    if (!ground.real) return;
    talk.ask(8, text_piece("echo half; false; echo whole"));
    CHECK(talk.reply(8).status == Reply::Status::failed);
    talk.ask(9, text_piece("head -c 20000000 /dev/zero | tr '\\0' x"));
    CHECK(talk.reply(9).status == Reply::Status::failed);
  });
}

TEST_CASE("contract: nothing that a value holds becomes code") {
  const std::vector<std::string> hostile{
      "'; echo code; '", "\"; echo code; \"", "$(echo code)", "`echo code`", "${HOME}", "a\nb\n\nc", "\\", "\\'", "-n", "--help", "*",
      "  two  spaces  ", "%s%d", "!!", "ü€😀", "a\tb", "<x>&|;", "", "'", "''", "\"", "# no remark", "EOF\nEOF", "\r\n", "{a,b}", "~"};
  on_each([&](const Ground& ground) {
    if (!ground.real) return;
    Talk talk(ground);
    std::uint64_t ticket = 0;
    for (const auto& text : hostile) talk.ask(++ticket, say(plan::text(text)));
    ticket = 0;
    for (const auto& text : hostile) {
      const Reply reply = talk.reply(++ticket);
      INFO(text << " came back as " << reply.text);
      CHECK(reply.status == Reply::Status::ok);
      CHECK(reply.text == text);
    }
  });
}

TEST_CASE("contract: a value of each type is the words that its type says") {
  using Type = plan::Value::Type;
  struct Row {
    plan::Value value;
    const char* words;
  };
  const plan::Value list{Type::set, 0, {}, {plan::text("a b"), plan::text("c'd"), plan::integer(3)}};
  const Row rows[] = {{plan::boolean(true), "<true>"}, {plan::boolean(false), "<false>"}, {plan::integer(-7), "<-7>"},
                      {{Type::duration, 90, {}, {}}, "<90>"}, {{Type::version, 0, "14.1", {}}, "<14.1>"}, {plan::none(), "<>"},
                      {{Type::path, 0, "/a b", {}}, "</a b>"}, {list, "<a b><c'd><3>"}};
  on_each([&](const Ground& ground) {
    if (!ground.real) return;
    Talk talk(ground);
    std::uint64_t ticket = 0;
    for (const auto& row : rows)
      talk.ask(++ticket, {{plan::Piece::Kind::text, "printf '<%s>' ", {}, 0}, {plan::Piece::Kind::value, {}, row.value, 0}});
    ticket = 0;
    for (const auto& row : rows) CHECK(talk.reply(++ticket).text == row.words);
  });
}

TEST_CASE("contract: what a command says is kept up to a bound, however much it is") {
  on_each([](const Ground& ground) {
    if (!ground.real) return;
    Talk talk(ground);
    talk.give("run/1", Deed::flood);
    const Reply reply = talk.reply("run/1");
    CHECK(reply.status == Reply::Status::ok);
    CHECK(reply.text.size() < 100'000);
  });
}

TEST_CASE("contract: a command has nothing to read, and what it leaves running does not keep it") {
  on_each([](const Ground& ground) {
    if (!ground.real) return;
    Talk talk(ground);
    talk.ask(1, text_piece("cat; echo end"));
    CHECK(talk.reply(1).text == "end\n");
    talk.give("run/1", "sleep 30 & echo $! >/dev/null");
    CHECK(talk.reply("run/1").status == Reply::Status::ok);
  });
}

TEST_CASE("contract: a script of any length arrives whole") {
  on_each([](const Ground& ground) {
    if (!ground.real) return;
    Talk talk(ground);
    std::string long_script;
    for (int i = 0; i < 20'000; ++i) long_script += ": 'line " + std::to_string(i) + "'\n";
    talk.ask(1, text_piece(long_script + "echo end"));
    const Reply reply = talk.reply(1);
    INFO(reply.text);
    CHECK(reply.text == "end\n");
  });
}
