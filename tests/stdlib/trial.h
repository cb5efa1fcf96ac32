// What shows that a clause is missing: a `test` of an example or of a case, the golden plan beside an example, or an input that is to be refused.
// Each can be tried with other modules than those that are built in. Entry points: try_with, trials.
#pragma once

#include <string>
#include <vector>

#include "compiler/driver/stdlib.h"
#include "compiler/ground/ground.h"

namespace exm::clauses {

struct Answer {
  enum class Says {
    holds,
    fails,
    unusable,  // the modules or the trial itself are in error
    gave_up,   // a bound was reached before an answer
  };
  Says says = Says::unusable;
  std::string why;
};

/// `FOLDER/FILE.exm: TITLE OF A test`, `FOLDER/FILE.exm: plan.txt`, `cases/NAME.exm: TITLE OF A test`, `refused/NAME.exm`; as the table in
/// stdlib/README.md writes it. The first two lie below examples/, the others here. Without a title all tests of the file are tried: they share plans.
Answer try_with(const Modules& modules, const std::string& trial, const Limits& limits = {});

/// The golden plan of one of the cases, as the modules that are built in give it, is written anew.
void bless(const std::string& trial);

/// All that there are, and the modules that each reads.
struct Trial {
  std::string name;
  std::vector<std::string> modules;
};
std::vector<Trial> trials();

}  // namespace exm::clauses
