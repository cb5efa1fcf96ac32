// One script on its way: the shell that reads it (here, or at the far end of a connection), what it says, and how it ends.
// Entry point: Errand::start.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "runtime/adapter/capture.h"
#include "runtime/adapter/process.h"
#include "runtime/adapter/script.h"

namespace exm {

/// How an errand ended. Not `output.begun`: nothing of the script was run. Begun and not `output.ended`: its shell is gone, or out of
/// reach, and did not say how the script ended.
struct ErrandEnd {
  Marked output;
  std::string errors;   // standard error
  bool whole = true;    // nothing of the output is left out
  ProcessEnd process;   // of the program that was started here
};

class Errand {
 public:
  /// `command` starts a shell that runs `shell_line(mark)`. The script is sent once the shell says that it is there, so that
  /// one which never says so has run nothing. `ended` is called once, from within Loop::turn; the Errand may go then.
  static Result<std::unique_ptr<Errand>> start(Loop& loop, const std::vector<std::string>& command, std::string script,
                                               std::string mark, std::function<void(ErrandEnd)> ended);
  ~Errand();
  Errand(const Errand&) = delete;
  Errand& operator=(const Errand&) = delete;

  Process& process() { return *process_; }
  /// The script's process group as its host numbers it; 0 before it has begun.
  int group() const { return group_; }

 private:
  explicit Errand(Loop& loop) : loop_(loop) {}
  void hear(std::string_view bytes);
  void finish(const ProcessEnd& end);

  Loop& loop_;
  std::string script_, mark_;
  std::function<void(ErrandEnd)> ended_;
  std::unique_ptr<Process> process_;
  Capture output_, errors_;
  std::string recent_;  // the last that was said: a mark may come in pieces
  int group_ = 0;
  Loop::Alarm patience_ = 0;
};

/// What a command said when it did not end well: the end of its standard error, or else of its output. For people.
std::string last_words(const ErrandEnd& end);

}  // namespace exm
