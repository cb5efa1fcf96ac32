#include "runtime/plain/check.h"

namespace exm::plain {

Report check(const std::string& text) {
  Report report;
  try {
    const Json plan = parse(text);
    check(plan, report);
    if (plan.at("digest") != digest_of(plan)) report.broken.push_back("digest: the plan has been changed since it was made");
  } catch (const std::exception& wrong) {
    report.broken.push_back(std::string("plan: ") + wrong.what());
  }
  return report;
}

void check(const Json& json, Report& report) {
  Played plan{json, Model(json), {}, {}, {}};
  check_requirements(plan, report);
  check_races(plan.model, report);
  if (!report.broken.empty()) return;  // no one run stands for all orders
  check_limits(plan, report);
  check_rules(plan, report);
  check_end(plan, report);
  if (report.valid()) check_ways_back(plan, report);  // while rules can break there is no telling what binds the way back
}

}  // namespace exm::plain
