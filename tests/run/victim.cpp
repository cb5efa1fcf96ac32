#include "tests/run/victim.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>

#include "runtime/plan/plan_json.h"
#include "runtime/run/audit.h"
#include "runtime/run/journal.h"

namespace exm::test {

Child spawn(const Words& words, const std::string& output, const Words& variables) {
  std::vector<char*> argv{const_cast<char*>(EXM_RUN)};
  for (const auto& word : words) argv.push_back(const_cast<char*>(word.c_str()));
  argv.push_back(nullptr);
  const pid_t pid = fork();
  if (pid == 0) {
    for (const auto& variable : variables) putenv(const_cast<char*>(variable.c_str()));
    const int file = open(output.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
    dup2(file, STDOUT_FILENO);
    dup2(file, STDERR_FILENO);
    const int nothing = open("/dev/null", O_RDONLY);
    dup2(nothing, STDIN_FILENO);
    execv(EXM_RUN, argv.data());
    _exit(127);
  }
  return {pid, output};
}

int wait_for(const Child& child) {
  int status = 0;
  waitpid(child.pid, &status, 0);
  return WIFSIGNALED(status) ? 1000 + WTERMSIG(status) : WEXITSTATUS(status);
}

std::string text_of(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

SimRecord undisturbed(const std::string& plan) {
  Program program;
  const int code = program.call({"run", plan, "--yes", "--no-sync", "--journal", program.journal});
  INFO(program.said());
  REQUIRE(code == 0);
  return *read_simulation(program.journal + ".sim");
}

void ends_like(const SimRecord& whole, const Program& program) {
  const auto rest = read_simulation(program.journal + ".sim");
  REQUIRE(rest);
  CHECK(rest->changed == whole.changed);
  std::map<std::string, int> count;
  for (const auto& execution : rest->executions) ++count[execution.step];
  for (const auto& execution : whole.executions) CHECK(count[execution.step] == 1);
  CHECK(count.size() == whole.executions.size());
  const auto content = read_journal(program.journal);
  REQUIRE(content);
  const auto plan = plan_from_json(content->head.plan_json);
  REQUIRE(plan);
  CHECK(audit(*plan, content->head.digest, content->records).empty());
}

}  // namespace exm::test
