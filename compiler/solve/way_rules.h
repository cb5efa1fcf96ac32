// One step of a way back, in one of the states that the environment may be in: is there nothing for it to do, and does it keep the rules?
#pragma once

#include "compiler/solve/rules.h"

namespace exm::planning {

/// All that it would do is so already, and can be seen: the step is passed over. `begun`: as read in the state.
bool holds_already(const Model& model, const Begun& begun, const State& state);

/// As `holds_already`, at a glance: false only where that is false.
bool may_hold_already(const Model& model, std::uint32_t op, const State& state);

/// Do the rules that bind hold in each phase of the step and after it? One that binds only now has to hold from then on. Steps of
/// a way back are not cut off. The state is changed and put back.
bool keeps_rules(const Model& model, std::uint32_t op, const Begun& begun, State& state, const Bound& bound);

}  // namespace exm::planning
