#include "compiler/solve/retreat.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <utility>

#include "compiler/solve/relevance.h"
#include "compiler/solve/way_back.h"

namespace exm {

using namespace planning;

namespace {

/// Steps that have nothing to do with each other, by their edges, are looked at apart: each part's states are near the start.
std::vector<std::vector<std::uint32_t>> parts_of(const std::vector<FoundStep>& steps) {
  std::vector<std::uint32_t> root(steps.size());
  std::iota(root.begin(), root.end(), 0u);
  const auto find = [&](std::uint32_t s) {
    while (root[s] != s) s = root[s] = root[root[s]];
    return s;
  };
  for (std::uint32_t s = 0; s < steps.size(); ++s)
    for (std::uint32_t a : steps[s].after) {
      const std::uint32_t x = find(a), y = find(s);
      root[std::max(x, y)] = std::min(x, y);
    }
  std::vector<std::vector<std::uint32_t>> parts;
  std::vector<std::uint32_t> part_of(steps.size(), ~0u);
  for (std::uint32_t s = 0; s < steps.size(); ++s) {
    auto& part = part_of[find(s)];
    if (part == ~0u) {
      part = static_cast<std::uint32_t>(parts.size());
      parts.emplace_back();
    }
    parts[part].push_back(s);
  }
  return parts;
}

template <class T>
Id<T> other(const Renaming::Pairs<T>& names, Id<T> which) {
  const auto at = std::lower_bound(names.begin(), names.end(), which, [](const auto& pair, Id<T> id) { return pair.first < id; });
  return at != names.end() && at->first == which ? at->second : which;
}

WayBack renamed(WayBack way, const Renaming& names) {
  for (auto& step : way.steps) {
    step.op = other(names.operators, step.op);
    for (auto& [variable, value] : step.begins) {
      variable = other(names.variables, variable);
      value = other(names.values, value);
    }
  }
  for (auto& open : way.open) open = {other(names.variables, open.variable), other(names.values, open.value)};
  std::sort(way.open.begin(), way.open.end(), [](const Open& a, const Open& b) { return a.variable < b.variable; });
  return way;
}

class Retreats {
 public:
  Retreats(const task::Task& task, const Limits& limits, Found& found)
      : model_(task), limits_(limits), found_(found), state_(model_.start), end_(model_.start), done_(found.steps.size(), false),
        wanted_(found.steps.size(), false) {
    for (const auto& step : found.steps) finish(begin(model_, step.op.index, end_), end_);
    for (Var v = 0; v < model_.start.size(); ++v)
      if (differs(v)) differing_at_start_.push_back(v);
  }

  std::vector<NoRetreat> run() {
    // What differs from the start on is everybody's to put back: no way back of one part is that of another then.
    const bool share = differing_at_start_.empty();
    for (const auto& part : parts_of(found_.steps)) {
      for (std::uint32_t s : part) {
        if (share && found_.steps[s].twin) continue;
        go_to(s);
        find(s);
      }
      undo();
    }
    if (share) take_over();
    std::sort(none_.begin(), none_.end(), [](const auto& a, const auto& b) { return a.step < b.step; });
    return std::move(none_);
  }

 private:
  bool differs(Var v) const { return model_.restorable(v) && state_[v] != model_.task.variables[Id<task::Variable>(v)].restore.index; }

  /// Makes `state_` the one in which all that must come before the step is done, and nothing else.
  void go_to(std::uint32_t step) {
    std::vector<std::uint32_t> before;
    std::vector<std::uint32_t> look{step};
    while (!look.empty()) {
      const std::uint32_t s = look.back();
      look.pop_back();
      for (std::uint32_t a : found_.steps[s].after)
        if (!wanted_[a]) {
          wanted_[a] = true;
          before.push_back(a);
          look.push_back(a);
        }
    }
    if (std::any_of(applied_.begin(), applied_.end(), [&](std::uint32_t a) { return !wanted_[a]; })) undo();
    std::sort(before.begin(), before.end());
    for (std::uint32_t b : before) {
      wanted_[b] = false;
      if (done_[b]) continue;
      const std::uint32_t op = found_.steps[b].op.index;
      const Begun begun = begin(model_, op, state_);
      for (const auto& w : writes_of(begun)) touched_.push_back(w.variable);
      finish(begun, state_);
      done_[b] = true;
      applied_.push_back(b);
    }
    std::sort(touched_.begin(), touched_.end());
    touched_.erase(std::unique(touched_.begin(), touched_.end()), touched_.end());
  }

  void undo() {
    for (Var v : touched_) state_[v] = model_.start[v];
    for (std::uint32_t a : applied_) done_[a] = false;
    touched_.clear();
    applied_.clear();
  }

  void find(std::uint32_t s) {
    FoundStep& step = found_.steps[s];
    BackProblem problem;
    problem.step = step.op.index;
    problem.cut = cut_off(model_, problem.step, state_);
    const auto strayed = all_strayed(problem);
    problem.operators = relevant_back(model_, state_, strayed, problem.step, end_).operators;
    problem.end = &end_;
    problem.most_states = limits_.retreat_states;
    Back back = way_back(model_, problem, state_);
    if (back.way)
      step.retreat = std::move(back.way);
    else
      fail(s, back);
  }

  /// What is, or may be, other than it is to end, and all values that the step may leave.
  std::vector<Strayed> all_strayed(BackProblem& problem) const {
    for (Var v : touched_)
      if (differs(v) || !model_.disrupts_of[v].empty()) problem.differing.push_back(v);
    problem.differing.insert(problem.differing.end(), differing_at_start_.begin(), differing_at_start_.end());
    const auto& cut = problem.cut;
    std::vector<Strayed> out;
    for (std::size_t i = 0; i < cut.variables.size(); ++i) {
      Strayed strayed{cut.variables[i], {}};
      for (const auto& values : cut.values) strayed.values.push_back(values[i]);
      out.push_back(std::move(strayed));
    }
    std::sort(problem.differing.begin(), problem.differing.end());
    problem.differing.erase(std::unique(problem.differing.begin(), problem.differing.end()), problem.differing.end());
    for (Var v : problem.differing)
      if (!std::binary_search(cut.variables.begin(), cut.variables.end(), v)) out.push_back({v, {state_[v]}});
    problem.differing.insert(problem.differing.end(), cut.variables.begin(), cut.variables.end());
    std::sort(problem.differing.begin(), problem.differing.end());
    problem.differing.erase(std::unique(problem.differing.begin(), problem.differing.end()), problem.differing.end());
    return out;
  }

  /// Steps that are equal to others but for names have their ways back, with other names.
  void take_over() {
    std::map<std::uint32_t, NoRetreat> failed;
    for (const auto& none : none_) failed.emplace(none.step, none);
    for (std::uint32_t s = 0; s < found_.steps.size(); ++s) {
      FoundStep& step = found_.steps[s];
      if (!step.twin) continue;
      const Renaming& names = found_.renamings[step.twin->renaming];
      if (const auto& way = found_.steps[step.twin->step].retreat) step.retreat = renamed(*way, names);
      if (const auto none = failed.find(step.twin->step); none != failed.end())
        none_.push_back({s, other(names.objects, none->second.whose), none->second.bound});
    }
  }

  void fail(std::uint32_t s, const Back& back) {
    const auto& excused = model_.task.no_retreat;
    if (std::find(excused.begin(), excused.end(), model_.task.operators[found_.steps[s].op].action) != excused.end()) return;
    none_.push_back({s, back.felt == ~0u ? Id<program::Object>() : model_.task.disrupts_when[back.felt].whose, back.bound});
  }

  Model model_;
  const Limits& limits_;
  Found& found_;
  State state_;
  State end_;  // of the plan
  std::vector<Var> differing_at_start_;
  std::vector<bool> done_, wanted_;     // per step: applied to `state_`; to be
  std::vector<std::uint32_t> applied_;
  std::vector<Var> touched_;            // by what is applied; sorted
  std::vector<NoRetreat> none_;
};

}  // namespace

std::vector<NoRetreat> find_retreats(const task::Task& task, const Limits& limits, Found& found) { return Retreats(task, limits, found).run(); }

}  // namespace exm
