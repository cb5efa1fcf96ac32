// A task: one maintenance, instantiated. Everything is a number: variables, values, formulas as flat arrays, operators
// (actions with their objects), rule instances, wishes. Names survive for printing only. `ground` makes it, `solve` searches it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "compiler/base/ids.h"
#include "compiler/base/source.h"
#include "compiler/check/program.h"

namespace exm::task {

using Seconds = std::int64_t;

/// A value of any type, interned: equal values have equal ids. The first four are fixed.
struct ValueTag;
using ValueId = Id<ValueTag>;
inline constexpr ValueId unknown{0}, false_{1}, true_{2}, none{3};

// --------------------------------------------------------------------------------------------- formulas

struct NodeTag;
using NodeId = Id<NodeTag>;

enum class NodeOp : std::uint8_t {
  constant,    // a: ValueId
  variable,    // a: Id<Variable>
  not_, and_, or_,
  equal,       // two operands
  less, less_equal,
  in,          // operand 0 in operand 1: a set node, a variable, or a constant set
  set,
  count,       // of operands known true: an interval where some are unknown
  sum,         // a direct operand `if` with an unknown condition gives an interval
  add, subtract, multiply, divide,
  if_,
  known,
};

struct Node {
  NodeOp op = NodeOp::constant;
  std::uint32_t a = 0;      // of constant and variable
  std::uint32_t first = 0;  // in Formulas::operands
  std::uint32_t count = 0;
};

/// All formulas of a task. Equal nodes are shared; constants are folded by whoever adds.
struct Formulas {
  std::vector<Node> nodes;
  std::vector<NodeId> operands;
};

// -------------------------------------------------------------------------------------------- constraints

/// Whatever may be named when no plan exists, and when a step says why it is there. Instances that come from one place in
/// the files with the same objects are one constraint.
struct Constraint {
  enum class Kind { rule, keep, requirement, forbid, at_most, window, wish, restoration };
  Kind kind = Kind::rule;
  std::string name;      // the rule's name, the action's name (requirement, forbid), the variable's path (restoration), else ""
  std::string sentence;  // in the author's words: the rule's title, the `else` text; else the formula with its objects put in
  std::string formula;   // the formula with its objects put in
  Span span;
};

// --------------------------------------------------------------------------------------------- variables

struct Variable {
  /// Why it need not be restored. `achieved` is not here: it depends on the end.
  enum class Free { no, lasting, left, planned, unknown_at_start };
  std::string name;  // "casnlb.hosts.EX3.mode"
  Id<program::Object> object;
  Id<program::Field> state;
  ValueId start;
  ValueId restore;  // the value to be restored
  Free free = Free::no;
  Id<Constraint> restoration;
  bool probed = false;  // it can be observed
  ValueId finished = {};  // what an earlier plan makes of it for good; nothing: there is none, or it is to be put back
};

// --------------------------------------------------------------------------------------------- operators

struct Requirement {
  NodeId formula;
  Id<Constraint> constraint;
};

struct Assignment {
  Id<Variable> variable;
  NodeId to;
  NodeId when;  // nothing: always
};

/// As in a plan: together, one part after another, or the parts in any order and interleaving.
struct Effect {
  enum class Kind { together, sequence, any_order };
  Kind kind = Kind::together;
  std::vector<Assignment> assignments;
  std::vector<Effect> parts;
};

struct TimedDisruption {
  Id<program::Object> whose;
  Seconds lasts = 0;
};

/// An action with its objects: what may become a step.
struct Operator {
  Id<program::Action> action;
  std::vector<program::Value> arguments;  // one for each parameter
  std::string title;
  NodeId on;                                // an object (constant or read when the step begins); nothing
  std::vector<Id<program::Object>> uses;  // sorted
  std::vector<Requirement> requires_;
  std::vector<Assignment> during;
  Effect effects;
  std::vector<Id<Variable>> reads;  // read by `on`, `${…}` and the title, beside what formulas above read; must be known
  Seconds takes = 0;
  std::int64_t cost = 1;
  std::vector<TimedDisruption> disrupts;
  Id<Constraint> forbidden;  // nothing: allowed
};

/// One instance of an `always` rule or a `keep`, to be known to hold in every state.
struct Rule {
  NodeId formula;
  Id<Constraint> constraint;
  Id<program::Rule> rule;   // nothing for a keep
  std::uint32_t clause = 0;  // of the rule
  std::vector<program::Value> binding;  // of the outermost foralls, for printing
  bool of_steps = false;   // an instance binds from when it first holds
  bool repaired = false;   // likewise, and it is a wish
};

/// Users feel it while the formula is true (or unknown).
struct DisruptsWhen {
  NodeId formula;
  Id<program::Object> whose;
};

struct Wish {
  NodeId formula;
  Id<Constraint> constraint;
  Id<Variable> restores = {};  // it is no wish of the maintenance: this is to be put back, since the start finds it otherwise
};

/// An instance of a fault.
struct Fault {
  Id<program::Fault> fault;
  std::vector<program::Value> arguments;
  Effect effects;
};

struct Withstand {
  Id<program::Fault> fault;
  int n = 1;
  Id<Constraint> constraint;
};

struct Task {
  Id<program::Maintenance> maintenance;
  std::vector<program::Value> values;  // by ValueId
  Formulas formulas;
  Table<Variable> variables;
  Table<Operator> operators;
  Table<Constraint> constraints;
  std::vector<Rule> rules;
  std::vector<DisruptsWhen> disrupts_when;
  std::vector<Wish> wishes;
  std::vector<program::Measure> minimize;  // in order, all four
  std::optional<int> at_most;              // steps at once
  Id<Constraint> at_most_constraint;
  Seconds longest = 0;                      // the longest window; 0: no window
  Id<Constraint> longest_constraint;
  std::vector<Fault> faults;
  std::vector<Withstand> withstand;
  std::vector<Id<program::Action>> no_retreat;  // their steps need no way back
  std::vector<std::string> notices;        // of `notice` rules whose condition holds at the start
  std::vector<std::string> world_notices;  // those of them that a state decides, and not facts alone: of use where no plan is found
};

}  // namespace exm::task
