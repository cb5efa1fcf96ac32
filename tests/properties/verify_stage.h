// The stage on which brute force plays a plan: whole worlds, one event at a time. `Stage` is the entry.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "runtime/plan/plan.h"
#include "runtime/verify/evaluate.h"

namespace exm::naive {

using plan::Assignment;
using plan::Effect;
using plan::Value;

/// One way in which the conditions that nobody knows may be decided.
using Guess = std::vector<bool>;

/// A step under way, in one guess: what it shows, and what it would leave if it ended now.
struct Shadow {
  std::map<std::string, Value> running, before;
};

struct Ready {  // an assignment with its value; `guess` is the number of its unknown condition, or -1
  std::string variable;
  Value to;
  int guess = -1;
};

/// The effect as read when the step begins: leaves without a change are gone.
struct Tree {
  Effect::Kind kind = Effect::Kind::together;
  std::vector<Ready> changes;
  std::vector<Tree> parts;
  bool done = false;
};

enum class Status { waiting, running, ended, cut_off };

struct StepState {
  Status status = Status::waiting;
  Tree tree;
  std::vector<Shadow> shadows;         // one a guess
  std::map<std::string, Value> shows;  // of a step that was cut off: what it left
};

struct State {
  World world;
  std::vector<StepState> steps;
  std::vector<bool> bound;  // by rule instance
};

struct RuleInstance {
  const plan::Rule* rule;
  plan::Expression formula;
};

/// The same for states that are the same.
std::string key(const State& state);

class Stage {
 public:
  explicit Stage(const plan::Plan& plan);

  State start() const;

  // What may happen next, and to what it leads.
  bool may_begin(const State& state, std::size_t s, bool look_at_slots = true) const;

  std::map<std::string, int> slots(const State& state) const;

  /// Why the step may not begin here, or nothing.
  std::string obstacle(const State& state, std::size_t s) const;

  State begun(State state, std::size_t s) const;

  std::vector<State> effects(const State& state, std::size_t s) const;

  std::optional<State> ended(State state, std::size_t s) const;

  std::vector<State> cut_offs(const State& state, std::size_t s) const;

  /// Marks the rules that hold; gives those that are broken.
  std::vector<std::size_t> broken(State& state) const;

  /// Whether up to `n` faults can break a rule that binds here.
  bool hurt(const World& world, const std::vector<bool>& bound, const plan::Withstand& limit, std::set<int> used) const;

  std::string race() const;

  std::vector<RuleInstance> rules;
  std::vector<std::vector<bool>> before;

 private:
  static void all_assignments(const Effect& effect, std::vector<Assignment>& found);

  static Truth holds(const Assignment& a, const State& state);

  static void add_ready(const Assignment& a, const World& world, std::vector<Ready>& list, int& guesses);

  static Tree read(const Effect& effect, const World& world, int& guesses);

  static std::map<std::string, Value> joined(const StepState& step, std::map<std::string, Value> Shadow::*which);

  static void show(State& state, std::size_t s);

  static std::set<std::string> written(const plan::Template& shape);

  static void variables(const plan::Expression& e, std::set<std::string>& names);

  static std::set<std::string> named(const plan::Template& shape);

  const plan::Plan& plan_;
  std::vector<plan::Template> shapes_;
};

}  // namespace exm::naive
