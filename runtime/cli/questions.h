// Questions to whoever sits at the terminal, one at a time, without keeping a run waiting: who asks is told `later` until there
// is an answer. Entry point: Questions.
#pragma once

#include <functional>
#include <stop_token>
#include <string>

#include "runtime/run/run.h"

namespace exm {

class Questions {
 public:
  /// Before a question is printed, `make_room` is called. Once `stop` is asked for, nobody answers any more.
  Questions(std::stop_token stop, std::function<void()> make_room);

  /// Waits a twentieth of a second at the longest. `id` tells questions apart: the first that is asked has to be answered
  /// before the next one is shown.
  Consent ask(const std::string& id, const std::string& question);
  /// Something else was printed: the question is printed once more.
  void interrupted() { shown_ = false; }
  bool open() const { return !id_.empty(); }

 private:
  std::stop_token stop_;
  std::function<void()> make_room_;
  std::string id_;    // of the question that waits for an answer
  std::string line_;  // as far as it was read
  bool shown_ = false;
};

}  // namespace exm
