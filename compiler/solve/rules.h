// Do the rules hold in every state that the steps under way can make together, each in any of its phases?
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "compiler/solve/model.h"
#include "compiler/solve/phases.h"

namespace exm::planning {

/// A step that has begun and has not ended, as read when it began.
struct UnderWay {
  std::uint32_t op = 0;
  Begun begun;
};

/// Which latent rules bind by now; by rule.
using Bound = std::vector<bool>;

/// Is the rule known to hold, and would it be after the faults that it has to withstand? The state is changed and put back.
bool holds(const Model& model, std::uint32_t rule, State& state);

/// The latent rules that hold in the state bind from here on.
void bind(const Model& model, const State& state, Bound& bound);

/// The first rule (in the order of the files) among those that `running[focus]` touches that is not known to hold in some
/// combination of phases. `base` has the effects of all that has ended, and none of those of what is running. It is
/// changed and put back.
std::optional<std::uint32_t> broken_rule(const Model& model, State& base, std::span<const UnderWay> running, std::size_t focus,
                                         const Bound& bound);

/// The first rule not known to hold in this very state, faults to be withstood included.
std::optional<std::uint32_t> broken_rule(const Model& model, State& state, const Bound& bound);

}  // namespace exm::planning
