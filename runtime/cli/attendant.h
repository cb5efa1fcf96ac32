// Looks after a run while it is under way: extends its locks, hears what somebody asks of it, and keeps the board on the
// terminal. Entry point: Attendant.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "runtime/adapter/adapter.h"
#include "runtime/cli/board.h"
#include "runtime/run/control.h"
#include "runtime/run/host_locks.h"

namespace exm {

class Attendant {
 public:
  Attendant(std::string journal, HostLocks locks);
  Attendant(const Attendant&) = delete;
  Attendant& operator=(const Attendant&) = delete;
  /// Takes the board away, and what was asked of the run with it.
  ~Attendant();

  /// Draws a board from now on, but while `busy` says that the terminal's last line is another's; `now` is the run's clock.
  void show(Board& board, std::function<Milliseconds()> now, std::function<bool()> busy);
  /// Before anything else is written to the terminal.
  void clear();
  /// For RunOptions::attend: looks no more than five times a second.
  Request look();

 private:
  std::string journal_;
  HostLocks locks_;
  Board* board_ = nullptr;
  std::function<Milliseconds()> now_;
  std::function<bool()> busy_;
  Request last_;
  std::chrono::steady_clock::time_point looked_{}, drawn_{};
};

}  // namespace exm
