#include "runtime/verify/simulate.h"

#include <algorithm>
#include <set>

#include "runtime/verify/course.h"

namespace exm::model {
namespace {

plan::Value joined(const plan::Value& a, const plan::Value& b) {
  return same(a, b) ? a : plan::unknown();
}

std::optional<Change> read(const Assignment& assignment, const Values& world) {
  const Truth when = assignment.when ? truth(*assignment.when, world) : Truth::yes;
  if (when == Truth::no) return std::nullopt;
  return Change{assignment.variable, evaluate(assignment.to, world), when};
}

std::vector<Change> read_all(const std::vector<Assignment>& assignments, const Values& world) {
  std::vector<Change> changes;
  for (const Assignment& assignment : assignments) {
    if (auto change = read(assignment, world)) changes.push_back(*change);
  }
  return changes;
}

Progress begun(const Step& step, const Values& world) {
  Progress progress;
  for (const int v : step.writes) progress.push_back({v, world[v], world[v]});
  for (Either& either : progress) {
    for (const Change& change : read_all(step.during, world)) {
      if (change.variable != either.variable) continue;
      either.during = change.when == Truth::yes ? change.to : joined(either.during, change.to);
    }
  }
  return progress;
}

/// Where several effects on one variable stand under unknown conditions, their order may decide: then it ends unknown.
void settle(Run& run) {
  run.ended = run.begun;
  for (const Moment& moment : run.moments) run.ended = after(run.ended, moment);
  for (Either& either : run.ended) {
    int doubtful = 0, writers = 0;
    for (const Moment& moment : run.moments) {
      for (const Change& change : moment.changes) {
        if (change.variable != either.variable) continue;
        ++writers;
        doubtful += change.when == Truth::unknown;
      }
    }
    if (doubtful == 0 || writers < 2) continue;
    for (const plan::Value& v : ends_of(run, either.variable)) either.before = joined(either.before, v);
  }
}

int conflict_among(const Run& run, const std::vector<Change>& during) {
  std::vector<Change> firm;
  const auto clash = [&](const Change& change) {
    if (change.when != Truth::yes) return false;
    for (const Change& other : firm) {
      if (other.variable == change.variable && !same(other.to, change.to)) return true;
    }
    firm.push_back(change);
    return false;
  };
  for (const Change& change : during) {
    if (clash(change)) return change.variable;
  }
  firm.clear();
  for (const Moment& moment : run.moments) {
    for (const Change& change : moment.changes) {
      if (clash(change)) return change.variable;
    }
  }
  return -1;
}

Obstacle obstacle(int step, int requirement, const Compiled& formula, const Values& world) {
  Obstacle found{step, requirement, -1, {}};
  std::set<int> seen;
  each_variable(formula, [&](int v) {
    if (seen.insert(v).second) found.seen.emplace_back(v, world[v]);
  });
  return found;
}

}  // namespace

std::vector<Moment> moments_of(const std::vector<Block>& blocks, const Values& world) {
  // A block without a change is no event; what waits for it waits for what it waited for.
  std::vector<Moment> moments;
  std::vector<std::set<int>> stands_for(blocks.size());
  for (std::size_t b = 0; b < blocks.size(); ++b) {
    std::set<int> waits;
    for (const int p : blocks[b].after) waits.insert(stands_for[p].begin(), stands_for[p].end());
    auto changes = read_all(blocks[b].assignments, world);
    if (changes.empty()) {
      stands_for[b] = waits;
    } else {
      stands_for[b] = {static_cast<int>(moments.size())};
      moments.push_back({std::move(changes), {waits.begin(), waits.end()}});
    }
  }
  return moments;
}

Progress after(const Progress& progress, const Moment& moment) {
  Progress next = progress;
  for (const Truth when : {Truth::yes, Truth::unknown}) {
    for (const Change& change : moment.changes) {
      if (change.when != when) continue;
      for (Either& either : next) {
        if (either.variable != change.variable) continue;
        either.during = when == Truth::yes ? change.to : joined(either.during, change.to);
        either.before = when == Truth::yes ? change.to : joined(either.before, change.to);
      }
    }
  }
  return next;
}

Run begin(const Step& step, const Values& world) {
  Run run;
  run.moments = moments_of(step.blocks, world);
  for (const Moment& moment : run.moments) {
    Bits needs(run.moments.size());
    for (const int p : moment.after) {
      needs.add(p);
      needs.add(run.needs[p]);
    }
    run.needs.push_back(needs);
  }
  for (const int v : step.writes) run.before.emplace_back(v, world[v]);
  run.begun = begun(step, world);
  settle(run);
  return run;
}

int conflict(const Step& step, const Run& run, const Values& world) {
  return conflict_among(run, read_all(step.during, world));
}

Simulation simulate(const Model& model, const Order& order) {
  Simulation simulation{std::vector<Run>(model.steps.size()), model.start, {}};
  Values& world = simulation.end;
  for (const int s : order.sequence()) {
    const Step& step = model.steps[s];
    for (std::size_t r = 0; r < step.requires_.size(); ++r) {
      if (truth(step.requires_[r], world) == Truth::yes) continue;
      simulation.obstacles.push_back(obstacle(s, static_cast<int>(r), step.requires_[r], world));
    }
    Run& run = simulation.runs[s] = begin(step, world);
    if (const int v = conflict(step, run, world); v >= 0) {
      simulation.obstacles.push_back({s, -1, v, {}});
    }
    for (const Either& either : run.ended) world[either.variable] = either.before;
  }
  return simulation;
}

}  // namespace exm::model
