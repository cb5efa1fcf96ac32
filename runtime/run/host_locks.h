// That no two runs work on a host at once: a folder with a small file for each host that a run works on, which names its owner
// and expires by itself. A run extends its locks while it lives, and gives them back when it ends; one that died leaves
// nothing that a person has to clear away. Entry point: HostLocks::take.
#pragma once

#include <set>
#include <string>

#include "runtime/adapter/adapter.h"
#include "runtime/adapter/database.h"
#include "runtime/result.h"

namespace exm {

/// How long a lock that nobody extends keeps others away. Only a controller on another machine, or one of another user whose
/// journal can't be read, is waited for so long: where the journal shows that its program is gone, the lock is free.
constexpr Milliseconds lock_lasts = 120'000;

struct LockedRun {
  std::string owner;        // "alice@jump1"
  std::string maintenance;
  std::string journal;      // absolute
};

class HostLocks {
 public:
  /// All hosts, or none: refused with `environment` where another run has one. `now` is the wall clock's. The folder is made
  /// where it is missing, for all users of the machine.
  static Result<HostLocks> take(const std::string& folder, const std::set<std::string>& hosts, const LockedRun& run, Milliseconds now);

  HostLocks() = default;
  HostLocks(HostLocks&& other) noexcept;
  HostLocks& operator=(HostLocks&& other) noexcept;
  /// Gives back what is still its own.
  ~HostLocks();

  /// Extends them; does nothing until a third of their time is over. Fails where another run has taken one over, as it may
  /// once it had expired: the machine was asleep, say.
  Result<Done> extend(Milliseconds now);

 private:
  HostLocks(std::string folder, std::set<std::string> hosts, LockedRun run, Milliseconds now);
  Result<Done> write_all(Milliseconds now);

  std::string folder_;
  std::set<std::string> hosts_;
  LockedRun run_;
  Milliseconds since_ = 0, extended_ = 0;
};

/// Where locks are unless said: $EXM_LOCKS, else /var/lock/exm, else what the user has for the state of programs.
std::string lock_folder();

}  // namespace exm
