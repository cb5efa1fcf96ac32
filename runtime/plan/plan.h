// The plan: everything that a reviewer, the verifier and the runtime need, and nothing of the `.exm` files.
// It is owned by the machine that runs it. `plan_json.h` reads and writes it; docs/plan.schema.json is its schema.
//
// Slots: in a template, a rule with instances, a fault or a retreat, `$0`, `$1`, ... in a path or a title stand for objects,
// `$name` for an argument of the step; `$$` is a dollar sign. A variable is an object's path, a dot and a state.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "runtime/plan/expression.h"
#include "runtime/plan/value.h"

namespace exm::plan {

using Seconds = std::int64_t;

/// Where a plan came from. The path is relative and has `/`.
struct SourceFile {
  std::string path;
  std::string sha256;  // 64 hex digits
};

/// The type of a state.
struct Type {
  enum class Kind { boolean, integer, text, duration, version, ip, cidr, path, enumeration, reference, optional, set, list };
  Kind kind = Kind::boolean;
  std::vector<std::string> names;  // of an enumeration
  std::string object_kind;         // of a reference
  std::vector<Type> element;       // one, of optional, set, list

  friend bool operator==(const Type& a, const Type& b) {
    return a.kind == b.kind && a.names == b.names && a.object_kind == b.object_kind && a.element == b.element;
  }
};

struct State {
  Type type;
  std::optional<Value> default_value;
  bool lasting = false;
};

struct Kind {
  std::map<std::string, State> states;
};

/// An object. `start` has the values that differ from the kind's defaults, `restore` those that differ from the start.
struct Object {
  std::string kind;
  std::map<std::string, Value> start;
  std::map<std::string, Value> restore;
  bool planned = false;  // it does not exist at the start
};

/// An object that commands run on or from.
struct Host {
  std::string address;
};

/// A formula with slots, and the objects for them. No instances: the formula has no slots.
struct Formula {
  Expression formula;
  std::vector<std::vector<std::string>> instances;
};

/// A state that need not be restored.
struct Free {
  enum class Why { lasting, left, achieved, unknown, planned };
  Why why = Why::lasting;
  Value ends;
};

/// A piece of a command. The finished text, quoting included, is made by whoever shows or runs it.
struct Piece {
  enum class Kind {
    text,      // text, as it is
    value,     // value, whose type says how it is quoted
    object,    // slot: the name of the object in it
    argument,  // text: the name of a step's argument
    secret,    // text: its name; the adapter fetches it
    run,       // text: "started", the time at which the run began
  };
  Kind kind = Kind::text;
  std::string text;
  Value value;
  int slot = 0;

  friend bool operator==(const Piece& a, const Piece& b) {
    return a.kind == b.kind && a.text == b.text && a.value == b.value && a.slot == b.slot;
  }
};

using Text = std::vector<Piece>;

/// A command in one language. `from` is empty (the step's host), "controller", or an object's path.
struct Command {
  Text command;
  std::string from;
};

struct Requirement {
  Expression formula;
  std::string otherwise;  // what the author says when it does not hold; may be empty

  friend bool operator==(const Requirement& a, const Requirement& b) {
    return a.formula == b.formula && a.otherwise == b.otherwise;
  }
};

struct Assignment {
  std::string variable;
  Expression to;
  std::optional<Expression> when;

  friend bool operator==(const Assignment& a, const Assignment& b) {
    return a.variable == b.variable && a.to == b.to && a.when == b.when;
  }
};

/// What a step does, in its order. `together`: the assignments happen at once; `sequence`: the parts one after another;
/// `any_order`: the parts in any order or interleaving.
struct Effect {
  enum class Kind { together, sequence, any_order };
  Kind kind = Kind::together;
  std::vector<Assignment> assignments;  // of together
  std::vector<Effect> parts;            // of the others

  friend bool operator==(const Effect& a, const Effect& b) {
    return a.kind == b.kind && a.assignments == b.assignments && a.parts == b.parts;
  }
};

/// How a state is observed. The text that comes back is trimmed and read by the variable's type, or by `as`.
struct Probe {
  std::string variable;
  std::string language;
  Command command;
  std::map<std::string, Value> as;  // empty: by the type
  Seconds every = 5;
};

struct Retry {
  int times = 0;
  Seconds every = 0;
};

/// Another template to run on (some of) the same objects where a step fails or times out.
struct Fallback {
  std::string step_template;
  std::vector<std::string> objects;  // slots or paths
};

/// A blow that no state shows: `whose` users feel it for so long.
struct Disruption {
  std::string whose;
  Seconds lasts = 0;
};

/// The grounded shape of an action, with slots.
struct Template {
  std::string action;
  std::string title;
  std::string on;  // the host that is busy with it, or empty
  std::vector<std::string> uses;
  std::vector<Requirement> requires_;
  std::vector<Assignment> during;
  Effect effects;
  std::map<std::string, Command> run;  // by language; "person" is for a person
  std::vector<Probe> probes;
  Seconds takes = 0;
  Seconds timeout = 0;  // 0: four times `takes`, at least a minute
  std::optional<Retry> retry;
  std::optional<Fallback> fallback;
  std::vector<std::string> confirm;  // questions to a person before it
  std::int64_t cost = 1;
  std::vector<Disruption> disrupts;
  bool irreversible = false;
  std::vector<std::string> privileges;
  std::vector<std::string> notices;
  std::map<std::string, Seconds> lease;  // per variable: a timer on the host puts the prior value back after so long
};

struct Step {
  std::string id;
  std::string step_template;
  std::vector<std::string> objects;
  std::map<std::string, Value> args;
  std::vector<std::string> after;
  std::vector<std::string> acquires;
  std::vector<std::string> releases;
  std::string why;      // one sentence; for people
  std::string retreat;  // an id in `retreats`, or empty
};

struct Rule {
  enum class Kind { always, keep };
  std::string id;
  std::string title;
  Kind kind = Kind::always;
  std::string source;  // a file, or what the author named
  bool repaired = false;
  bool of_steps = false;
  Formula formula;
};

struct Confirm {
  std::string id;
  std::string question;
  std::string before;  // an action's name; empty: before the first step
};

/// A weekly span of time. The zone is the controller's where it is empty.
struct Window {
  int weekday = 0;  // 0 is Monday
  int minute = 0;   // of that day
  Seconds length = 0;
  std::string zone;
};

struct Withstand {
  std::string fault;
  int n = 1;
};

struct Limits {
  std::vector<std::string> forbid;
  std::optional<int> at_most;
  std::map<std::string, int> slots;
  std::vector<Window> windows;
  std::vector<Confirm> confirms;
  int tolerate = 0;
  std::vector<Withstand> withstand;
  std::vector<std::string> allow;
};

/// Something that the world may do at any time.
struct Fault {
  std::string id;
  std::string title;
  Effect effects;
  std::vector<std::vector<std::string>> instances;
};

/// `given` are arguments that the step which names the retreat has under another name; it has these for its way back alone.
struct RetreatStep {
  std::string step_template;
  std::vector<std::string> objects;
  std::map<std::string, Value> args;
  std::map<std::string, std::string> given;
};

/// A way back, shared by steps that are equal but for names: its slots are the objects of the step that names it.
/// An argument that a step of it does not give is that of the step that names it, whose last objects may be there for its way back alone.
struct Retreat {
  std::vector<RetreatStep> steps;
  std::map<std::string, Value> open;  // what stays different, and the value it has
};

enum class Measure { disruption, duration, cost, away };

/// For display only: `verify` recomputes it and `run` never reads it. Seconds, but for `steps` and `cost`.
struct Summary {
  std::int64_t steps = 0;
  Seconds disruption = 0;
  Seconds duration = 0;
  std::int64_t cost = 0;
  Seconds away = 0;
  std::vector<Measure> least;             // these are proven least, in the order of `minimize`
  std::map<Measure, std::int64_t> bounds;  // below which no plan can be, for those that are not
  std::vector<std::string> exposure;       // headroom, and what one fault more would break: sentences
};

struct Plan {
  std::string maintenance;
  std::string title;
  std::string digest;  // "sha256:" and 64 hex digits
  std::vector<SourceFile> sources;
  std::map<std::string, Kind> kinds;
  std::vector<Formula> disrupts_when;
  std::map<std::string, Object> objects;
  std::map<std::string, Host> hosts;
  std::map<std::string, std::map<std::string, Text>> preludes;  // language, kind of host
  std::map<std::string, Free> free;
  std::map<std::string, Template> templates;
  std::vector<Step> steps;
  std::vector<Rule> rules;
  std::vector<Expression> achieve;
  Limits limits;
  std::vector<Fault> faults;
  std::vector<Measure> minimize;
  std::vector<std::string> notices;
  std::map<std::string, Retreat> retreats;
  Summary summary;
};

}  // namespace exm::plan
