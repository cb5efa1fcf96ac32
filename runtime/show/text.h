// A plan as text for the terminal: what happens when, on which host, and why each step is there.
// Entry points: show_text, explain_step.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "runtime/plan/plan.h"

namespace exm {

struct TextOptions {
  bool colour = false;
  std::size_t width = 80;
  bool whys = true;
};

/// The whole plan. No control character of it gets to the terminal but those of the colours asked for.
std::string show_text(const plan::Plan& plan, const TextOptions& options = {});

/// All that there is to know of one step; nothing where there is no such step.
std::optional<std::string> explain_step(const plan::Plan& plan, const std::string& id, const TextOptions& options = {});

}  // namespace exm
