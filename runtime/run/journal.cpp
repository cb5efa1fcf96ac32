#include "runtime/run/journal.h"

#include <filesystem>

#include "runtime/run/chain.h"

namespace exm {
namespace {

constexpr const char* format = "exm-journal/1";

// Rows of the head whose keys begin so are what the adapter was told.
constexpr std::string_view option_key = "option:";

constexpr const char* tables = R"(
CREATE TABLE head(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE log(n INTEGER PRIMARY KEY, record TEXT NOT NULL, hash TEXT NOT NULL);
)";

Failure no_journal(const std::string& path) {
  return {Failure::Kind::environment, path + ": this is no journal of a run; give the file that `run --journal` made"};
}

/// The program was killed between making the file and writing the first of it.
Failure not_begun(const std::string& path) {
  return {Failure::Kind::environment, path + ": no run has begun in it, and nothing was done; start it with `run PLAN --journal " + path + "`"};
}

Result<std::int64_t> count_tables(Database& database, const char* select) {
  auto query = database.prepare(select);
  if (!query) return query.error();
  auto row = query->step();
  if (!row) return row.error();
  return query->number(0);
}

Result<bool> has_tables(Database& database) {
  auto count = count_tables(database, "SELECT count(*) FROM sqlite_master WHERE name IN ('head', 'log')");
  if (!count) return count.error();
  return *count == 2;
}

Result<JournalHead> read_head(Database& database) {
  JournalHead head;
  std::string version;
  auto query = database.prepare("SELECT key, value FROM head");
  if (!query) return query.error();
  for (;;) {
    auto row = query->step();
    if (!row) return row.error();
    if (!*row) break;
    const auto key = query->text(0);
    if (key == "format") version = query->text(1);
    if (key == "plan") head.plan_json = query->text(1);
    if (key == "digest") head.digest = query->text(1);
    if (key == "maintenance") head.maintenance = query->text(1);
    if (key == "adapter") head.adapter = query->text(1);
    if (key == "created") head.created = query->text(1);
    if (key == "signature") head.signature = query->text(1);
    if (key.rfind(option_key, 0) == 0) head.adapter_options[key.substr(option_key.size())] = query->text(1);
  }
  if (version != format)
    return Failure{Failure::Kind::environment, database.path() + ": its format is `" + version + "`; this program reads " + format};
  return head;
}

Result<JournalContent> read_content(Database& database) {
  auto fine = has_tables(database);
  if (!fine) return fine.error();
  if (!*fine) {
    auto any = count_tables(database, "SELECT count(*) FROM sqlite_master");
    return any && *any == 0 ? not_begun(database.path()) : no_journal(database.path());
  }
  JournalContent content;
  auto head = read_head(database);
  if (!head) return head.error();
  content.head = std::move(*head);
  content.last_hash = content.head.digest;
  auto query = database.prepare("SELECT n, record, hash FROM log ORDER BY n");
  if (!query) return query.error();
  for (std::int64_t n = 1;; ++n) {
    auto row = query->step();
    if (!row) return row.error();
    if (!*row) break;
    const auto text = query->text(1);
    content.last_hash = chained(content.last_hash, text);
    auto record = record_from_json(text);
    if (query->number(0) != n || query->text(2) != content.last_hash || !record)
      return Failure{Failure::Kind::environment,
                     database.path() + ": entry " + std::to_string(n) + " of the log is not what was written: the chain of hashes is "
                     "broken there. The file was changed or damaged; take it back from a backup"};
    content.records.push_back(std::move(*record));
  }
  return content;
}

}  // namespace

Journal::Journal(Lock lock, Database database, JournalOptions options)
    : lock_(std::move(lock)), database_(std::move(database)), options_(std::move(options)) {}

Result<Done> Journal::prepare() {
  auto begin = database_.prepare("BEGIN IMMEDIATE");
  auto commit = database_.prepare("COMMIT");
  auto insert = database_.prepare("INSERT INTO log(record, hash) VALUES(?, ?)");
  if (!begin) return begin.error();
  if (!commit) return commit.error();
  if (!insert) return insert.error();
  begin_ = std::move(*begin);
  commit_ = std::move(*commit);
  insert_ = std::move(*insert);
  return Done{};
}

Result<Journal> Journal::create(const std::string& path, const JournalHead& head, const JournalOptions& options) {
  auto lock = Lock::take(path, Lock::File::create, "this journal");
  if (!lock) return lock.error();
  auto database = Database::open(path, Database::Mode::create, options.sync);
  if (!database) return database.error();
  auto taken = has_tables(*database);
  if (!taken) return taken.error();
  if (*taken) {
    // A run that was refused before it began left its head and nothing else: it may be begun anew.
    auto content = read_content(*database);
    if (!content) return content.error();
    if (content->records.empty()) {
      if (auto done = database->execute("DROP TABLE head; DROP TABLE log"); !done) return done.error();
      taken = false;
    }
  }
  if (*taken)
    return Failure{Failure::Kind::usage, path + ": there is a run in this journal; go on with it by `resume " + path +
                                             "`, or begin another with `--journal FILE`"};
  if (auto done = database->execute("BEGIN IMMEDIATE"); !done) return done.error();
  if (auto done = database->execute(tables); !done) return done.error();
  auto insert = database->prepare("INSERT INTO head VALUES(?, ?)");
  if (!insert) return insert.error();
  std::map<std::string, std::string> rows{{"format", format},           {"plan", head.plan_json}, {"digest", head.digest},
                                          {"maintenance", head.maintenance}, {"adapter", head.adapter}, {"created", head.created}};
  if (!head.signature.empty()) rows["signature"] = head.signature;
  for (const auto& [key, value] : head.adapter_options) rows[std::string(option_key) + key] = value;
  for (const auto& [key, value] : rows)
    if (auto done = insert->bind(1, key).bind(2, value).run(); !done) return done.error();
  if (auto done = database->execute("COMMIT"); !done) return done.error();
  Journal journal(std::move(*lock), std::move(*database), options);
  journal.content_.head = head;
  journal.content_.last_hash = head.digest;
  if (auto done = journal.prepare(); !done) return done.error();
  return journal;
}

Result<Journal> Journal::open(const std::string& path, const JournalOptions& options) {
  auto lock = Lock::take(path, Lock::File::existing, "this journal");
  if (!lock) return lock.error();
  auto database = Database::open(path, Database::Mode::write, options.sync);
  if (!database) return database.error();
  auto content = read_content(*database);
  if (!content) return content.error();
  Journal journal(std::move(*lock), std::move(*database), options);
  journal.content_ = std::move(*content);
  if (auto done = journal.prepare(); !done) return done.error();
  return journal;
}

Result<Done> Journal::commit() {
  if (waiting_.empty()) return Done{};
  if (options_.at_point) options_.at_point();
  if (auto done = begin_.run(); !done) return done;
  std::string hash = content_.last_hash;
  for (const auto& record : waiting_) {
    const auto text = record_to_json(record);
    hash = chained(hash, text);
    if (auto done = insert_.bind(1, text).bind(2, hash).run(); !done) {
      (void)database_.execute("ROLLBACK");
      return done;
    }
  }
  if (auto done = commit_.run(); !done) {
    (void)database_.execute("ROLLBACK");
    return done;
  }
  content_.last_hash = hash;
  waiting_.clear();
  written_ = true;
  if (options_.at_point) options_.at_point();
  return Done{};
}

Result<JournalContent> read_journal(const std::string& path) {
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored))
    return Failure{Failure::Kind::environment, path + ": there is no such file"};
  auto database = Database::open(path, Database::Mode::read, Database::Sync::full);
  if (!database) return database.error();
  return read_content(*database);
}

}  // namespace exm
