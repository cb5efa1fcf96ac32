// `run` and `resume`: from a plan file or a journal to an exit code. Entry points: run_plan, resume_run.
#pragma once

#include <string>
#include <vector>

namespace exm {

struct RunArguments {
  std::string plan;                 // of run
  std::string journal;              // of run: empty is NAME.exmrun
  std::string adapter = "sim";
  std::vector<std::string> adapter_options;  // of run: KEY=VALUE
  std::string format = "text";
  int parallel = 0;
  bool dry_run = false;
  bool yes = false;
  bool wait = false;
  bool retreat = false;             // of resume
  bool no_sync = false;             // for measurements
  std::vector<std::string> approve;
  std::vector<std::string> decide;  // of resume: STEP=done|again
  std::vector<std::string> inject;
  std::string require_signed;       // a file of allowed signers; empty: no signature is asked for
  std::string signature;            // its file; empty: the plan's name and .sig, or what the journal has
  std::string locks;                // the folder of locks on hosts; empty: lock_folder()
  double speed = 0;
  int crash_at = 0;                 // for tests: SIGKILL at the nth durable point
};

int run_plan(const RunArguments& arguments);
int resume_run(const RunArguments& arguments);

}  // namespace exm
