#include "runtime/cli/script.h"

#include <algorithm>
#include <cstdint>
#include <set>

#include "runtime/show/powershell.h"
#include "runtime/verify/verify.h"

namespace exm {
namespace {

struct Script {
  plan::Plan plan;                  // in one order
  std::set<std::string> ways_back;  // from these steps
  std::int64_t disruption = 0;
};

/// What the checker says of the plan in that order.
Script in_order(const plan::Plan& plan, ScriptOrder order) {
  Script script{one_after_another(plan, order), {}, 0};
  plan::Plan undigested = script.plan;
  undigested.digest.clear();
  const Verdict verdict = verify(undigested);
  script.disruption = verdict.measured.disruption;
  if (std::find(verdict.unjudged.begin(), verdict.unjudged.end(), "7") != verdict.unjudged.end()) return script;
  for (const auto& step : plan.steps)
    if (plan.retreats.count(step.retreat) != 0) script.ways_back.insert(step.id);
  for (const auto& finding : verdict.findings)
    if (finding.clause == "7") script.ways_back.erase(finding.step);
  return script;
}

}  // namespace

std::string script_of(const plan::Plan& plan) {
  const Script by_time = in_order(plan, ScriptOrder::by_time), by_host = in_order(plan, ScriptOrder::host_by_host);
  const bool felt_less = by_host.disruption < by_time.disruption;
  const bool more_ways = by_host.disruption == by_time.disruption && by_host.ways_back.size() > by_time.ways_back.size();
  const Script& better = felt_less || more_ways ? by_host : by_time;
  return show_powershell(better.plan, better.ways_back);
}

}  // namespace exm
