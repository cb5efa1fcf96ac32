#include "runtime/run/judge.h"

#include <algorithm>
#include <map>

#include "runtime/adapter/value_text.h"
#include "runtime/verify/evaluate.h"

namespace exm {
namespace {

plan::Value value_in(const plan::Expression& expression, const World& world) { return evaluate(expression, world); }

bool known(const plan::Value& value) { return value.type != plan::Value::Type::unknown; }

std::string difference(const std::string& variable, const plan::Value& expected, const plan::Value& seen) {
  return variable + " is " + value_text(seen) + ", the plan expects " + value_text(expected);
}

/// "Forefront is on", or else what the formula reads, with the values.
std::string broken_requirement(const plan::Requirement& requirement, const World& seen) {
  std::string text = requirement.otherwise.empty() ? "a requirement does not hold" : requirement.otherwise;
  std::vector<std::string> variables;
  reads(requirement.formula, variables);
  std::sort(variables.begin(), variables.end());
  variables.erase(std::unique(variables.begin(), variables.end()), variables.end());
  std::string values;
  for (const auto& variable : variables)
    values += (values.empty() ? "" : ", ") + variable + " is " + value_text(value_of(seen, variable));
  return values.empty() ? text : text + " (" + values + ")";
}

/// An effect that no probe shows holds only where the plan's own value is that already.
bool holds_already(const Changes& goals, const Look& look) {
  return std::all_of(goals.begin(), goals.end(), [&](const Change& goal) {
    const World& world = look.probed.count(goal.variable) != 0 ? look.seen : look.planned;
    return equal(value_of(world, goal.variable), goal.value) == Truth::yes;
  });
}

void read_by(const plan::Effect& effect, std::vector<std::string>& variables) {
  for (const auto& assignment : effect.assignments) {
    reads(assignment.to, variables);
    if (assignment.when) reads(*assignment.when, variables);
  }
  for (const auto& part : effect.parts) read_by(part, variables);
}

}  // namespace

std::vector<std::string> concerned(const plan::Template& shape) {
  auto variables = written(shape);
  for (const auto& requirement : shape.requires_) reads(requirement.formula, variables);
  read_by(shape.effects, variables);
  std::sort(variables.begin(), variables.end());
  variables.erase(std::unique(variables.begin(), variables.end()), variables.end());
  return variables;
}

Changes goals_of(const plan::Template& shape, const World& world) {
  std::map<std::string, Change> last;
  for (const auto& group : resolve(shape.effects, world, value_in))
    for (const auto& change : group) {
      auto& goal = last[change.variable];
      const bool same_anyway = change.doubtful && goal.variable == change.variable && !goal.doubtful && goal.value == change.value;
      goal = change;
      if (same_anyway) goal.doubtful = false;
    }
  Changes goals;
  for (auto& [variable, goal] : last)
    if (known(goal.value) && !goal.doubtful) goals.push_back(std::move(goal));
  return goals;
}

Judgement judge(const plan::Template& shape, const Look& look) {
  const Changes goals = goals_of(shape, look.seen);
  if (!goals.empty() && holds_already(goals, look)) return {Judgement::Kind::skip, {}};
  Judgement judgement;
  for (const auto& requirement : shape.requires_)
    if (truth(requirement.formula, look.seen) != Truth::yes)
      judgement.differences.push_back(broken_requirement(requirement, look.seen));
  for (const auto& variable : written(shape)) {
    const auto& planned = value_of(look.planned, variable);
    const auto& seen = value_of(look.seen, variable);
    if (look.probed.count(variable) == 0 || !known(planned) || equal(planned, seen) == Truth::yes) continue;
    judgement.differences.push_back(difference(variable, planned, seen));
  }
  if (!judgement.differences.empty()) judgement.kind = Judgement::Kind::drift;
  return judgement;
}

std::vector<std::string> missing(const Changes& goals, const World& seen, const std::set<std::string>& probed) {
  std::vector<std::string> open;
  for (const auto& goal : goals) {
    const auto& value = value_of(seen, goal.variable);
    if (probed.count(goal.variable) == 0 || equal(value, goal.value) == Truth::yes) continue;
    open.push_back(goal.variable + " is " + value_text(value) + " and should be " + value_text(goal.value));
  }
  return open;
}

Traces traces_of(const plan::Template& shape, const Changes& goals, const World& before, const World& seen,
                 const std::set<std::string>& probed) {
  bool hidden = goals.empty();
  bool would_show = false;
  for (const auto& goal : goals) {
    const bool changes = equal(value_of(before, goal.variable), goal.value) != Truth::yes;
    if (changes && probed.count(goal.variable) == 0) hidden = true;
    if (changes && probed.count(goal.variable) != 0) would_show = true;
  }
  if (!hidden && missing(goals, seen, probed).empty()) return Traces::done;
  const auto variables = written(shape);
  const bool same_everywhere = std::all_of(variables.begin(), variables.end(), [&](const std::string& variable) {
    return probed.count(variable) == 0 || same(value_of(before, variable), value_of(seen, variable));
  });
  if (hidden) return Traces::invisible;
  return same_everywhere && would_show ? Traces::untouched : Traces::half_done;
}

void cut_off(const plan::Template& shape, World& world) {
  const auto groups = resolve(shape.effects, world, value_in);
  Changes all = resolve(shape.during, world, value_in);
  for (const auto& group : groups) all.insert(all.end(), group.begin(), group.end());
  for (const auto& change : all) {
    auto& value = world[change.variable];
    if (!same(value, change.value)) value = plan::unknown();
  }
}

}  // namespace exm
