#include "compiler/solve/homeward.h"

#include <algorithm>
#include <numeric>
#include <optional>
#include <vector>

#include "compiler/solve/measure.h"
#include "compiler/solve/outlook.h"
#include "compiler/solve/relevance.h"
#include "compiler/solve/solve.h"
#include "compiler/solve/way_back.h"
#include "compiler/solve/why.h"

namespace exm {

using namespace planning;
using task::Variable;

namespace {

/// The search for what can be put back may look at so much more than that for the way back from one step: it is done once.
constexpr std::uint64_t larger = 10;

/// What is to be put back, and what might.
struct Away {
  Model model;  // its start is where nothing is away: what users felt there they may feel again
  State now;
  State end;    // all as it is to be restored: what is finished is nobody's to put back, and what is not is not gone on with
  std::vector<Strayed> strayed;
  Relevant of_use;
};

Away away_from(const task::Task& task) {
  Away out{Model(task), {}, {}, {}, {}};
  out.now = out.model.start;
  for (Var v = 0; v < out.now.size(); ++v) {
    const Variable& variable = task.variables[Id<Variable>(v)];
    out.end.push_back(variable.restore.index);
    if (!out.model.restorable(v)) continue;
    if (out.now[v] != variable.restore.index) out.strayed.push_back({v, {out.now[v]}});
    out.model.start[v] = variable.restore.index;
  }
  out.of_use = relevant_back(out.model, out.now, out.strayed, ~0u, out.end);
  return out;
}

/// What nothing puts back, whatever is done.
std::vector<Id<Variable>> out_of_reach(Away& away) {
  const auto& locals = away.of_use.variables;
  const Outlook outlook = look_out(away.model, away.of_use.operators, locals, {}, away.end, away.now);
  std::vector<Id<Variable>> out;
  for (const auto& s : away.strayed) {
    const auto at = std::lower_bound(locals.begin(), locals.end(), s.variable);
    const bool changes = at != locals.end() && *at == s.variable;
    if (!changes || outlook.beyond[static_cast<std::size_t>(at - locals.begin())]) out.emplace_back(s.variable);
  }
  return out;
}

void leave(task::Task& task, const std::vector<Id<Variable>>& variables) {
  for (Id<Variable> id : variables) {
    task.variables[id].free = Variable::Free::left;
    task.variables[id].restoration = {};
  }
  std::erase_if(task.wishes, [&](const task::Wish& wish) { return wish.restores && task.variables[wish.restores].free == Variable::Free::left; });
}

Back search_back(Away& away, const Limits& limits) {
  BackProblem problem;
  problem.step = ~0u;
  for (const auto& s : away.strayed) problem.differing.push_back(s.variable);
  problem.cut = {{}, {{}}};
  problem.operators = away.of_use.operators;
  problem.end = &away.end;
  problem.most_states = limits.retreat_states * larger;
  return way_back(away.model, problem, away.now);
}

/// The steps one after another, where no search has found how they go side by side.
Found in_a_row(const task::Task& task, const WayBack& way) {
  const Model model(task);
  Found out;
  Goal goal;
  goal.wishes.resize(task.wishes.size());
  std::iota(goal.wishes.begin(), goal.wishes.end(), 0u);
  for (const BackStep& step : way.steps) {
    FoundStep made;
    made.op = step.op;
    if (!out.steps.empty()) made.after.push_back(static_cast<std::uint32_t>(out.steps.size() - 1));
    made.start = out.steps.empty() ? 0 : out.steps.back().end;
    made.end = made.start + task.operators[step.op].takes;
    const auto& writes = model.operators[step.op.index].writes;
    goal.variables.insert(goal.variables.end(), writes.begin(), writes.end());
    out.steps.push_back(std::move(made));
  }
  explain(model, goal, model.start, out.steps);
  out.measures = measure(model, out.steps);
  return out;
}

}  // namespace

Solution solve_homeward(task::Task& task, const Limits& limits) {
  const task::Task whole = task;
  Away away = away_from(whole);
  leave(task, out_of_reach(away));
  Solution first = solve(task, limits);
  if (std::holds_alternative<Found>(first)) return first;
  const Back back = search_back(away, limits);
  if (!back.way) return first;
  std::vector<Id<Variable>> open;
  for (const Open& one : back.way->open) open.push_back(one.variable);
  leave(task, open);
  Solution second = solve(task, limits);
  if (std::holds_alternative<GaveUp>(second)) return in_a_row(task, *back.way);
  return std::holds_alternative<Found>(second) ? std::move(second) : std::move(first);
}

}  // namespace exm
