#include "runtime/verify/course.h"

#include <algorithm>
#include <map>

namespace exm::model {
namespace {

constexpr std::size_t most_places = 4'096;
constexpr std::size_t most_undone = 12;

bool writes(const Moment& moment, const std::vector<int>& variables) {
  return std::any_of(moment.changes.begin(), moment.changes.end(), [&](const Change& change) {
    return std::binary_search(variables.begin(), variables.end(), change.variable);
  });
}

bool same_values(const Values& a, const Values& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), same);
}

/// Walks the phases of one step, projected on the variables of its course.
class Walk {
 public:
  Walk(const Run& run, const std::vector<int>& variables) : run_(run) {
    for (const Either& either : run.begun) {
      if (!std::binary_search(variables.begin(), variables.end(), either.variable)) continue;
      course_.variables.push_back(either.variable);
      begun_.push_back(either);
    }
    for (std::size_t m = 0; m < run.moments.size(); ++m) {
      if (writes(run.moments[m], course_.variables)) kept_.push_back(static_cast<int>(m));
    }
  }

  std::optional<Course> walk(CutOffs cut_offs) {
    course_.places.push_back({Place::Kind::not_begun, {}, {}, Bits(run_.moments.size()), 0});
    phases_.push_back({Bits(run_.moments.size()), 0, begun_, 1});
    course_.places.push_back(place(Place::Kind::running, phases_[0], shown(begun_)));
    course_.places[0].next = {1};
    for (std::size_t i = 0; i < phases_.size(); ++i) {
      if (course_.places.size() > most_places) return std::nullopt;
      if (cut_offs == CutOffs::told && !cut_off(phases_[i])) return std::nullopt;
      go_on(phases_[i]);  // takes a copy: it adds phases
    }
    finish();
    return std::move(course_);
  }

  const std::vector<Progress>& finals() const { return finals_; }

 private:
  struct Phase {
    Bits done;
    std::size_t kept = 0;  // how many of the kept moments are done
    Progress progress;
    int place = 0;
  };

  static Values shown(const Progress& progress) {
    Values values;
    for (const Either& either : progress) values.push_back(either.during);
    return values;
  }

  Place place(Place::Kind kind, const Phase& phase, Values values) const {
    int events = kind == Place::Kind::cut_off ? 2 : 1;
    for (std::size_t m = 0; m < run_.moments.size(); ++m) events += phase.done.has(static_cast<int>(m));
    return {kind, std::move(values), {}, phase.done, events};
  }

  /// Each undone variable has its `during` value or the one before, each for itself.
  bool cut_off(const Phase& phase) {
    std::vector<std::size_t> open;
    for (std::size_t i = 0; i < phase.progress.size(); ++i) {
      if (!same(phase.progress[i].during, phase.progress[i].before)) open.push_back(i);
    }
    if (open.size() > most_undone) return false;
    for (std::size_t choice = 1; choice < std::size_t{1} << open.size(); ++choice) {
      Values values = shown(phase.progress);
      for (std::size_t i = 0; i < open.size(); ++i) {
        if ((choice >> i) & 1) values[open[i]] = phase.progress[open[i]].before;
      }
      course_.places[phase.place].next.push_back(static_cast<int>(course_.places.size()));
      course_.places.push_back(place(Place::Kind::cut_off, phase, std::move(values)));
    }
    return true;
  }

  void go_on(const Phase phase) {
    if (phase.kept == kept_.size()) {
      ending_.push_back(phase.place);
      finals_.push_back(phase.progress);
      return;
    }
    for (const int m : kept_) {
      if (phase.done.has(m) || !may_follow(phase, m)) continue;
      Phase next{phase.done, phase.kept + 1, after(phase.progress, run_.moments[m]), 0};
      next.done.add(m);
      next.done.add(run_.needs[m]);
      const int there = find_or_add(next);  // which may move the places
      course_.places[phase.place].next.push_back(there);
    }
  }

  /// Whether every kept moment that has to come before is done.
  bool may_follow(const Phase& phase, int m) const {
    return std::all_of(kept_.begin(), kept_.end(), [&](int k) { return !run_.needs[m].has(k) || phase.done.has(k); });
  }

  int find_or_add(Phase& next) {
    for (const Phase& known : phases_) {
      if (known.kept == next.kept && same_moments(known.done, next.done) &&
          same_progress(known.progress, next.progress)) {
        return known.place;
      }
    }
    next.place = static_cast<int>(course_.places.size());
    course_.places.push_back(place(Place::Kind::running, next, shown(next.progress)));
    phases_.push_back(next);
    return next.place;
  }

  bool same_moments(const Bits& a, const Bits& b) const {
    return std::all_of(kept_.begin(), kept_.end(), [&](int k) { return a.has(k) == b.has(k); });
  }

  static bool same_progress(const Progress& a, const Progress& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const Either& x, const Either& y) {
      return same(x.during, y.during) && same(x.before, y.before);
    });
  }

  void finish() {
    Place ended{Place::Kind::ended, {}, {}, Bits(run_.moments.size()), run_.events()};
    for (std::size_t m = 0; m < run_.moments.size(); ++m) ended.done.add(static_cast<int>(m));
    for (const Either& either : run_.ended) {
      if (std::binary_search(course_.variables.begin(), course_.variables.end(), either.variable)) {
        ended.values.push_back(either.before);
      }
    }
    // Where the order of effects decides what a state ends as, it ends unknown: by way of the orders that leave it so.
    const auto leads = [&](int p) { return same_values(course_.places[p].values, ended.values); };
    const bool some = std::any_of(ending_.begin(), ending_.end(), leads);
    for (const int p : ending_) {
      if (!some || leads(p)) course_.places[p].next.push_back(static_cast<int>(course_.places.size()));
    }
    course_.places.push_back(std::move(ended));
  }

  const Run& run_;
  Course course_;
  Progress begun_;
  std::vector<int> kept_;
  std::vector<Phase> phases_;
  std::vector<int> ending_;
  std::vector<Progress> finals_;
};

Values before_of(const Course& course, const Run& run) {
  Values values;
  for (const auto& [variable, value] : run.before) {
    if (std::binary_search(course.variables.begin(), course.variables.end(), variable)) values.push_back(value);
  }
  return values;
}

}  // namespace

std::optional<Course> course_of(const Run& run, const std::vector<int>& variables, CutOffs cut_offs) {
  return Walk(run, variables).walk(cut_offs);
}

bool shows_nothing(const Course& course, const Run& run) {
  const Values before = before_of(course, run);
  return std::all_of(course.places.begin() + 1, course.places.end(),
                     [&](const Place& place) { return same_values(place.values, before); });
}

void leave_out_silent(Course& course, const Run& run) {
  if (same_values(course.places[1].values, before_of(course, run))) course.places[0].next = course.places[1].next;
  const int end = course.ended();
  for (Place& place : course.places) {
    for (int& next : place.next) {
      const Place& there = course.places[next];
      if (there.kind == Place::Kind::running && there.next == std::vector<int>{end} &&
          same_values(there.values, course.places[end].values)) {
        next = end;
      }
    }
  }
}

Values ends_of(const Run& run, int variable) {
  Walk walk(run, {variable});
  Values ends;
  if (!walk.walk(CutOffs::left_out)) return {plan::unknown()};
  for (const Progress& progress : walk.finals()) ends.push_back(progress[0].before);
  return ends;
}

}  // namespace exm::model
