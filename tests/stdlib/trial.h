// What shows that a clause is missing: a `test` of an example or of a case, the golden plan beside an example, or an input that is to be refused.
// Each can be tried with other modules than those that are built in. Entry points: try_with, trials.
#pragma once

#include <string>
#include <vector>

#include "compiler/driver/stdlib.h"

namespace exm::clauses {

struct Answer {
  enum class Says { holds, fails, cannot_tell };
  Says says = Says::cannot_tell;
  std::string why;
};

/// `FOLDER/FILE.exm: TITLE OF A test`, `FOLDER/FILE.exm: plan.txt`, `cases/NAME.exm: TITLE OF A test`, `refused/NAME.exm`; as the table in
/// stdlib/README.md writes it. The first two lie below examples/, the others here.
Answer try_with(const Modules& modules, const std::string& trial);

/// All that there are, and the modules that each reads.
struct Trial {
  std::string name;
  std::vector<std::string> modules;
};
std::vector<Trial> trials();

}  // namespace exm::clauses
