// A SQLite file, as far as the journal and the simulator need one: open, run, bind, step. Every error names the file
// and says what to do about it. Entry point: Database::open.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "runtime/result.h"

struct sqlite3;
struct sqlite3_stmt;

namespace exm {

struct Done {};

/// One prepared statement. Bind, then `step` until it says no; `reset` before it is used again.
class Statement {
 public:
  Statement() = default;
  Statement(sqlite3* database, sqlite3_stmt* statement, std::string path);

  Statement& bind(int index, std::string_view text);
  Statement& bind(int index, std::int64_t number);
  /// True: there is a row. False: there are no more.
  Result<bool> step();
  /// For statements that give no rows: step to the end, and reset.
  Result<Done> run();
  void reset();
  std::string text(int column) const;
  std::int64_t number(int column) const;

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  sqlite3* database_ = nullptr;
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
  std::string path_;
};

class Database {
 public:
  enum class Mode { create, write, read };
  /// `full`: a commit is on the disk when it returns. `normal`: it outlives the process, not a loss of power.
  enum class Sync { full, normal };

  static Result<Database> open(const std::string& path, Mode mode, Sync sync);

  Result<Done> execute(const char* sql);
  Result<Statement> prepare(const char* sql);
  const std::string& path() const { return path_; }

 private:
  struct Close {
    void operator()(sqlite3* database) const;
  };
  std::unique_ptr<sqlite3, Close> database_;
  std::string path_;
};

}  // namespace exm
