#include "runtime/verify/tell.h"

#include <algorithm>

namespace exm::model {
namespace {

/// What a variable's running value is now, of those that differ from `was`.
template <class Pick>
std::vector<std::pair<std::string, plan::Value>> changed(const Model& model, const Progress& progress, Pick pick) {
  std::vector<std::pair<std::string, plan::Value>> assignments;
  for (std::size_t i = 0; i < progress.size(); ++i) {
    const auto [was, is] = pick(i, progress[i]);
    if (!same(was, is)) assignments.emplace_back(model.names[progress[i].variable], is);
  }
  return assignments;
}

}  // namespace

void Teller::tell_before(int step, const Bits& told_by_place) {
  for (const int s : scene_.order.sequence()) {
    if (s == step) return;
    if (scene_.order.before(s, step) && !told_by_place.has(s) && !told_.has(s)) tell_whole(s);
  }
}

void Teller::tell_whole(int step) {
  told_.add(step);
  begin(step);
  end(step);
}

void Teller::tell_move(const Course& course, int from, int to) {
  const Place& place = course.places[to];
  if (course.places[from].kind == Place::Kind::not_begun) begin(course.step);
  if (place.kind == Place::Kind::ended) return end(course.step);
  moments(course.step, place.done);
  if (place.kind == Place::Kind::cut_off) cut_off(course, place);
}

void Teller::tell_fault(const Fault& fault, const std::vector<Change>& changes) {
  Event event{Event::What::fault, fault.text, {}};
  for (const Change& change : changes) {
    event.assignments.emplace_back(scene_.model.names[change.variable],
                                   change.when == Truth::yes ? change.to : plan::unknown());
  }
  events_.push_back(std::move(event));
}

void Teller::begin(int step) {
  const Run& run = scene_.simulation.runs[step];
  progress_[step] = run.begun;
  done_[step] = Bits(run.moments.size());
  add(Event::What::begins, step, changed(scene_.model, run.begun, [&](std::size_t i, const Either& e) {
        return std::pair{run.before[i].second, e.during};
      }));
}

void Teller::moments(int step, const Bits& done) {
  for (int m = next_moment(step, done); m >= 0; m = next_moment(step, done)) {
    const Moment& moment = scene_.simulation.runs[step].moments[m];
    done_[step].add(m);
    const Progress next = after(progress_[step], moment);
    Event event{Event::What::effect, scene_.model.steps[step].id, {}};
    for (const Either& either : next) {
      const bool touched = std::any_of(moment.changes.begin(), moment.changes.end(),
                                       [&](const Change& change) { return change.variable == either.variable; });
      if (touched) event.assignments.emplace_back(scene_.model.names[either.variable], either.during);
    }
    progress_[step] = next;
    events_.push_back(std::move(event));
  }
}

/// Of `done`, one that is to be told next. What is certain goes first: where the order of effects decides what a state
/// ends as, it ends unknown, and this is an order in which it does.
int Teller::next_moment(int step, const Bits& done) const {
  const Run& run = scene_.simulation.runs[step];
  int doubtful = -1;
  for (std::size_t m = 0; m < run.moments.size(); ++m) {
    const int number = static_cast<int>(m);
    const auto& waits = run.moments[m].after;
    if (!done.has(number) || done_.at(step).has(number)) continue;
    if (std::any_of(waits.begin(), waits.end(), [&](int w) { return !done_.at(step).has(w); })) continue;
    const auto& changes = run.moments[m].changes;
    if (std::all_of(changes.begin(), changes.end(), [](const Change& c) { return c.when == Truth::yes; })) {
      return number;
    }
    if (doubtful < 0) doubtful = number;
  }
  return doubtful;
}

void Teller::end(int step) {
  const Run& run = scene_.simulation.runs[step];
  Bits all(run.moments.size());
  for (std::size_t m = 0; m < run.moments.size(); ++m) all.add(static_cast<int>(m));
  moments(step, all);
  add(Event::What::ends, step, changed(scene_.model, run.ended, [&](std::size_t i, const Either& e) {
        return std::pair{progress_[step][i].during, e.before};
      }));
}

void Teller::cut_off(const Course& course, const Place& place) {
  Event event{Event::What::is_cut_off, scene_.model.steps[course.step].id, {}};
  for (std::size_t i = 0; i < course.variables.size(); ++i) {
    for (const Either& either : progress_[course.step]) {
      if (either.variable != course.variables[i] || same(either.during, place.values[i])) continue;
      event.assignments.emplace_back(scene_.model.names[either.variable], place.values[i]);
    }
  }
  events_.push_back(std::move(event));
}

void Teller::add(Event::What what, int step, std::vector<std::pair<std::string, plan::Value>> assignments) {
  events_.push_back({what, scene_.model.steps[step].id, std::move(assignments)});
}

}  // namespace exm::model
