// How a program of this project ends: what scripts rely on. One table; README and a test repeat it.
#pragma once

#include <iostream>

#include "runtime/result.h"
#include "runtime/run/run.h"

namespace exm {

enum ExitCode : int {
  exit_done = 0,
  exit_refuted = 1,       // the input has errors, or a plan or test does not hold
  exit_usage = 2,
  exit_no_plan = 3,
  exit_run_failed = 4,    // a run failed or was stopped
  exit_drift = 5,
  exit_bound = 6,         // a bound was reached before an answer
  exit_environment = 7,   // the file system or an adapter failed
  exit_interrupted = 130,
};

inline int exit_code_of(const Failure& failure) {
  switch (failure.kind) {
    case Failure::Kind::bad_input: return exit_refuted;
    case Failure::Kind::usage: return exit_usage;
    case Failure::Kind::drift: return exit_drift;
    case Failure::Kind::bound: return exit_bound;
    case Failure::Kind::environment: return exit_environment;
  }
  return exit_environment;
}

inline int exit_code_of(const Outcome& outcome) {
  switch (outcome.kind) {
    case Outcome::Kind::done: return exit_done;
    case Outcome::Kind::failed:
    case Outcome::Kind::in_doubt:
    case Outcome::Kind::stopped: return exit_run_failed;
    case Outcome::Kind::drift: return exit_drift;
    case Outcome::Kind::invalid: return outcome.began ? exit_drift : exit_refuted;
    case Outcome::Kind::refused: return outcome.began ? exit_run_failed : exit_usage;
    case Outcome::Kind::bound: return exit_bound;
    case Outcome::Kind::interrupted: return exit_interrupted;
    case Outcome::Kind::broken: return exit_environment;
    case Outcome::Kind::usage: return exit_usage;
  }
  return exit_environment;
}

/// The exit code of a command that printed to standard output: what could not be written is not done.
inline int after_output(int code) {
  std::cout.flush();
  if (std::cout.good() || code != exit_done) return code;
  std::cerr << "standard output cannot be written\n";
  return exit_environment;
}

}  // namespace exm
