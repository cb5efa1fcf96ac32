// exm-run as a child that can be killed, with a folder of its own; and whether it ended as one that nobody disturbed.
// Entry points: Program, undisturbed, ends_like.
#pragma once

#include <sys/types.h>

#include <csignal>
#include <string>
#include <vector>

#include "runtime/adapter/sim_store.h"
#include "tests/unit/run/sim_run.h"

namespace exm::test {

using Words = std::vector<std::string>;

struct Child {
  pid_t pid = 0;
  std::string output;  // the file that it writes to
};

/// Starts exm-run. `variables` ("NAME=VALUE") are added to its environment.
Child spawn(const Words& words, const std::string& output, const Words& variables = {});

/// Its exit code, or 1000 and the signal that ended it.
int wait_for(const Child& child);

std::string text_of(const std::string& path);

struct Program {
  Folder folder;
  std::string journal = folder.file("run.exmrun");
  std::string output = folder.file("output");
  int call(const Words& words, const Words& variables = {}) { return wait_for(spawn(words, output, variables)); }
  std::string said() const { return text_of(output); }
};

constexpr int killed = 1000 + SIGKILL;

/// What the simulator keeps of a run of the plan that nothing befell.
SimRecord undisturbed(const std::string& plan);

/// The same world, each step taken once, and a log in which the audit finds nothing.
void ends_like(const SimRecord& whole, const Program& program);

}  // namespace exm::test
