// A program as a child of this one, in a process group of its own, with pipes on its streams. Entry point: Process::start.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/adapter/loop.h"
#include "runtime/result.h"

namespace exm {

struct ProcessEnd {
  int code = 0;
  int signal = 0;  // that ended it; 0: none
};

/// Called from within Loop::turn. None is called once the Process is gone; `ended` comes last, and once.
struct ProcessEvents {
  std::function<void(std::string_view)> output;
  std::function<void(std::string_view)> error;
  std::function<void(const ProcessEnd&)> ended;
};

class Process {
 public:
  /// `command` is the program, looked for in PATH, and its arguments. `input`: its standard input is a pipe that `write`
  /// fills; else it is empty. It ends when the program has, and has closed its streams or let a moment pass: what it left
  /// running in the background may keep them open for ever.
  static Result<std::unique_ptr<Process>> start(Loop& loop, const std::vector<std::string>& command, bool input, ProcessEvents events);
  /// What still runs of it is left alone.
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  /// Returns at once; what the program does not read waits in memory. What it can't read any more is forgotten.
  void write(std::string_view text);
  /// After what was written, the end.
  void close_input();
  /// Bytes that wait for the program to read them.
  std::size_t unread() const;

  int id() const;
  /// To every process of its group.
  void signal_group(int signal);
  /// Whether any process of its group is there.
  bool group_lives() const;

 private:
  struct Streams;
  explicit Process(Streams* streams) : streams_(streams) {}

  Streams* streams_;  // owned by the loop until every handle is closed
};

}  // namespace exm
