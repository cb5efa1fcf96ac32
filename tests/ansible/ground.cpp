#include "tests/ansible/ground.h"

#include <catch2/catch.hpp>
#include <cstdio>
#include <cstdlib>
#include <sstream>

namespace exm::cli {

bool ansible_is_there() {
  static const bool there = [] {
    const bool found = std::system("command -v ansible-playbook > /dev/null 2>&1") == 0;
    if (!found) std::fprintf(stderr, "SKIPPED: no playbook is run, as there is no ansible-playbook (Debian: ansible-core)\n");
    return found;
  }();
  return there;
}

Ran play(const std::string& folder, const Words& words, const exm::test::Sshd* server) {
  Words all{"ansible-playbook", "-i", folder + "/inventory.yml", folder + "/plan.yml", "-e", "ansible_python_interpreter=/usr/bin/python3"};
  all.insert(all.end(), words.begin(), words.end());
  Call how;
  how.folder = folder;
  how.variables = {{"ANSIBLE_NOCOLOR", "1"}, {"ANSIBLE_LOCAL_TEMP", folder + "/tmp"}, {"ANSIBLE_HOME", folder + "/home"}, {"LC_ALL", "C.UTF-8"},
                   {"ANSIBLE_PIPELINING", "1"}, {"ANSIBLE_DEPRECATION_WARNINGS", "0"}, {"ANSIBLE_ASYNC_DIR", folder + "/async"},
                   {"ANSIBLE_SSH_CONTROL_PATH_DIR", folder + "/cp"}};
  if (server != nullptr)
    how.variables["ANSIBLE_SSH_ARGS"] = "-F " + server->config() + " -o ControlMaster=auto -o ControlPersist=5s";
  else
    all.insert(all.end(), {"-e", "ansible_connection=local"});
  return call("/usr/bin/env", all, how);
}

Pool::Pool(const exm::test::Sshd* server) : server_(server) {
  write_text(at("act"), "# act NAME HOST touch|rm STATE\n"
                        "cd " + folder.path + " && echo \"begin $1 $2\" >> log\n"
                        "if test -e \"luckless-$1-$2\"; then rm \"luckless-$1-$2\"; echo no luck >&2; exit 3; fi\n"
                        "if test -e \"broken-$1-$2\"; then echo 'broken {{ 1 / 0 }}' >&2; exit 4; fi\n"
                        "sleep 0.5; $3 \"$4-$2\" && echo \"end $1 $2\" >> log\n");
  write_text(at("log"), "");
  for (const std::string host : {"w 1", "w2", "w3"}) {
    for (const std::string state : {"serving", "watched", "checked"}) set(state, host, true);
    write_text(at("release-" + host), "1\n");
  }
  const Ran planned = call_exm({"plan", "tests/ansible/pool.exm", "--set", "folder=" + folder.path, "-o", plan});
  INFO(planned.err);
  REQUIRE(planned.code == 0);
  const Ran playbook = call_exm({"show", plan, "--format", "ansible"}), inventory = call_exm({"show", plan, "--format", "ansible-inventory"});
  INFO(playbook.err);
  REQUIRE(playbook.code == 0);
  write_text(at("plan.yml"), playbook.out);
  write_text(at("inventory.yml"), inventory.out);
}

Ran Pool::run(const Words& more) const { return play(folder.path, more, server_); }

void Pool::set(const std::string& state, const std::string& host, bool yes) const {
  if (yes)
    write_text(at(state + "-" + host), "");
  else
    std::filesystem::remove(at(state + "-" + host));
}

bool Pool::is(const std::string& state, const std::string& host) const { return std::filesystem::exists(at(state + "-" + host)); }

std::vector<std::string> Pool::log() const {
  std::vector<std::string> lines;
  std::istringstream text(text_of(at("log")));
  for (std::string line; std::getline(text, line);) lines.push_back(line);
  return lines;
}

void Pool::before_update_of_w2() const {
  write_text(at("release-w 1"), "2\n");
  set("serving", "w2", false);
  set("watched", "w2", false);
}

}  // namespace exm::cli
