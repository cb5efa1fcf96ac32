// Values and formulas as a person reads them: `EX3.up and casnlb.hosts.EX3.mode == stopped`.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "runtime/plan/expression.h"
#include "runtime/plan/value.h"

namespace exm {

std::string words(const plan::Value& value);
std::string words(const plan::Expression& expression);

/// The same in a sentence: what each variable is. "EX3.up is false and EX4.up is unknown"
std::string words(const std::vector<std::pair<std::string, plan::Value>>& values);

}  // namespace exm
