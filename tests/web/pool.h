// The pool of examples/web-pool as real processes in a folder of its own, and real runs against it. Entry points: Pool::make, Running.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "tests/cli/program.h"
#include "tests/run/sshd.h"

namespace exm::test {

/// What HAProxy says of a server.
struct Seat {
  std::string mode;  // ready, drain, maint
  bool up = false;
  std::string text() const { return mode + (up ? "" : ", down"); }
};

class Pool {
 public:
  /// Null where a program is missing that it needs, which is said loudly on the standard error.
  static std::unique_ptr<Pool> make();
  ~Pool();

  int port() const { return port_; }
  const std::string& folder() const { return folder_.path; }
  std::string file(const std::string& name) const { return folder_.file(name); }
  /// HAProxy's answer to a command on its runtime socket.
  std::string haproxy(const std::string& command) const;
  Seat seat(const std::string& server) const;
  /// How many servers HAProxy sends users to.
  int serving() const;
  /// The least that a look every 10 ms has found since the last call.
  int least_serving();
  /// SIGKILL for the nginx of a server, master and workers.
  void kill_nginx(int server) const;
  void start_nginx(int server) const;

  /// The words that tell `exm plan` of this pool, for the example or another file.
  cli::Words plan_words(const std::string& out, const std::string& file = "examples/web-pool/webpool.exm") const;
  /// The words that carry a plan out over ssh, each machine by the OpenSSH server.
  cli::Words run_words(const std::string& plan, const std::string& journal) const;
  cli::Words ssh_words() const;

 private:
  Pool() = default;

  Folder folder_;
  int port_ = 0;
  Sshd* sshd_ = nullptr;
  std::atomic<bool> ending_{false};
  std::atomic<int> least_{99};
  std::thread watch_;
};

/// `exm` in the background.
class Running {
 public:
  Running(const Pool& pool, const cli::Words& words);
  ~Running();
  void kill_now();
  cli::Ran end();  // waits

 private:
  std::string out_;
  pid_t child_ = 0;
};

/// Waits until it holds; what: for the message where it does not within a minute.
void wait_until(const std::string& what, const std::function<bool()>& holds);

}  // namespace exm::test
