// Which slots and arguments a template asks for: what else a step has, it has for its way back. Entry points: slots_in,
// slot_mark.
#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <string_view>

#include "runtime/plan/plan.h"

namespace exm::plan {

struct SlotUse {
  std::size_t objects = 0;       // the slots are those below it
  std::set<std::string> args;    // by name
};

SlotUse slots_in(const Template& shape);

/// What a dollar sign begins that is not doubled: `$0` is a slot's number, `$name` an argument's name (empty: a mere dollar sign).
struct SlotMark {
  std::string name;
  bool number = false;
  std::size_t end = 0;  // in the text
};

SlotMark slot_mark(std::string_view text, std::size_t dollar);

}  // namespace exm::plan
