// What the searches of this room share: a state, the evaluation of formulas in it, and per operator and rule which
// variables they touch. `Model` is made once a task; leaving constraints out (for conflicts) is a flag per constraint.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "compiler/ground/task.h"

namespace exm::planning {

using task::NodeId;
using task::Seconds;
using Var = std::uint32_t;
using Val = std::uint32_t;  // a ValueId's index; 0 is unknown

/// A value for each variable of the task.
using State = std::vector<Val>;

enum class Truth : std::uint8_t { no, yes, unknown };

/// The integers that a number may be, or nothing is known of it.
struct Interval {
  bool known = false;
  std::int64_t low = 0;
  std::int64_t high = 0;
};

/// Strong Kleene logic over a state.
class Evaluator {
 public:
  explicit Evaluator(const task::Task& task) : task_(task) {}
  Val value(NodeId node, const State& state) const;
  Truth truth(NodeId node, const State& state) const;

 private:
  Interval interval(NodeId node, const State& state) const;
  Interval sum_operand(NodeId node, const State& state) const;
  Truth compare(const task::Node& node, const State& state) const;
  Truth member(const task::Node& node, const State& state) const;
  Truth values_equal(Val a, Val b) const;
  bool is_number(NodeId node) const;
  NodeId operand(const task::Node& node, std::uint32_t i) const { return task_.formulas.operands[node.first + i]; }
  const task::Node& at(NodeId node) const { return task_.formulas.nodes[node.index]; }
  const task::Task& task_;
};

/// The variables in a formula, sorted, each once.
std::vector<Var> variables_of(const task::Task& task, NodeId node);

struct OperatorInfo {
  std::vector<Var> writes;            // during and effects, condition met or not; sorted
  std::vector<Var> reads;             // requirements, conditions, right-hand sides, on, commands; sorted
  std::vector<std::uint32_t> rules;   // those that touch what it writes
  std::uint32_t on = ~0u;             // the object's index, where it is a constant
};

/// The constraints of the same sort that come from the same place in the files, this one included: a change there is a change for all.
std::vector<Id<task::Constraint>> from_the_same_place(const task::Task& task, Id<task::Constraint> constraint);

/// Have two sorted lists an element in common?
bool share(const std::vector<std::uint32_t>& a, const std::vector<std::uint32_t>& b);

/// May the two not overlap without an order, since one writes what the other reads or writes?
bool races(const OperatorInfo& a, const OperatorInfo& b);

struct RuleInfo {
  std::vector<Var> variables;
  bool latent = false;  // binds only from when it first holds, and does not hold at the start
};

struct Model {
  const task::Task& task;
  Evaluator evaluate;
  State start;
  std::vector<OperatorInfo> operators;
  std::vector<RuleInfo> rules;
  std::vector<std::vector<std::uint32_t>> rules_of;      // per variable
  std::vector<std::vector<std::uint32_t>> writers_of;    // per variable: operators
  std::vector<std::vector<std::uint32_t>> disrupts_of;   // per variable: entries of disrupts_when
  std::vector<bool> wished;                              // per variable: a wish, or a rule under repair, reads it
  std::vector<bool> dropped;                             // per constraint

  explicit Model(const task::Task& task);
  bool holds(Id<task::Constraint> constraint) const { return !constraint || !dropped[constraint.index]; }
  /// Must the variable end as it was?
  bool restorable(Var v) const;
};

}  // namespace exm::planning
