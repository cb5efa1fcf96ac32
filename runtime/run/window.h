// The weekly windows of a maintenance: whether one is open, and when the next one opens. Entry point: look_at_windows.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "runtime/adapter/adapter.h"
#include "runtime/plan/plan.h"

namespace exm {

struct WindowLook {
  bool open = false;
  Milliseconds closes = 0;  // of an open one; no end where there are no windows
  Milliseconds opens = 0;   // where none is open
};

WindowLook look_at_windows(const std::vector<plan::Window>& windows, Milliseconds now);

/// "Sat 22:00 for 6 h 0 min"
std::string window_text(const plan::Window& window);

}  // namespace exm
