#include "runtime/verify/lanes.h"

#include <algorithm>
#include <set>
#include <unordered_set>

namespace exm::model {

Lanes::Lanes(const Scene& scene, const Projection& projection, Silent silent, WithSlots slots)
    : model_(scene.model), projection_(projection), slots_(slots) {
  std::set<int> steps, slotted;
  if (slots == WithSlots::yes) slotted.insert(scene.slot_steps.begin(), scene.slot_steps.end());
  for (const int v : projection.variables()) steps.insert(scene.writers[v].begin(), scene.writers[v].end());
  std::vector<Course> found;
  for (const int s : steps) add(scene, s, projection.variables(), found);
  for (const Course& course : found) slotted.erase(course.step);
  if (!found.empty()) {  // slots couple steps: those that take or give them back count too
    for (const int s : slotted) add(scene, s, {}, found);
  }
  std::sort(found.begin(), found.end(), [&](const Course& a, const Course& b) {
    return scene.order.place(a.step) < scene.order.place(b.step);
  });
  std::vector<int> sequence;
  for (const Course& course : found) sequence.push_back(course.step);
  auto waits = scene.order.nearest(sequence);
  for (std::size_t l = 0; l < found.size(); ++l) {
    const int step = found[l].step;
    if (silent == Silent::left_out) leave_out_silent(found[l], scene.simulation.runs[step]);
    lanes_.push_back({std::move(found[l]), std::move(waits[l]), blocked(scene, step)});
  }
}

void Lanes::add(const Scene& scene, int step, const std::vector<int>& variables, std::vector<Course>& found) {
  const Run& run = scene.simulation.runs[step];
  auto course = course_of(run, variables);
  complete_ = complete_ && course.has_value();
  if (!course || (!variables.empty() && shows_nothing(*course, run))) return;
  course->step = step;
  found.push_back(std::move(*course));
}

bool Lanes::walk(std::uint64_t most, const std::function<bool(const State&, const Values&)>& look) const {
  std::unordered_set<State> seen{State(lanes_.size(), u'\0')};
  std::vector<State> open(seen.begin(), seen.end());
  while (!open.empty()) {
    const State state = std::move(open.back());
    open.pop_back();
    if (!look(state, values_in(state))) return false;
    for (std::size_t l = 0; l < lanes_.size(); ++l) {
      const Place& place = lanes_[l].course.places[state[l]];
      if (place.kind == Place::Kind::not_begun && !may_begin(state, l)) continue;
      for (const int next : place.next) {
        State moved = state;
        moved[l] = static_cast<char16_t>(next);
        if (!seen.insert(moved).second) continue;
        if (seen.size() > most) return false;
        open.push_back(std::move(moved));
      }
    }
  }
  return true;
}

bool Lanes::may_begin(const State& state, std::size_t lane) const {
  if (lanes_[lane].blocked) return false;
  for (const int w : lanes_[lane].waits) {
    if (state[w] != lanes_[w].course.ended()) return false;
  }
  if (slots_ == WithSlots::no) return true;
  const auto& wanted = model_.steps[lanes_[lane].course.step].acquires;
  return std::all_of(wanted.begin(), wanted.end(),
                     [&](int slot) { return left(state, slot) >= std::count(wanted.begin(), wanted.end(), slot); });
}

int Lanes::left(const State& state, int slot) const {
  int left = model_.slots[slot];
  for (std::size_t l = 0; l < lanes_.size(); ++l) {
    const Step& step = model_.steps[lanes_[l].course.step];
    if (state[l] != 0) left -= static_cast<int>(std::count(step.acquires.begin(), step.acquires.end(), slot));
    if (state[l] == lanes_[l].course.ended())
      left += static_cast<int>(std::count(step.releases.begin(), step.releases.end(), slot));
  }
  return left;
}

/// Writers of one variable are ordered, so the last that has begun decides.
Values Lanes::values_in(const State& state) const {
  Values values = projection_.start();
  for (std::size_t l = 0; l < lanes_.size(); ++l) projection_.show(lanes_[l].course, state[l], values);
  return values;
}

}  // namespace exm::model
