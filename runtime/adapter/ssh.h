// `ssh`: the commands of each host go to its own shell, through the system's OpenSSH client with all that it knows (its
// config, agent, known hosts). One connection a host carries them all. Entry point: Ssh.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "runtime/adapter/shell_adapter.h"

namespace exm {

struct SshOptions {
  std::string config;  // a file for `ssh -F`; empty: the user's own
  int sessions = 8;    // at once on one host; a server takes ten unless it is told otherwise
};

class Ssh final : public ShellAdapter {
 public:
  Ssh(const plan::Plan& plan, ShellOptions shell, SshOptions options);
  /// Commands that still run are ended where they run, and the connections closed; not longer than five seconds.
  ~Ssh() override;

  std::string name() const override { return "ssh"; }
  Result<Milliseconds> start() override;

 private:
  /// The way to one host.
  struct Lane {
    enum class State { closed, opening, open };
    State state = State::closed;
    int attempts = 0;
    std::deque<JobId> waiting;
    std::set<JobId> running;
    std::unique_ptr<Process> opener;
    Capture said;  // by the opener, on its standard error
    Loop::Alarm patience = 0;
  };
  /// Ends a command at the far end.
  struct Ender {
    std::unique_ptr<Process> process;
    Loop::Alarm patience = 0;
  };

  void dispatch(JobId id) override;
  void stop(JobId id) override;
  Reply::Status status_of(const Job& job, const ErrandEnd& end) const override;
  void over(const Job& job) override;

  void open(const std::string& address);
  void opened(const std::string& address, const ProcessEnd& end);
  void pump(const std::string& address);
  void end_far(JobId id, Milliseconds grace);
  void ended_far(JobId id, bool gone);
  std::vector<std::string> command(const std::string& address, const std::string& line) const;
  std::vector<std::string> client() const;

  SshOptions ssh_;
  std::string folder_;  // for the connections' sockets: nobody else can look into it
  std::map<std::string, Lane> lanes_;
  std::map<JobId, Ender> enders_;
};

}  // namespace exm
