#include "runtime/adapter/database.h"

#include <sqlite3.h>

#include <cerrno>
#include <cstring>

namespace exm {
namespace {

/// What it means for the person who owns the file. What the system said of it says more than what SQLite made of that.
std::string what_failed(int code, int system) {
  const int kind = code & 0xff;
  const bool by_the_system = kind == SQLITE_IOERR || kind == SQLITE_CANTOPEN;
  if (by_the_system && (system == ENOSPC || system == EDQUOT)) code = SQLITE_FULL;
  if (by_the_system && system == EROFS) code = SQLITE_READONLY;
  switch (code & 0xff) {
    case SQLITE_FULL: return "the disk is full; make room, then go on with `resume`";
    case SQLITE_READONLY: return "the file or its folder is read-only";
    case SQLITE_PERM:
    case SQLITE_CANTOPEN: return "it can't be opened; look at the path, its permissions and the room on the disk";
    case SQLITE_NOTADB: return "it is no SQLite file";
    case SQLITE_CORRUPT: return "it is damaged or cut short; take it back from a backup";
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return "another program has it locked";
    case SQLITE_IOERR: return "the disk reported an error" + (system != 0 ? std::string(": ") + std::strerror(system) : "");
    default: return "SQLite could not use it";
  }
}

/// Right after a call on `database` (nothing: it could not even be made) has ended with `code`. SQLite keeps the system's
/// reason for some calls only; a COMMIT leaves it in errno.
Failure failure_of(sqlite3* database, const std::string& path, int code) {
  const int left = errno;
  const int kept = database != nullptr ? sqlite3_system_errno(database) : 0;
  const char* said = database != nullptr ? sqlite3_errmsg(database) : "out of memory";
  return {Failure::Kind::environment,
          path + ": " + what_failed(code, kept != 0 ? kept : left) + " (SQLite " + std::to_string(code) + ": " + said + ")"};
}

}  // namespace

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
  errno = 0;
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  return failure_of(database_, path_, sqlite3_extended_errcode(database_));
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
  if (code != SQLITE_OK) return failure_of(raw, path, code);
  sqlite3_busy_timeout(raw, 5000);
  if (mode != Mode::read) {
    if (auto done = database.execute("PRAGMA journal_mode=WAL"); !done) return done.error();
  }
  const char* pragma = sync == Sync::full ? "PRAGMA synchronous=FULL" : "PRAGMA synchronous=NORMAL";
  if (auto done = database.execute(pragma); !done) return done.error();
  return database;
}

Result<Done> Database::execute(const char* sql) {
  errno = 0;
  if (sqlite3_exec(database_.get(), sql, nullptr, nullptr, nullptr) == SQLITE_OK) return Done{};
  return failure_of(database_.get(), path_, sqlite3_extended_errcode(database_.get()));
}

Result<Statement> Database::prepare(const char* sql) {
  sqlite3_stmt* raw = nullptr;
  if (sqlite3_prepare_v2(database_.get(), sql, -1, &raw, nullptr) != SQLITE_OK)
    return failure_of(database_.get(), path_, sqlite3_extended_errcode(database_.get()));
  return Statement(database_.get(), raw, path_);
}

}  // namespace exm
