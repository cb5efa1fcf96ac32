// A plan as an Ansible playbook: its steps in waves that the checker finds right, with the ways back that hold in them. Entry points:
// playbook_of, ansible_of.
#pragma once

#include <string>

#include "runtime/result.h"
#include "runtime/show/playbook.h"

namespace exm {

/// Of the ways to put the steps into waves that one in which users feel least, then the shortest, then the one with the most ways back; every
/// one is checked as a plan whose steps each come after all of the wave before. A failure where none is valid: nothing is shown then.
Result<show::Playbook> playbook_of(const plan::Plan& plan);

/// The playbook as text.
Result<std::string> ansible_of(const plan::Plan& plan);

}  // namespace exm
