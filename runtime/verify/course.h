// The places that one step can be in, as far as a few variables show it: not begun, running or cut off in one of its
// phases, ended. `course_of` makes them; `reach.h` and `chains.h` put the courses of several steps together.
#pragma once

#include <optional>
#include <vector>

#include "runtime/verify/simulate.h"

namespace exm::model {

struct Place {
  enum class Kind { not_begun, running, cut_off, ended };
  Kind kind = Kind::not_begun;
  Values values;          // of the course's variables; none where not begun
  std::vector<int> next;  // places, but for those of "not begun" only once the steps before have ended
  Bits done;              // moments, those that had to come before included
  int events = 0;         // that lead here
};

/// Place 0 is "not begun", the last one "ended".
struct Course {
  int step = 0;
  std::vector<int> variables;  // those of the asked ones that the step writes, sorted
  std::vector<Place> places;
  int ended() const { return static_cast<int>(places.size()) - 1; }
};

enum class CutOffs { told, left_out };

/// Nothing where there are too many places to write down. `variables` is sorted.
std::optional<Course> course_of(const Run& run, const std::vector<int>& variables, CutOffs cut_offs = CutOffs::told);
/// Whether no place shows anything that was not there before the step.
bool shows_nothing(const Course& course, const Run& run);
/// Leaves out places that show what the place before or after shows: as good for proofs, not for shortest traces.
void leave_out_silent(Course& course, const Run& run);

/// The values that a variable can have at the end, over the orders in which the effects can be done.
Values ends_of(const Run& run, int variable);

}  // namespace exm::model
