#include "runtime/run/gates.h"

namespace exm {

std::vector<Gate> gates_of(const plan::Plan& plan, const plan::Template& shape, bool first) {
  std::vector<Gate> gates;
  for (const auto& confirm : plan.limits.confirms)
    if (confirm.before.empty() ? first : confirm.before == shape.action) gates.push_back({confirm.id, confirm.question});
  for (const auto& question : shape.confirm) gates.push_back({shape.action, question});
  return gates;
}

}  // namespace exm
