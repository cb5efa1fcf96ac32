#include "compiler/solve/moment.h"

#include <algorithm>

namespace exm::planning {

namespace {

bool uses_meet(const task::Operator& a, const task::Operator& b) {
  return std::find_first_of(a.uses.begin(), a.uses.end(), b.uses.begin(), b.uses.end()) != a.uses.end();
}

Val host(const Model& model, std::uint32_t op, const State& state) {
  const auto& o = model.task.operators[Id<task::Operator>(op)];
  return o.on ? model.evaluate.value(o.on, state) : 0;
}

}  // namespace

bool may_begin(const Model& model, std::uint32_t op, Moment& moment) {
  const auto& o = model.task.operators[Id<task::Operator>(op)];
  if (model.task.at_most && model.holds(model.task.at_most_constraint) &&
      moment.running.size() >= static_cast<std::size_t>(*model.task.at_most))
    return false;
  const Val on = host(model, op, moment.base);
  for (const auto& r : moment.running) {
    const auto& other = model.task.operators[Id<task::Operator>(r.under_way.op)];
    if ((o.on && other.on && host(model, r.under_way.op, moment.base) == on) || uses_meet(o, other)) return false;
    if (races(model.operators[op], model.operators[r.under_way.op])) return false;
  }
  for (const auto& r : o.requires_)
    if (model.holds(r.constraint) && model.evaluate.truth(r.formula, moment.base) != Truth::yes) return false;
  UnderWay step{op, begin(model, op, moment.base)};
  if (!step.begun.possible) return false;
  std::vector<UnderWay> all;
  for (const auto& r : moment.running) all.push_back(r.under_way);
  all.push_back(std::move(step));
  return !broken_rule(model, moment.base, all, all.size() - 1, moment.bound);
}

void begin_step(const Model& model, std::uint32_t step, std::uint32_t op, Moment& moment) {
  moment.begun[step] = true;
  Running running{step, model.task.operators[Id<task::Operator>(op)].takes, {op, begin(model, op, moment.base)}};
  const auto at = std::upper_bound(moment.running.begin(), moment.running.end(), step,
                                   [](std::uint32_t s, const Running& r) { return s < r.step; });
  moment.running.insert(at, std::move(running));
}

State now(const Moment& moment) {
  State state = moment.base;
  for (const auto& r : moment.running) enter(r.under_way.begun, state);
  return state;
}

Cost advance(const Model& model, const Meter& meter, Moment& moment) {
  Seconds next = moment.running.front().remaining;
  for (const auto& r : moment.running) next = std::min(next, r.remaining);
  const State during = now(moment);
  Cost cost;
  cost[program::Measure::disruption] = meter.disrupted(during) * next;
  cost[program::Measure::duration] = next;
  cost[program::Measure::away] = meter.away(during) * next;
  for (auto& r : moment.running) {
    r.remaining -= next;
    if (r.remaining == 0) finish(r.under_way.begun, moment.base);
  }
  std::erase_if(moment.running, [](const Running& r) { return r.remaining == 0; });
  bind(model, moment.base, moment.bound);
  return cost;
}

}  // namespace exm::planning
