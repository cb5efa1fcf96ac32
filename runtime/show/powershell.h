// A plan as the PowerShell script that a careful administrator would have written: it looks before and after each step,
// skips what is so already, keeps a journal to continue from, and stops at the first failure. Entry points: show_powershell,
// one_after_another.
#pragma once

#include <set>
#include <string>

#include "runtime/plan/plan.h"

namespace exm {

/// A script takes one step after another: by the time at which the timeline begins them, or, as far as the plan lets it, all
/// of one host before those of the next, so that less is out at once.
enum class ScriptOrder { by_time, host_by_host };

/// The plan with each step after the one before it. It keeps the digest of the plan, and its script has this order.
plan::Plan one_after_another(const plan::Plan& plan, ScriptOrder order);

/// A script in the language of PowerShell 2.0 that later versions run too. It begins with a byte order mark where it holds
/// anything but ASCII, since versions before 6 would read it in the machine's code page otherwise. `ways_back` are the
/// steps whose recorded way back holds in the order of the script: a script can't prove it, so whoever asks for one does.
std::string show_powershell(const plan::Plan& plan, const std::set<std::string>& ways_back = {});

}  // namespace exm
