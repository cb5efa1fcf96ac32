// What the parts of `ground` share while a task is made, and the demands of a maintenance with its intents put in.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "compiler/base/diagnostics.h"
#include "compiler/ground/expand.h"
#include "compiler/ground/ground.h"

namespace exm::task {

/// Something said in an intent or a maintenance, with the values of the parameters there.
template <class T>
struct Said {
  const T* what = nullptr;
  std::vector<program::Value> arguments;
  std::uint32_t locals = 0;
};

/// All that a maintenance says, itself and by its intents; of the intents' first, in the order of the files.
struct Demands {
  std::vector<Said<program::Wish>> achieve;
  std::vector<Said<program::Wish>> keep;
  std::vector<Said<program::Leave>> leave;
  std::vector<Said<program::Confirm>> confirms;
  std::vector<program::Limited<Id<program::Rule>>> repair;
  std::optional<program::Limited<int>> tolerate;  // the least that is said
  std::optional<program::Limited<int>> at_most;   // likewise
  std::vector<program::Limited<Id<program::Fault>>> withstand;
  std::vector<program::Limited<Id<program::Action>>> allow_no_retreat;
  std::vector<program::Limited<Id<program::Action>>> forbid;
  std::vector<program::Window> windows;
  std::vector<program::Measure> minimize;
};

Demands demands_of(const program::Program& program, Id<program::Maintenance> maintenance, const program::Wishes* with, Expander& expander);

/// A week's span in seconds, from its first minute to its last.
Seconds length_of(const program::Window& window);

struct Grounding {
  const program::Program& program;
  const Limits& limits;
  Diagnostics& diagnostics;
  Task& task;
  Builder& b;
  World& world;
  Expander& x;
  const Demands& demands;
  std::map<Id<Variable>, std::vector<program::Value>> compared = {};  // the constants that rules and wishes compare it with
  std::set<const void*> reported = {};  // places in the program of which an error was told already

  bool report_once(const void* place) { return reported.insert(place).second; }
};

/// An instance of a condition: what it says of the objects that its outermost foralls range over.
struct Instance {
  NodeId formula;
  std::vector<program::Value> binding;
  Terms frame;
  std::string text;
  bool is_bound = false;  // it comes from a forall
  NodeId belongs;         // that what it is bound to exists, and is what the `where` wants
};

enum class Split { foralls, foralls_and_ands };

/// None where an outermost forall has no element at all.
std::vector<Instance> instances_of(Grounding& g, const program::Expr& condition, const Terms& frame, Split split);

void ground_rules(Grounding& g);
void ground_keeps(Grounding& g);
void ground_wishes(Grounding& g);
void ground_disruptions(Grounding& g);
void ground_faults(Grounding& g);
void ground_actions(Grounding& g);
void ground_limits(Grounding& g);
void check_start(Grounding& g);
/// What is to be put back because the start, where an earlier plan was left, finds it otherwise; and, on the way back, what is wished for at all.
void ground_returns(Grounding& g);

/// The effects of one part or fault, as a sequence; `during` of a part as plain assignments.
class EffectMaker {
 public:
  EffectMaker(Grounding& g, Expander& x) : g_(g), x_(x) {}
  Effect sequence(const std::vector<program::Effect>& effects, Terms& frame);
  Effect one(const program::Effect& effect, Terms& frame, NodeId condition);

 private:
  void assign(const program::Assignment& assignment, Terms& frame, NodeId condition, std::vector<Assignment>& into);
  void add_existence(std::vector<Assignment>& together);
  void check_value(const program::Assignment& assignment, Id<Variable> variable, NodeId to);
  Grounding& g_;
  Expander& x_;
};

/// Joins parts: empty ones left out, a single one by itself.
Effect join(Effect::Kind kind, std::vector<Effect> parts);
bool is_empty(const Effect& effect);
void collect_assignments(const Effect& effect, std::vector<Assignment>& into);

/// Calls `use` with each binding of the parameters that the facts alone do not exclude.
void each_binding(Grounding& g, const program::Action& action, const std::function<bool(const std::vector<program::Value>&)>& use);

/// What variables that hold objects may ever hold: so that following them does not lead to all objects of the kind.
void limit_references(Grounding& g);

/// The constants that formulas compare each variable with.
std::map<Id<Variable>, std::vector<program::Value>> compared_values(const Task& task);

/// The values that a parameter of no small type ranges over, once the parameters before it are chosen.
std::vector<program::Value> open_values(Grounding& g, const program::Action& action, std::uint32_t parameter, const std::vector<program::Value>& before);

}  // namespace exm::task
