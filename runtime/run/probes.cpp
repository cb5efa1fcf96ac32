#include "runtime/run/probes.h"

#include "runtime/plan/instantiate.h"

namespace exm {

Probes::Probes(const plan::Plan& plan) : plan_(plan) {
  for (std::size_t i = 0; i < plan.steps.size(); ++i) {
    const auto& step = plan.steps[i];
    const auto shape = plan.templates.find(step.step_template);
    if (shape == plan.templates.end()) continue;
    const auto& probes = shape->second.probes;
    for (std::size_t p = 0; p < probes.size(); ++p)
      places_.try_emplace(plan::fill(probes[p].variable, step.objects, step.args), Place{static_cast<int>(i), static_cast<int>(p)});
  }
}

std::string Probes::address_of(const std::string& host) const {
  const auto found = plan_.hosts.find(host);
  return found == plan_.hosts.end() ? host : found->second.address;
}

Question Probes::ask(const plan::Probe& probe, const std::string& on) const {
  const std::string host = probe.command.from.empty() ? on : probe.command.from;
  return {std::make_shared<const plan::Probe>(probe), host, address_of(host)};
}

std::optional<Question> Probes::question(const std::string& variable, const plan::Template& shape) const {
  for (const auto& probe : shape.probes)
    if (probe.variable == variable) return ask(probe, shape.on);
  const auto found = places_.find(variable);
  if (found == places_.end()) return std::nullopt;
  const auto other = plan::instantiate(plan_, plan_.steps[static_cast<std::size_t>(found->second.step)]);
  return ask(other.probes[static_cast<std::size_t>(found->second.probe)], other.on);
}

}  // namespace exm
