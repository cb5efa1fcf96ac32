// Slots are named for the rule that they keep.
#include <fmt/format.h>

#include "compiler/lower/parts.h"

namespace exm::lowering {

namespace {

/// "enough_hosts_serve(casnlb)".
std::string rule_name(const Lowering& l, const task::Rule& rule) {
  std::string objects;
  for (const program::Value& bound : rule.binding)
    if (bound.tag == program::Value::Tag::object) objects += (objects.empty() ? "" : ", ") + l.program.objects[bound.object].path;
  const std::string name = rule.rule ? l.program.rules[rule.rule].name : fmt::format("keep_{}", rule.clause + 1);
  return objects.empty() ? name : fmt::format("{}({})", name, objects);
}

}  // namespace

void lower_slots(const Lowering& l, plan::Plan& plan) {
  std::vector<std::string> names;
  for (const FoundSlots& slots : l.found.slots) {
    const std::string name = rule_name(l, l.task.rules[slots.rule]);
    names.push_back(name);
    for (int number = 2; plan.limits.slots.contains(names.back()); ++number) names.back() = fmt::format("{} {}", name, number);
    plan.limits.slots.emplace(names.back(), static_cast<int>(slots.n));
  }
  for (std::size_t s = 0; s < l.found.steps.size(); ++s) {
    for (std::uint32_t slot : l.found.steps[s].acquires) plan.steps[s].acquires.push_back(names[slot]);
    for (std::uint32_t slot : l.found.steps[s].releases) plan.steps[s].releases.push_back(names[slot]);
  }
}

}  // namespace exm::lowering
