#include "runtime/plain/phases.h"

#include <algorithm>

namespace exm::plain {

namespace {

constexpr std::size_t most_places = 400;

/// The progress after one moment more. Of a change that is not sure nobody knows whether it happened.
Progress after(Progress progress, const std::vector<Change>& changes) {
  for (const bool sure : {true, false}) {
    for (const Change& change : changes) {
      const auto shown = progress.find(change.variable);
      if (shown == progress.end() || change.sure != sure) continue;
      auto& [running, left] = shown->second;
      running = sure ? change.to : either(running, change.to);
      left = sure ? change.to : either(left, change.to);
    }
  }
  return progress;
}

std::map<int, Value> running(const Progress& progress) {
  std::map<int, Value> values;
  for (const auto& [variable, shown] : progress) values[variable] = shown.first;
  return values;
}

/// Adds what the step can be cut off as: each undone variable, for itself, has its `during` value or the one before.
void add_cut_offs(const Progress& progress, std::size_t place, Course& course) {
  std::vector<std::map<int, Value>> all{running(progress)};
  for (const auto& [variable, shown] : progress) {
    if (shown.first == shown.second || all.size() > most_places) continue;
    for (std::size_t i = all.size(); i-- > 0;) {
      all.push_back(all[i]);
      all.back()[variable] = shown.second;
    }
  }
  for (std::size_t i = 1; i < all.size(); ++i) {
    course[place].next.push_back(static_cast<int>(course.size()));
    course.push_back({all[i], {}});
  }
}

/// Notes a variable to which two changes give different values, both sure; and whether one has two changes at all.
void look_for_conflict(const std::vector<Change>& changes, Run& run) {
  std::map<int, Value> given;
  std::set<int> changed;
  for (const Change& change : changes) {
    run.gives_twice = run.gives_twice || !changed.insert(change.variable).second;
    if (change.sure && given.emplace(change.variable, change.to).first->second != change.to) run.conflict = change.variable;
  }
}

}  // namespace

std::vector<Change> read(const std::vector<Assignment>& assignments, const World& world) {
  std::vector<Change> changes;
  for (const Assignment& a : assignments) {
    const Truth when = a.when ? truth(*a.when, world) : Truth::yes;
    if (when != Truth::no) changes.push_back({a.variable, evaluate(a.to, world), when == Truth::yes});
  }
  return changes;
}

Run begin(const Action& action, const World& world) {
  Run run;
  const std::vector<Change> during = read(action.during, world);
  std::vector<Change> all;
  for (const Block& block : action.effect) {
    run.moments.emplace_back(read(block.assignments, world), block.after);
    all.insert(all.end(), run.moments.back().first.begin(), run.moments.back().first.end());
  }
  look_for_conflict(during, run);
  look_for_conflict(all, run);
  all.insert(all.end(), during.begin(), during.end());
  for (const Change& change : all) {
    const Value now = world[at(change.variable)];
    if (change.to != now) run.begun[change.variable] = {now, now};
  }
  for (const Change& change : during) {
    const auto shown = run.begun.find(change.variable);
    if (shown != run.begun.end()) shown->second.first = change.sure ? change.to : either(shown->second.first, change.to);
  }
  for (const auto& [variable, shown] : run.begun) {
    const auto places = course(run, {variable}, CutOffs::left_out);
    run.ended[variable] = places ? places->back().values.at(variable) : unknown();
  }
  return run;
}

std::optional<Course> course(const Run& run, const std::set<int>& variables, CutOffs cut_offs) {
  Progress begun;
  for (const auto& [variable, shown] : run.begun)
    if (variables.contains(variable)) begun[variable] = shown;
  std::set<int> moments;  // those that change one of the variables
  for (std::size_t m = 0; m < run.moments.size(); ++m)
    for (const Change& change : run.moments[m].first)
      if (begun.contains(change.variable)) moments.insert(static_cast<int>(m));
  using Phase = std::pair<std::set<int>, Progress>;  // which moments are done, and what that shows
  Course course{{{}, {1}}, {running(begun), {}}};
  std::map<Phase, std::size_t> places{{{{}, begun}, 1}};
  std::vector<Phase> open{{{}, begun}};
  std::map<std::size_t, Progress> last;  // where all is done
  for (std::size_t i = 0; i < open.size(); ++i) {
    const auto [done, progress] = open[i];
    const std::size_t place = places[open[i]];
    if (cut_offs == CutOffs::looked_at) add_cut_offs(progress, place, course);
    if (done.size() == moments.size()) last[place] = progress;
    for (const int m : moments) {
      const auto waits_for = [&, &so_far = done](int k) { return run.moments[at(m)].second.contains(k) && !so_far.contains(k); };
      if (done.contains(m) || std::any_of(moments.begin(), moments.end(), waits_for)) continue;
      Phase next{done, after(progress, run.moments[at(m)].first)};
      next.first.insert(m);
      const auto [there, fresh] = places.emplace(next, course.size());
      course[place].next.push_back(static_cast<int>(there->second));
      if (!fresh) continue;
      course.push_back({running(next.second), {}});
      open.push_back(next);
    }
    if (course.size() > most_places) return std::nullopt;
  }
  Place ended;
  for (const auto& [place, progress] : last) {
    course[place].next.push_back(static_cast<int>(course.size()));
    for (const auto& [variable, shown] : progress) {  // the order of effects may decide what it is left as
      const auto end = ended.values.emplace(variable, shown.second).first;
      end->second = either(end->second, shown.second);
    }
  }
  course.push_back(ended);
  return course;
}

}  // namespace exm::plain
