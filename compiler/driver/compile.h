// The compiler's story, from files to a proven plan. `compile` is its table of contents.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "compiler/base/diagnostics.h"
#include "compiler/check/check.h"
#include "compiler/driver/load.h"
#include "compiler/ground/ground.h"
#include "compiler/solve/solution.h"
#include "runtime/plan/plan.h"
#include "runtime/verify/verdict.h"

namespace exm {

struct CompileRequest {
  std::vector<std::string> files;  // "-" is standard input
  std::string maintenance;         // empty: the only one
  Modules modules = stdlib_modules();
  Settings settings;
  Limits limits;
};

struct Compilation {
  enum class Answer {
    planned,      // `plan` holds it
    errors,       // the input is wrong; the diagnostics say where
    impossible,   // no plan exists; the diagnostics say what excludes what
    gave_up,      // a bound was reached before an answer
    our_mistake,  // the plan that was found does not verify; `verdict` says why
  };
  Answer answer = Answer::errors;
  Sources sources;
  plan::Plan plan;
  Verdict verdict;
};

/// The files that a plan was made from, by path.
std::vector<plan::SourceFile> evidence(const Sources& sources);

Compilation compile(const CompileRequest& request, const FileReader& read, Diagnostics& diagnostics);

/// Plans one maintenance of a program that was checked. `with` adds wishes (a test's `with { … }`).
Compilation::Answer plan_maintenance(const program::Program& program, const Sources& sources, Id<program::Maintenance> maintenance,
                                  const program::Wishes* with, const Limits& limits, Diagnostics& diagnostics, plan::Plan& plan,
                                  Verdict& verdict);

/// The maintenance of that name, or the only one there is; nothing after saying what there are.
std::optional<Id<program::Maintenance>> choose_maintenance(const program::Program& program, const std::string& name,
                                                           Diagnostics& diagnostics);

}  // namespace exm
