// `test` declarations: plan as they say, then hold the plan against what they expect.
#pragma once

#include <string>
#include <vector>

#include "compiler/base/source.h"
#include "compiler/check/program.h"
#include "compiler/driver/coverage.h"
#include "compiler/ground/ground.h"

namespace exm {

struct TestResult {
  std::string title;
  std::string maintenance;
  std::vector<std::string> failures;  // sentences with places; none: it passed
};

/// `touched` is filled with what the plans of the tests have to do with.
std::vector<TestResult> run_tests(const program::Program& program, const Sources& sources, const Limits& limits, Touched& touched);

}  // namespace exm
