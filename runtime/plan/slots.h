// Which slots and arguments a template asks for: what else a step has, it has for its way back. Entry point: slots_in.
#pragma once

#include <cstddef>
#include <set>
#include <string>

#include "runtime/plan/plan.h"

namespace exm::plan {

struct SlotUse {
  std::size_t objects = 0;       // the slots are those below it
  std::set<std::string> args;    // by name
};

SlotUse slots_in(const Template& shape);

}  // namespace exm::plan
