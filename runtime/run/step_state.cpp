#include "runtime/run/step_state.h"

#include <array>

namespace exm {
namespace {

constexpr std::array<std::string_view, 8> names{"pending", "checking", "skipped", "running",
                                                "verifying", "done", "failed", "in_doubt"};

}  // namespace

std::string_view name_of(StepState state) { return names[static_cast<std::size_t>(state)]; }

std::optional<StepState> step_state(std::string_view name) {
  for (std::size_t i = 0; i < names.size(); ++i)
    if (names[i] == name) return static_cast<StepState>(i);
  return std::nullopt;
}

}  // namespace exm
