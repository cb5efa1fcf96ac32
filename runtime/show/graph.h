// The graph of a plan's steps, a box for each host. Entry points: show_dot (Graphviz), show_mermaid.
#pragma once

#include <string>

#include "runtime/plan/plan.h"

namespace exm {

std::string show_dot(const plan::Plan& plan);
std::string show_mermaid(const plan::Plan& plan);

}  // namespace exm
