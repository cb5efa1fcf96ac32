// Tells a walk through places as events: what a person reads, and what a replay can follow.
#pragma once

#include <map>
#include <vector>

#include "runtime/verify/ask.h"

namespace exm::model {

class Teller {
 public:
  explicit Teller(const Scene& scene) : scene_(scene), told_(scene.model.steps.size()) {}

  /// The steps before `step` that nobody told yet, whole, but for those that are told place by place.
  void tell_before(int step, const Bits& told_by_place);
  void tell_whole(int step);
  /// One move of a step from place to place.
  void tell_move(const Course& course, int from, int to);
  void tell_fault(const Fault& fault, const std::vector<Change>& changes);

  std::vector<Event> take() { return std::move(events_); }

 private:
  void begin(int step);
  void moments(int step, const Bits& done);
  int next_moment(int step, const Bits& done) const;
  void end(int step);
  void cut_off(const Course& course, const Place& place);
  void add(Event::What what, int step, std::vector<std::pair<std::string, plan::Value>> assignments);

  const Scene& scene_;
  Bits told_;                         // steps that are told whole
  std::map<int, Progress> progress_;  // of the others
  std::map<int, Bits> done_;          // their moments
  std::vector<Event> events_;
};

}  // namespace exm::model
