// What one step does between its begin and its end, and where it can be cut off. Entry points: begin, course.
#pragma once

#include <optional>

#include "runtime/plain/model.h"

namespace exm::plain {

/// An assignment as read when its step begins; not sure: its condition is unknown there.
struct Change {
  int variable = 0;
  Value to = nullptr;
  bool sure = true;
};
std::vector<Change> read(const std::vector<Assignment>& assignments, const World& world);

/// Of a variable: what it shows while the step runs, and what it is left as where the `during` value has gone back.
using Progress = std::map<int, std::pair<Value, Value>>;

/// A step as it goes from the world in which it begins. What is the same before, while and after it is left out.
struct Run {
  std::vector<std::pair<std::vector<Change>, std::set<int>>> moments;  // what changes at once, after which moments
  Progress begun;
  std::map<int, Value> ended;
  int conflict = -1;         // a variable that is given two different values
  bool gives_twice = false;  // one is given a value twice, were all conditions to hold
};
Run begin(const Action& action, const World& world);

/// A place in which a step can be, as far as some variables show it, and where it can go from there by one event.
struct Place {
  std::map<int, Value> values;
  std::vector<int> next;
};
/// The first place: not begun. The last: ended. Between them the phases, and, where asked for, what it can be cut off as in
/// each of them; each place comes after those that lead to it. Nothing: there are too many.
using Course = std::vector<Place>;
enum class CutOffs { looked_at, left_out };
std::optional<Course> course(const Run& run, const std::set<int>& variables, CutOffs cut_offs);

}  // namespace exm::plain
