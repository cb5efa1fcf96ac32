// A plan as an Ansible playbook and inventory: plays in the order of the plan's waves, each of which looks before and after its steps, as
// a run of exm does. Entry points: show_ansible, show_ansible_inventory.
#pragma once

#include <string>

#include "runtime/show/playbook.h"

namespace exm {

/// The playbook, one document of YAML. What the plan says is data in it, marked so that nothing is taken for a template.
std::string show_ansible(const plan::Plan& plan, const show::Playbook& playbook);

/// The hosts that it names, by the kind of object, each with its address.
std::string show_ansible_inventory(const plan::Plan& plan);

}  // namespace exm
