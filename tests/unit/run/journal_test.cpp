// The journal: one writer, a chain of hashes, and what is said of a file that can't be used.
#include <sys/stat.h>
#include <sys/wait.h>

#include <catch2/catch.hpp>
#include <fstream>

#include "runtime/run/journal.h"
#include "tests/unit/run/sim_run.h"

using namespace exm;
using namespace exm::test;

namespace {

const JournalHead head{"{}", "sha256:0", "small", "sim", "now"};

Record note(const std::string& text) { return {Record::Kind::note, 1'700'000'000'123, {}, {}, 0, text, {}}; }

void write_some(const std::string& path) {
  auto journal = Journal::create(path, head, {Database::Sync::normal, {}});
  REQUIRE(journal);
  for (int i = 0; i < 50; ++i) {
    journal->add(note("note " + std::to_string(i)));
    const auto done = journal->commit();
    INFO((done ? std::string("written") : done.error().message));
    REQUIRE(done);
  }
}

}  // namespace

TEST_CASE("journal: what the adapter was told is kept with the run") {
  Folder folder;
  JournalHead told = head;
  told.adapter = "ssh";
  told.adapter_options = {{"config", "a b=c"}, {"created", ""}};
  REQUIRE(Journal::create(folder.file("j.exmrun"), told, {}));
  const auto content = read_journal(folder.file("j.exmrun"));
  REQUIRE(content);
  CHECK(content->head.adapter == "ssh");
  CHECK(content->head.created == "now");
  CHECK(content->head.adapter_options == told.adapter_options);
}

TEST_CASE("a record comes back from JSON as it went") {
  Record record{Record::Kind::transition, 1'700'000'000'123, "a \"1\"", StepState::in_doubt, 3, "why\n\xc3\xa9", {}};
  record.values["a.b"] = {plan::Value::Type::version, 0, "1.2", {}};
  record.values["a.c"] = plan::unknown();
  record.values["a.d"] = {plan::Value::Type::set, 0, {}, {plan::integer(1), plan::none(), plan::boolean(true)}};
  record.values["a.e"] = {plan::Value::Type::duration, 900, {}, {}};
  const auto json = record_to_json(record);
  const auto back = record_from_json(json);
  REQUIRE(back);
  CHECK(record_to_json(*back) == json);
  CHECK(back->values == record.values);
  CHECK(back->at == record.at);
  CHECK(json.find('\n') == std::string::npos);
  for (const char* bad : {"", "[]", "{}", R"({"at":"x","event":"note"})", R"({"at":"2026-01-01T00:00:00.000Z","event":"what"})",
                          R"({"at":"2026-01-01T00:00:00.000Z","event":"transition","state":"lost"})"}) {
    INFO(bad);
    CHECK(!record_from_json(bad));
  }
}

TEST_CASE("one writer: refused while the first lives, taken over when it is gone") {
  Folder folder;
  const auto path = folder.file("j.exmrun");
  {
    auto first = Journal::create(path, head, {});
    REQUIRE(first);
    first->add(note("one"));
    REQUIRE(first->commit());
    auto second = Journal::open(path, {});
    REQUIRE(!second);
    CHECK(second.error().kind == Failure::Kind::environment);
    CHECK(second.error().message.find("still runs") != std::string::npos);
    CHECK(read_journal(path));  // status may look at any time
  }
  const pid_t child = fork();
  if (child == 0) {
    auto taken = Journal::open(path, {});
    (void)raise(SIGKILL);
    _exit(0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  CHECK(WIFSIGNALED(status));
  CHECK(Journal::open(path, {}));
  const auto again = Journal::create(path, head, {});
  REQUIRE(!again);
  CHECK(again.error().kind == Failure::Kind::usage);
}

TEST_CASE("a changed log is refused: each entry holds the hash of the one before") {
  for (const char* change : {"UPDATE log SET record = replace(record, 'note 7', 'note 8') WHERE n = 8", "DELETE FROM log WHERE n = 20",
                             "UPDATE log SET hash = 'sha256:1' WHERE n = 50", "UPDATE head SET value = 'sha256:2' WHERE key = 'digest'"}) {
    INFO(change);
    Folder folder;
    const auto path = folder.file("j.exmrun");
    write_some(path);
    REQUIRE(read_journal(path));
    {
      auto database = Database::open(path, Database::Mode::write, Database::Sync::normal);
      REQUIRE(database->execute(change));
    }
    const auto read = read_journal(path);
    REQUIRE(!read);
    CHECK(read.error().kind == Failure::Kind::environment);
    CHECK(read.error().message.find("chain") != std::string::npos);
    CHECK(!Journal::open(path, {}));
  }
}

TEST_CASE("a file that can't be used is refused with what to do") {
  Folder folder;
  const auto path = folder.file("j.exmrun");
  SECTION("not there") {
    CHECK(!read_journal(path));
    CHECK(!Journal::open(path, {}));
  }
  SECTION("something else") {
    std::ofstream(path) << "no journal at all, but long enough to be looked at by SQLite for its header";
    CHECK(!read_journal(path));
    CHECK(!Journal::open(path, {}));
  }
  SECTION("empty") {
    std::ofstream(path) << "";
    const auto read = read_journal(path);
    REQUIRE(!read);
    CHECK_THAT(read.error().message, Catch::Contains("no run has begun in it"));
    CHECK(!Journal::open(path, {}));
    CHECK(Journal::create(path, head, {}));
  }
  SECTION("cut short") {
    write_some(path);
    for (const auto size : {100, 4096, 5000, 9000}) {
      std::filesystem::remove(path + "-wal");
      std::filesystem::resize_file(path, static_cast<std::uintmax_t>(size));
      INFO("cut to " << size);
      const auto read = read_journal(path);
      CHECK((!read || read->records.size() < 50));
      if (!read) CHECK(read.error().kind == Failure::Kind::environment);
    }
  }
  SECTION("no folder") {
    const auto created = Journal::create(folder.file("none/j.exmrun"), head, {});
    REQUIRE(!created);
    CHECK(created.error().kind == Failure::Kind::environment);
  }
}
