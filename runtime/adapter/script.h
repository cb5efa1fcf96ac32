// From a plan's command, text and values, to the script that a shell runs, and to the one line that has it run it. The
// script itself goes in on the standard input: no list of processes shows it, and no quoting of it can go wrong.
// Entry points: Scripts, shell_line, script_line.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "runtime/adapter/secrets.h"
#include "runtime/plan/plan.h"

namespace exm {

class Scripts {
 public:
  /// `begun` is what `${run.started}` stands for. The plan and the secrets outlive it.
  Scripts(const plan::Plan& plan, std::string language, std::string begun, Secrets& secrets)
      : plan_(plan), language_(std::move(language)), begun_(std::move(begun)), secrets_(secrets) {}

  /// Fetches every secret that the plan's commands in this language name.
  Result<std::string> fetch_secrets();
  /// What is loaded before the commands of a host: what all load, and what those of its kind do.
  Result<std::string> prelude(const std::string& host);
  /// Every value a complete literal of the language, every secret fetched.
  Result<std::string> command(const plan::Text& text);

 private:
  const plan::Plan& plan_;
  std::string language_;
  std::string begun_;
  Secrets& secrets_;
};

/// The argument of `sh -c`: it says MARK begin and its process group, reads one `script_line`, runs that script with
/// nothing more to read and `set -e`, and says MARK end and the exit code. It runs nothing where the line did not arrive whole,
/// and starts no other program. One line without single quotes, so that any shell can pass it on.
std::string shell_line(std::string_view mark);

/// The script as one line, which a shell makes the script of again: a quoted word in which $exm_n is a line end.
std::string script_line(std::string_view script);

/// 128 random bits, that no output has in it by chance.
std::string random_mark();

/// What stood between the two marks.
struct Marked {
  bool begun = false;
  int group = 0;     // the process group, as the host numbers it
  bool ended = false;
  int code = 0;
  std::string said;  // by the script
};
Marked read_marks(std::string_view output, std::string_view mark);

}  // namespace exm
