// Which steps may begin: those after which none is waited for, whose host, `uses` and slots are free, up to the limit.
// Ties go by the order in the plan. Entry point: Schedule.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "runtime/plan/plan.h"

namespace exm {

class Schedule {
 public:
  /// The plan outlives it. `at_most` 0: no limit.
  Schedule(const plan::Plan& plan, int at_most);

  /// The next step that may begin, or -1. It is not given again.
  int take();
  /// It has ended, well: what waited for it need wait no longer.
  void end(int step);
  /// It was cut off: its host and what it used are free, its slots are not.
  void cut_off(int step);
  /// It was over, or cut off, before this run began.
  void assume_over(int step);
  /// It had begun before this run began, and is not over.
  void occupy(int step) { hold(step); }
  /// It has not begun after all: it may be taken again.
  void put_back(int step);
  /// It and what depends on it is not to be begun any more.
  void drop(int step);

  bool dropped(int step) const { return dropped_[static_cast<std::size_t>(step)]; }
  int running() const { return running_; }
  const std::vector<int>& followers(int step) const { return followers_[static_cast<std::size_t>(step)]; }

 private:
  void hold(int step);
  void let_go(int step);
  void unlock(int step);
  std::vector<std::string> held_by(int step) const;

  const plan::Plan& plan_;
  int at_most_;
  int running_ = 0;
  std::vector<int> waits_for_;
  std::vector<std::vector<int>> followers_;
  std::vector<bool> dropped_, begun_;
  std::set<int> ready_;
  std::set<std::string> busy_;            // hosts and what is used, marked by what they are
  std::map<std::string, int> free_slots_;
};

}  // namespace exm
