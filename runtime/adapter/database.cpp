#include "runtime/adapter/database.h"

#include <sqlite3.h>

namespace exm {

Failure database_failure(const std::string& path, int code, std::string_view said) {
  std::string what;
  switch (code & 0xff) {
    case SQLITE_FULL: what = "the disk is full; make room, then go on with `resume`"; break;
    case SQLITE_READONLY: what = "the file or its folder is read-only"; break;
    case SQLITE_PERM:
    case SQLITE_CANTOPEN: what = "it can't be opened; look at the path and its permissions"; break;
    case SQLITE_NOTADB: what = "it is no SQLite file"; break;
    case SQLITE_CORRUPT: what = "it is damaged or cut short; take it back from a backup"; break;
    case SQLITE_BUSY:
    case SQLITE_LOCKED: what = "another program has it locked"; break;
    case SQLITE_IOERR: what = "the file system reported an error"; break;
    default: what = "SQLite could not use it"; break;
  }
  return {Failure::Kind::environment, path + ": " + what + " (SQLite " + std::to_string(code) + ": " + std::string(said) + ")"};
}

Statement::Statement(sqlite3* database, sqlite3_stmt* statement, std::string path)
    : database_(database), statement_(statement), path_(std::move(path)) {}

void Statement::Finalize::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }

Statement& Statement::bind(int index, std::string_view text) {
  sqlite3_bind_text(statement_.get(), index, text.data(), static_cast<int>(text.size()), SQLITE_TRANSIENT);
  return *this;
}

Statement& Statement::bind(int index, std::int64_t number) {
  sqlite3_bind_int64(statement_.get(), index, number);
  return *this;
}

Result<bool> Statement::step() {
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  return database_failure(path_, sqlite3_extended_errcode(database_), sqlite3_errmsg(database_));
}

Result<Done> Statement::run() {
  for (;;) {
    auto row = step();
    if (!row) {
      reset();
      return row.error();
    }
    if (!*row) break;
  }
  reset();
  return Done{};
}

void Statement::reset() {
  sqlite3_reset(statement_.get());
  sqlite3_clear_bindings(statement_.get());
}

std::string Statement::text(int column) const {
  const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(statement_.get(), column));
  if (bytes == nullptr) return {};
  return {bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column))};
}

std::int64_t Statement::number(int column) const { return sqlite3_column_int64(statement_.get(), column); }

void Database::Close::operator()(sqlite3* database) const { sqlite3_close_v2(database); }

Result<Database> Database::open(const std::string& path, Mode mode, Sync sync) {
  int flags = SQLITE_OPEN_NOMUTEX;
  if (mode == Mode::create) flags |= SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  if (mode == Mode::write) flags |= SQLITE_OPEN_READWRITE;
  if (mode == Mode::read) flags |= SQLITE_OPEN_READONLY;
  sqlite3* raw = nullptr;
  const int code = sqlite3_open_v2(path.c_str(), &raw, flags, nullptr);
  Database database;
  database.database_.reset(raw);
  database.path_ = path;
  if (code != SQLITE_OK) return database_failure(path, code, raw != nullptr ? sqlite3_errmsg(raw) : "out of memory");
  sqlite3_busy_timeout(raw, 5000);
  if (mode != Mode::read) {
    if (auto done = database.execute("PRAGMA journal_mode=WAL"); !done) return done.error();
  }
  const char* pragma = sync == Sync::full ? "PRAGMA synchronous=FULL" : "PRAGMA synchronous=NORMAL";
  if (auto done = database.execute(pragma); !done) return done.error();
  return database;
}

Result<Done> Database::execute(const char* sql) {
  if (sqlite3_exec(database_.get(), sql, nullptr, nullptr, nullptr) == SQLITE_OK) return Done{};
  return database_failure(path_, sqlite3_extended_errcode(database_.get()), sqlite3_errmsg(database_.get()));
}

Result<Statement> Database::prepare(const char* sql) {
  sqlite3_stmt* raw = nullptr;
  if (sqlite3_prepare_v2(database_.get(), sql, -1, &raw, nullptr) != SQLITE_OK)
    return database_failure(path_, sqlite3_extended_errcode(database_.get()), sqlite3_errmsg(database_.get()));
  return Statement(database_.get(), raw, path_);
}

}  // namespace exm
