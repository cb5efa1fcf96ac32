// The journal of one run: a SQLite file with the plan in it and a log that is chained by hashes to the plan's digest.
// Nothing is acted upon before `commit` has returned. Entry points: Journal::create, Journal::open, read_journal.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "runtime/adapter/database.h"
#include "runtime/run/lock.h"
#include "runtime/run/record.h"

namespace exm {

/// What is said once of a run.
struct JournalHead {
  std::string plan_json;  // the bytes of the plan file
  std::string digest;     // of the plan: where the chain of hashes begins
  std::string maintenance;
  std::string adapter;    // as `--adapter` named it
  std::string created;
  std::map<std::string, std::string> adapter_options = {};  // as `--adapter-option` gave them
  std::string signature = {};  // of the plan's bytes, where it was asked for
};

struct JournalOptions {
  Database::Sync sync = Database::Sync::full;
  std::function<void()> at_point;  // called before and after each commit
};

/// A journal as read: its head, and its log in order.
struct JournalContent {
  JournalHead head;
  std::vector<Record> records;
  std::string last_hash;
};

class Journal {
 public:
  /// A new one; refused (usage) where the file has a run in it already.
  static Result<Journal> create(const std::string& path, const JournalHead& head, const JournalOptions& options);
  /// To go on with. Refused while another process writes it, and where the chain of hashes is broken.
  static Result<Journal> open(const std::string& path, const JournalOptions& options);

  const JournalHead& head() const { return content_.head; }
  /// What was in it when it was opened.
  const std::vector<Record>& records() const { return content_.records; }
  /// Whether there is anything in its log.
  bool empty() const { return content_.records.empty() && !written_; }
  const std::string& path() const { return database_.path(); }

  /// Keeps a record for the next `commit`.
  void add(Record record) { waiting_.push_back(std::move(record)); }
  /// When it returns, all that was added is on the disk. After a failure nothing more is written.
  Result<Done> commit();

 private:
  Journal(Lock lock, Database database, JournalOptions options);
  Result<Done> prepare();

  Lock lock_;  // before the database: closing any descriptor of the file ends SQLite's own locks
  Database database_;
  Statement begin_, commit_, insert_;
  JournalOptions options_;
  JournalContent content_;
  std::vector<Record> waiting_;
  bool written_ = false;
};

/// For `status`: reads it at any time, while a run writes it too. The chain of hashes is checked.
Result<JournalContent> read_journal(const std::string& path);

}  // namespace exm
