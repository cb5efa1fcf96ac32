// `powershell`: PowerShell's commands, in one kept session a host: a program here that has a remoting session open to it.
// Entry point: PowerShell.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "runtime/adapter/adapter.h"
#include "runtime/adapter/capture.h"
#include "runtime/adapter/loop.h"
#include "runtime/adapter/process.h"
#include "runtime/adapter/script.h"
#include "runtime/adapter/secrets.h"

namespace exm {

struct PowerShellOptions {
  std::string program;                          // empty: pwsh, or else powershell.exe
  std::string authentication;                   // for New-PSSession; empty: its default
  std::string secrets;                          // the folder that has them
  std::string begun;                            // when the run began, in UTC
  Milliseconds grace = 10'000;                  // between SIGTERM and SIGKILL
  std::function<void(const std::string&)> log;  // a line for people
};

class PowerShell final : public Adapter {
 public:
  /// The plan outlives it.
  PowerShell(const plan::Plan& plan, PowerShellOptions options);
  ~PowerShell() override;

  std::string name() const override { return "powershell"; }
  Result<Milliseconds> start() override;
  bool speaks(std::string_view language) const override { return language == "powershell"; }
  Milliseconds now() const override { return loop_.now(); }
  void observe(Observe request) override;
  void execute(Execute request) override;
  void cancel(const std::string& key) override;
  Fate fate(const std::string&) override { return Fate::unknown; }
  Result<std::vector<Reply>> wait(Milliseconds until) override;

 private:
  using JobId = std::uint64_t;
  struct Job {
    Reply::Kind kind = Reply::Kind::executed;
    std::uint64_t ticket = 0;
    std::string key, variable, host, address, script;
    std::string ending;  // why it is being ended; empty: it is not
    Loop::Alarm alarm = 0;
  };
  /// A session; its address is empty on the controller.
  struct Lane {
    enum class State { closed, opening, open };
    State state = State::closed;
    std::unique_ptr<Process> process;
    std::string mark, line;
    Capture errors;
    std::deque<JobId> waiting;
    JobId running = 0;  // 0: none
    Loop::Alarm patience = 0;
  };

  // powershell.cpp: requests and their replies
  void take(Job job, const plan::Text& command);
  void pump(const std::string& address);
  void answer(JobId id, Reply::Status status, std::string text);
  void end(JobId id, const std::string& why);
  void tell_probe(const Job& job, const std::string& text);

  // powershell_session.cpp: the program, and what it says
  void open(const std::string& address, const std::string& host);
  void hear(const std::string& address, std::string_view bytes);
  void hear_line(const std::string& address, std::string_view line);
  void ended(const std::string& address, const ProcessEnd& end);
  void refuse(const std::string& address, const std::string& why);

  PowerShellOptions options_;
  Loop loop_;
  Secrets secrets_;
  Scripts scripts_;
  std::map<std::string, Lane> lanes_;
  std::map<JobId, Job> jobs_;
  std::map<std::string, JobId> by_key_;
  JobId last_ = 0;
  bool leaving_ = false;
  std::vector<Reply> replies_;
  std::map<std::string, std::string> said_;  // by variable: why it could not be observed
};

/// The arguments with which the program begins a session; it reads its mark, then an address or nothing, then one script after
/// another, each a line in base64, and says MARK ready, and MARK ok or MARK failed with a text in base64 for each.
std::vector<std::string> session_arguments(const std::string& authentication);
std::string to_base64(std::string_view bytes);
/// Nothing where it is not base64.
std::string from_base64(std::string_view text);

}  // namespace exm
