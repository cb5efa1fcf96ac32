// A pool of web servers for real ansible-playbook runs: plan.yml and inventory.yml in a folder of its own, hosts that are a real sshd on
// loopback, and a log of what was begun and ended there. Entry point: Pool.
#pragma once

#include <string>
#include <vector>

#include "tests/cli/program.h"
#include "tests/run/sshd.h"

namespace exm::cli {

/// Whether there is an ansible-playbook; where there is none, that is said loudly.
bool ansible_is_there();

/// Runs ansible-playbook in a folder, over ssh where there is a server.
Ran play(const std::string& folder, const Words& words, const exm::test::Sshd* server);

class Pool {
 public:
  /// All hosts in order, the plan and its playbook made.
  explicit Pool(const exm::test::Sshd* server);

  std::string at(const std::string& name) const { return folder.file(name); }
  Ran run(const Words& more = {}) const;
  /// What is in order at a host, and what is not: `serving`, `watched`, `checked`.
  void set(const std::string& state, const std::string& host, bool yes) const;
  bool is(const std::string& state, const std::string& host) const;
  /// The next act of that name on that host fails, or every one.
  void break_once(const std::string& act, const std::string& host) const { write_text(at("luckless-" + act + "-" + host), ""); }
  void break_down(const std::string& act, const std::string& host) const { write_text(at("broken-" + act + "-" + host), ""); }
  /// "begin update w2", …
  std::vector<std::string> log() const;
  /// The world after the steps before the update of w2, which is in wave 7.
  void before_update_of_w2() const;

  exm::test::Folder folder;
  std::string plan = folder.file("plan.json");

 private:
  const exm::test::Sshd* server_;
};

}  // namespace exm::cli
