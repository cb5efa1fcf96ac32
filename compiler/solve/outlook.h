// What can be put back at all, as if nothing that was once so ever ceased to be: a bound on what any way back leaves open.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "compiler/solve/model.h"

namespace exm::planning {

struct Outlook {
  std::vector<bool> beyond;          // of `locals`: no sequence of the operators puts it back, or makes it what it is at the plan's end
  std::uint32_t felt = ~0u;          // an entry of `felt` (of disrupts_when) that stays true whatever is done
};

/// `locals` (sorted) are all that the operators change. The state is changed and put back.
Outlook look_out(const Model& model, std::span<const std::uint32_t> operators, const std::vector<Var>& locals, std::span<const std::uint32_t> felt,
                 const State& end, State& state);

}  // namespace exm::planning
