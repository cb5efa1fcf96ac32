// A real OpenSSH server on loopback with keys of its own, and the client's config for it. Entry point: Sshd::shared.
#pragma once

#include <sys/types.h>

#include <string>

#include "tests/unit/run/sim_run.h"

namespace exm::test {

class Sshd {
 public:
  /// One for the whole program. Null where there is no sshd or it does not start, which is said loudly on the standard error.
  static Sshd* shared();
  ~Sshd();

  /// For `ssh -F`: every host named h… is this server; `nobody` is one where no server listens, `stranger` one whose key is not
  /// the known one, `keyless` one that has no key of ours.
  const std::string& config() const { return config_; }
  /// Ends every connection that there is, as a cut cable would, but at once.
  void cut();

 private:
  Sshd() = default;
  bool start();

  Folder folder_;
  std::string config_;
  pid_t server_ = 0;
};

}  // namespace exm::test
