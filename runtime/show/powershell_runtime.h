// The parts of a script that are the same in every one: raw PowerShell, in the language of version 2.0.
#pragma once

#include <string_view>

namespace exm::show {

extern const std::string_view powershell_logic;     // three-valued conditions over what is known of the world
extern const std::string_view powershell_journal;   // what has been done, on disk, to continue from
extern const std::string_view powershell_hosts;     // sessions, commands and probes on hosts, questions to a person
extern const std::string_view powershell_secrets;   // only where a command is given one
extern const std::string_view powershell_engine;    // one step: check, act, check; what is said at a stop
extern const std::string_view powershell_retreat;   // the way back from a step that was cut off
extern const std::string_view powershell_main;      // the run

}  // namespace exm::show
