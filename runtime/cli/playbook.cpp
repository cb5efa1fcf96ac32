#include "runtime/cli/playbook.h"

#include <algorithm>
#include <set>

#include "runtime/cli/playbook_step.h"
#include "runtime/show/ansible.h"
#include "runtime/show/powershell.h"
#include "runtime/show/waves.h"
#include "runtime/verify/verify.h"

namespace exm {
namespace {

struct Order {
  show::Waves waves;  // of the plan's own steps
  Verdict verdict;
  std::set<std::string> ways_back;  // from these steps
};

/// Whether it is about the way back from its step alone: what is offered for one that is not known to be right is left out.
bool about_way_back(const plan::Plan& plan, const Finding& finding) {
  if (finding.code == code::retreat.id || finding.code == code::no_retreat.id || finding.code == code::retreat_open.id) return true;
  if (finding.code != code::bound.id || finding.step.empty()) return false;
  // too many phases to look at, of a way back or of a fallback
  const auto step = std::find_if(plan.steps.begin(), plan.steps.end(), [&](const auto& one) { return one.id == finding.step; });
  return step != plan.steps.end() && !plan.templates.at(step->step_template).fallback;
}

/// What the checker says of the plan in these waves.
Order checked(const plan::Plan& plan, show::Waves waves) {
  Order order{std::move(waves), {}, {}};
  const plan::Plan ordered = show::in_waves(plan, order.waves);
  order.verdict = verify(ordered);
  const auto& unjudged = order.verdict.unjudged;
  if (std::find(unjudged.begin(), unjudged.end(), "7") != unjudged.end()) return order;
  for (const auto& step : plan.steps)
    if (plan.retreats.count(step.retreat) != 0) order.ways_back.insert(step.id);
  for (const auto& finding : order.verdict.findings)
    if (about_way_back(plan, finding)) order.ways_back.erase(finding.step);
  return order;
}

/// Ways back may be lost by the order, and are not offered then; everything else has to hold.
bool holds(const Order& order, const plan::Plan& plan) {
  std::size_t steps = 0;
  for (const auto& wave : order.waves) steps += wave.size();
  const auto& verdict = order.verdict;
  const bool sound = std::all_of(verdict.findings.begin(), verdict.findings.end(), [&](const Finding& f) { return about_way_back(plan, f); });
  const bool judged = std::all_of(verdict.unjudged.begin(), verdict.unjudged.end(), [](const auto& clause) { return clause == "7"; });
  return steps == plan.steps.size() && sound && judged;
}

bool better(const Order& a, const Order& b) {
  const auto& x = a.verdict.measured;
  const auto& y = b.verdict.measured;
  if (x.disruption != y.disruption) return x.disruption < y.disruption;
  if (x.duration != y.duration) return x.duration < y.duration;
  return a.ways_back.size() > b.ways_back.size();
}

/// The waves of an ordered copy of the plan, with the plan's own steps.
show::Waves own_steps(const plan::Plan& plan, const plan::Plan& ordered) {
  std::map<std::string, const plan::Step*> by_id;
  for (const auto& step : plan.steps) by_id[step.id] = &step;
  show::Waves waves;
  for (const auto& step : ordered.steps) waves.push_back({by_id.at(step.id)});
  return waves;
}

Failure refusal(const plan::Plan& plan, const Verdict& verdict) {
  std::string why;
  for (const Finding& finding : verdict.findings)
    if (!about_way_back(plan, finding) && why.empty()) why = finding.code + " " + finding.message;
  if (why.empty()) why = "the checker reached a bound before an answer";
  return {verdict.bound_reached ? Failure::Kind::bound : Failure::Kind::bad_input,
          "no playbook is made of this plan, as the checker does not find it valid: " + why + "\n  `exm verify` tells all of it"};
}

}  // namespace

Result<show::Playbook> playbook_of(const plan::Plan& plan) {
  const Order* best = nullptr;
  std::vector<Order> orders;
  orders.push_back(checked(plan, show::waves(plan, show::WaveWidth::wide)));
  orders.push_back(checked(plan, show::waves(plan, show::WaveWidth::overlapping)));
  for (const ScriptOrder order : {ScriptOrder::by_time, ScriptOrder::host_by_host})
    orders.push_back(checked(plan, own_steps(plan, one_after_another(plan, order))));
  for (const Order& order : orders)
    if (holds(order, plan) && (best == nullptr || better(order, *best))) best = &order;
  if (best == nullptr) return refusal(plan, orders.back().verdict);
  return in_detail(plan, best->waves, best->ways_back);
}

Result<std::string> ansible_of(const plan::Plan& plan) {
  const auto playbook = playbook_of(plan);
  if (!playbook) return playbook.error();
  return show_ansible(plan, *playbook);
}

}  // namespace exm
