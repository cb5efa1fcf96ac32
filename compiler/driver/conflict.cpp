#include "compiler/driver/conflict.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <set>

namespace exm {

namespace {

using Kind = task::Constraint::Kind;

std::string describe(const task::Constraint& c) {
  const std::string said = c.sentence.empty() ? c.formula : c.sentence;
  switch (c.kind) {
    case Kind::keep: return fmt::format("this is to be kept: {}", c.formula.empty() ? said : c.formula);
    case Kind::rule: return fmt::format("the rule `{}`: {}", c.name, said);
    case Kind::requirement: return fmt::format("`{}` requires this: {}", c.name, said);
    case Kind::forbid: return fmt::format("`{}` is forbidden", c.name);
    case Kind::at_most: return "only so many steps may run at once";
    case Kind::window: return "the work has to fit this window";
    case Kind::wish: return fmt::format("this is wished: {}", c.formula.empty() ? said : c.formula);
    case Kind::restoration: return fmt::format("`{}` has to be put back as it was", c.name);
  }
  return said;
}

std::string counts_words(const task::Task& task, const std::vector<Id<task::Constraint>>& counts) {
  std::string out;
  for (const auto c : counts) {
    const auto& constraint = task.constraints[c];
    const std::string one = constraint.kind == Kind::keep ? fmt::format("`keep {}`", constraint.formula) : fmt::format("`{}`", constraint.name);
    out += (out.empty() ? "" : " and ") + one;
  }
  return out;
}

std::string minutes(std::int64_t seconds) { return fmt::format("{} min", (seconds + 59) / 60); }

/// Of what stands at one place in the files and is named for several objects, which is meant.
std::string which(const task::Task& task, const std::vector<Id<task::Constraint>>& set, Id<task::Constraint> c) {
  const auto& mine = task.constraints[c];
  const bool said = mine.kind == Kind::keep || mine.kind == Kind::wish || mine.formula.empty() || mine.sentence.empty();
  const auto here = std::count_if(set.begin(), set.end(), [&](auto other) {
    const auto& theirs = task.constraints[other];
    return theirs.span.source == mine.span.source && theirs.span.begin == mine.span.begin;
  });
  return said || here < 2 ? "" : ": " + mine.formula;
}

/// "if `stop_now` were allowed": a change with which there is a plan.
std::string describe(const task::Task& task, const WayOut& way) {
  const auto& first = task.constraints[way.constraints.front()];
  switch (way.kind) {
    case WayOut::Kind::fewer:
      if (way.constraints.size() > 1)
        return fmt::format("if {} each asked for {} instead of {}, or had {} more to count", counts_words(task, way.constraints), way.to, way.from,
                           std::abs(way.from - way.to));
      return way.to < way.from ? fmt::format("with {} instead of {} in {}, or with {} more to count", way.to, way.from,
                                             counts_words(task, way.constraints), way.from - way.to)
                               : fmt::format("with {} instead of {} in {}", way.to, way.from, counts_words(task, way.constraints));
    case WayOut::Kind::allowed: return fmt::format("if `{}` were allowed", first.name);
    case WayOut::Kind::left: return fmt::format("with `leave {}`", first.name);
    case WayOut::Kind::more_at_once: return fmt::format("with {} steps at once instead of {}", way.to, way.from);
    case WayOut::Kind::longer: return fmt::format("with a window of {} instead of {}", minutes(way.to), minutes(way.from));
  }
  return "";
}

/// What the modules say of the world as it is: often it is what is in the way.
void say_notices(const task::Task& task, Diagnostic& problem) {
  for (const std::string& notice : task.world_notices) problem.hint("worth knowing: " + notice);
}

}  // namespace

void report_conflict(const program::Maintenance& maintenance, const task::Task& task, const Impossible& impossible,
                     Diagnostics& diagnostics) {
  bool first = true;
  for (const auto& set : impossible.conflicts) {
    auto& problem = first ? diagnostics.report(maintenance.span, diag::no_plan, maintenance.name)
                          : diagnostics.report(maintenance.span, diag::no_plan_either, maintenance.name);
    // What the maintenance's own file says comes first: there the administrator can change something.
    for (const bool own : {true, false})
      for (const auto c : set)
        if (own == (task.constraints[c].span.source == maintenance.span.source))
          problem.label(task.constraints[c].span, describe(task.constraints[c]) + which(task, set, c));
    problem.hint(set.size() == 1 ? "without it there would be a plan, as far as this is concerned"
                                 : "take any one of these away, and nothing among the others is in the way");
    if (first) {
      for (const auto& way : impossible.ways_out) problem.hint("there is a plan " + describe(task, way));
      say_notices(task, problem);
    }
    first = false;
  }
  if (impossible.conflicts.empty()) diagnostics.report(maintenance.span, diag::no_plan, maintenance.name);
}

bool report_no_retreat(const program::Program& program, const task::Task& task, const Found& found, const std::vector<NoRetreat>& none,
                       Diagnostics& diagnostics) {
  std::set<Id<program::Action>> said;
  bool bound = false;
  for (const auto& one : none) {
    const task::Operator& op = task.operators[found.steps[one.step].op];
    bound = bound || one.bound;
    if (!said.insert(op.action).second) continue;
    const program::Action& action = program.actions[op.action];
    auto& problem = one.bound ? diagnostics.report(action.span, diag::retreat_bound, op.title) : diagnostics.report(action.span, diag::no_retreat, op.title);
    if (one.whose) problem.hint(fmt::format("whatever is done then, the users of {} go on feeling it", program.objects[one.whose].path));
    problem.hint(fmt::format("`allow no retreat from {}` in the maintenance takes the risk", action.name));
  }
  return bound;
}

void report_bound(const program::Maintenance& maintenance, const task::Task& task, const GaveUp& bound, Diagnostics& diagnostics) {
  auto& problem = diagnostics.report(maintenance.span, diag::gave_up, maintenance.name, bound.bound)
                      .hint("this does not mean that there is no plan: raise the bound, or split the maintenance");
  say_notices(task, problem);
}

}  // namespace exm
