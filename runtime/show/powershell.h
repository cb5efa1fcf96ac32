// A plan as the PowerShell script that a careful administrator would have written: it looks before and after each step,
// skips what is so already, keeps a journal to continue from, and stops at the first failure. Entry point: show_powershell.
#pragma once

#include <string>

#include "runtime/plan/plan.h"

namespace exm {

/// A script in the language of PowerShell 2.0 that later versions run too. It begins with a byte order mark where it holds
/// anything but ASCII, since versions before 6 would read it in the machine's code page otherwise.
std::string show_powershell(const plan::Plan& plan);

}  // namespace exm
