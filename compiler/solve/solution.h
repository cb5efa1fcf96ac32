// What a search says: a plan, that there is none and why, or which bound it reached.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "compiler/ground/task.h"

namespace exm {

/// Why a step is there: the first thing that would break if it were left out.
struct Why {
  enum class Kind {
    wish,         // `constraint` would not hold at the end
    requirement,  // `constraint`, a requirement of the step `of`
    rule,         // `constraint`, a rule, while or after the step `of`
    restoration,  // `variable` would not be restored
    disruption,   // users would feel more
    late,         // (of an edge) only keeps a change late
  };
  Kind kind = Kind::wish;
  Id<task::Constraint> constraint;
  Id<task::Variable> variable;
  std::uint32_t of = 0;  // a step's index
};

/// A step of a way back.
struct BackStep {
  Id<task::Operator> op;
  std::vector<std::pair<Id<task::Variable>, task::ValueId>> begins;  // what differs from the start of the plan where it begins, in one of the ways
};

/// What stays other than it is to end, and its value: unknown where that depends on where the step was cut off.
struct Open {
  Id<task::Variable> variable;
  task::ValueId value;
};

/// One sequence of steps that is right wherever a step was cut off.
struct WayBack {
  std::vector<BackStep> steps;
  std::vector<Open> open;
  bool least = true;  // proven: no way back leaves less open, or as much with fewer steps
};

/// A step that is equal but for names to an earlier planned one.
struct Twin {
  std::uint32_t step = 0;      // in Found::steps
  std::uint32_t renaming = 0;  // in Found::renamings
};

struct FoundStep {
  Id<task::Operator> op;
  std::vector<std::uint32_t> after;       // indexes of earlier steps
  std::vector<std::uint32_t> only_late;   // those of `after` that only keep a change late
  std::vector<std::uint32_t> acquires;    // slots that it takes when it begins, by index into Found::slots
  std::vector<std::uint32_t> releases;    // and those that it gives back when it ends
  task::Seconds start = 0;                // on the timeline
  task::Seconds end = 0;
  Why why;
  std::optional<Twin> twin;
  std::optional<WayBack> retreat;  // nothing: not looked for, or there is none
};

/// So many slots: no more steps than these are between taking one and giving it back, and that keeps a rule.
struct FoundSlots {
  std::uint32_t rule = 0;  // an index into Task::rules
  std::uint32_t n = 0;
};

/// What stands in one part of a plan for what is in another that is equal to it but for names. Sorted; what is not in it is itself.
struct Renaming {
  template <class T>
  using Pairs = std::vector<std::pair<Id<T>, Id<T>>>;
  Pairs<task::Variable> variables;
  Pairs<task::Operator> operators;
  Pairs<program::Object> objects;
  Pairs<task::ValueTag> values;  // that are objects
};

struct Measures {
  task::Seconds disruption = 0;
  task::Seconds duration = 0;
  std::int64_t cost = 0;
  task::Seconds away = 0;
  std::int64_t of(program::Measure m) const {
    return m == program::Measure::disruption ? disruption : m == program::Measure::duration ? duration : m == program::Measure::cost ? cost : away;
  }
};

struct Found {
  std::vector<FoundStep> steps;  // in the order of the timeline; ties by the order in the files
  std::vector<FoundSlots> slots;
  std::vector<Renaming> renamings;
  Measures measures;
  std::vector<program::Measure> least;             // proven least, in the order of `minimize`, as far as the proof goes
  std::map<program::Measure, std::int64_t> bounds;  // below which no plan can be, where one is known and not reached
};

/// A change with which there is a plan.
struct WayOut {
  enum class Kind {
    fewer,         // the counts of `constraints` need `to` instead of `from`, or one more that counts
    allowed,       // the forbidden action is allowed
    left,          // the variable is left as it ends
    more_at_once,  // `to` steps at once instead of `from`
    longer,        // a window of `to` seconds instead of `from`
  };
  Kind kind = Kind::fewer;
  std::vector<Id<task::Constraint>> constraints;
  std::int64_t from = 0;
  std::int64_t to = 0;
};

/// Sets of constraints that cannot hold together; each is irreducible: take any one away and the others can.
struct Impossible {
  std::vector<std::vector<Id<task::Constraint>>> conflicts;
  std::vector<WayOut> ways_out;
};

struct GaveUp {
  std::string bound;  // in words, with its name and number
};

using Solution = std::variant<Found, Impossible, GaveUp>;

}  // namespace exm
