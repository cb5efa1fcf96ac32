// The verdict for people: what is wrong, where, and the way there. Plain text; colour is the caller's.
#pragma once

#include <string>

#include "runtime/plan/plan.h"
#include "runtime/verify/verdict.h"
#include "runtime/verify/verdict_json.h"

namespace exm {

/// The whole verdict. `name` is what the reader calls the plan, a file perhaps.
std::string verdict_text(const Verdict& verdict, const plan::Plan& plan, const std::string& name);
/// With the places of what it speaks of. `title` is that of the plan.
std::string verdict_text(const Report& report, const std::string& title);
/// One event on one line: "step 1f begins: EX3.up is false".
std::string event_text(const Event& event);
/// One line: "valid: 22 steps, 9 rules in every state (1840 states looked at)" or "not valid: 2 findings".
std::string verdict_line(const Verdict& verdict);

}  // namespace exm
