// The small plan with a way back from each step: what can be put back is, and the rest is listed as open.
#pragma once

#include "tests/unit/verify/small_plan.h"

namespace exm::test {

inline plan::Probe probe(const std::string& variable) {
  plan::Probe probe;
  probe.variable = variable;
  probe.language = "shell";
  return probe;
}

inline plan::Plan retreat_plan() {
  plan::Plan plan = small_plan();
  plan.limits.allow.clear();
  add_template(plan, "resume",
               {make(Operator::in, {var("$0.mode"), make(Operator::set, {word("draining"), word("stopped")})})}, {},
               together({set("$0.mode", word("started"))}), 60)
      .probes = {probe("$0.mode")};
  plan.retreats["back"] = {{{"resume", {"$0"}, {}, {}}}, {}};
  plan.retreats["out"].open = {{"$0.mode", plan::text("stopped")}, {"$0.good", plan::unknown()}};
  plan.retreats["installing"] = plan.retreats["out"];
  plan.retreats["installing"].open["$0.build"] = plan::unknown();
  const std::vector<std::string> names{"back", "installing", "out", "back"};
  for (std::size_t i = 0; i < plan.steps.size(); ++i) plan.steps[i].retreat = names[i % names.size()];
  return plan;
}

}  // namespace exm::test
