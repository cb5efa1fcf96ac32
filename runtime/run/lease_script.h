// The commands that leave a timer on a host, extend it and end it: a timer that nobody extends runs a command there. They
// are commands of the plan's languages, so that every adapter that runs steps leaves timers. Entry point: lease_script.
#pragma once

#include <string>
#include <string_view>

#include "runtime/plan/plan.h"

namespace exm {

enum class LeaseAct {
  leave,   // begins the timer anew if it runs already
  extend,  // fails where there is none, or it has run out
  end,     // fails where it has run out
};

/// What `extend` and `end` say where it has run out.
constexpr std::string_view lease_run_out = "the timer has run out";

/// Whether timers can be left where commands are in this language.
bool leases_in(std::string_view language);

/// `name` is of letters, digits and hyphens, and the timer's own on that host. `undo` is what the timer runs, in `language`.
/// In "shell" it is POSIX: the timer is a unit of systemd's where that runs, else a process of its own; its files are in
/// ~/.exm/leases of the user who runs the steps. In "powershell" it is a scheduled task. Neither depends on who leaves it being
/// connected. A reboot of the host ends the shell's.
plan::Text lease_script(LeaseAct act, std::string_view language, const std::string& name, plan::Seconds lasts, const plan::Text& undo);

}  // namespace exm
