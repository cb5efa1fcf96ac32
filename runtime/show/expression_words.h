// A plan's expressions as a person would write them: `casnlb.hosts.EX3.mode == stopped`.
#pragma once

#include <string>

#include "runtime/plan/expression.h"

namespace exm::show {

std::string expression_words(const plan::Expression& expression);

}  // namespace exm::show
