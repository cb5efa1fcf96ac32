// Brute force beside the planner: formulas, steps and their phases, read straight off semantics.md, sharing nothing with
// `compiler/solve`. `task_search.h` searches with it.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "compiler/ground/task.h"

namespace exm::naive {

enum class Truth { no, unknown, yes };

/// By variable, the index of a ValueId.
using Values = std::vector<std::uint32_t>;

Values start_of(const task::Task& task);
Truth truth(const task::Task& task, task::NodeId node, const Values& state);
std::uint32_t value(const task::Task& task, task::NodeId node, const Values& state);

using Bits = std::uint32_t;  // of rules: those that bind
using Overlay = std::map<std::uint32_t, std::uint32_t>;

/// An operator read in a state: what it shows and leaves after each set of its effects.
struct Phase {
  Overlay running, left;
  std::vector<std::size_t> from;  // the phases just before this one
};
/// The first phase: begun; the last: all is done. Each stands after those it comes from.
struct Course {
  std::vector<Phase> phases;
};

/// The task with some of its constraints left out.
class World {
 public:
  explicit World(const task::Task& task, std::vector<bool> dropped = {});

  const task::Task& task() const { return task_; }
  bool holds(Id<task::Constraint> c) const { return !c || !dropped_[c.index]; }
  bool latent(std::size_t rule) const { return latent_[rule]; }
  bool any_latent() const;
  bool must_restore(std::uint32_t variable) const;

  /// May it begin here; if so, how it goes. Rules are not looked at.
  std::optional<Course> begin(std::size_t op, const Values& state) const;
  /// Are all rules that bind known to hold, with faults?
  bool fine(const Values& state, Bits bound) const;
  /// Rules that wait to bind and hold here.
  Bits binding(const Values& state) const;
  /// The states that a step can be cut off in, in that phase.
  static std::vector<Values> cut_off(const Phase& phase, const Values& state);
  /// Do wishes and restoration end here? Gives the variables that are excused since a wish needs them.
  std::optional<std::set<std::uint32_t>> ends(const Values& state) const;
  /// Per second: objects whose users feel it, and objects that differ from how they are to end.
  std::int64_t disrupted(const Values& state) const;
  std::int64_t away(const Values& state, const std::set<std::uint32_t>& excused) const;

  std::vector<std::set<std::uint32_t>> reads, writes;  // by operator

 private:
  bool withstands(const Values& state, Bits bound, const task::Withstand& limit, int n, Bits used) const;
  bool wishes_hold(const Values& state) const;

  const task::Task& task_;
  std::vector<bool> dropped_, latent_;
};

Values with(Values state, const Overlay& overlay);

}  // namespace exm::naive
