// A checked program: every name is an Id, every expression has a type, every object is made (`each`, `has` and what is
// owned are expanded) and every fact is a constant. `check` makes it; `ground` instantiates it for one maintenance.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "compiler/base/ids.h"
#include "compiler/base/source.h"
#include "compiler/check/expression.h"
#include "compiler/check/value.h"

namespace exm::program {

struct Action;
struct Intent;
struct Rule;
struct Fault;

// -------------------------------------------------------------------------------------- kinds and objects

struct Enum {
  std::string name;  // empty for one without a name
  std::vector<std::string> values;
  Span span;
};

/// A fact or a state of a kind. Every kind's first field is the state `exists`.
struct Field {
  Id<Kind> kind;
  std::string name;
  Type type;
  bool is_state = false;
  bool lasting = false;
  std::optional<Expr> initial;  // local 0 is the object
  std::string doc;
  Span span;
};

struct Local {
  std::string name;
  Type type;
  Span span;
};

struct Let {
  std::string name;
  Id<Kind> kind;  // nothing for one at top level; else local 0 is the object
  std::vector<Local> parameters;  // the object included
  std::uint32_t locals = 0;       // the size of its frame
  Expr value;
  Span span;
};

struct Disrupts {
  Expr condition;  // local 0 is the object
  std::uint32_t locals = 0;
  Span span;
};

/// How a state is observed.
struct Probe {
  Id<Field> state;
  std::optional<Expr> on;  // local 0 is the object; the object that the command runs on
  std::string language;
  std::optional<Expr> from;      // an object; nothing with from_controller
  bool from_controller = false;
  Expr text;
  std::map<std::string, Value> as;
  std::int64_t every = 5;  // seconds
  std::uint32_t locals = 0;
  Span span;
};

struct Kind {
  std::string name;
  Id<Kind> owner;          // nothing: it stands by itself
  std::string collection;  // EX3.services
  bool at_most_one = false;
  bool comes_and_goes = false;  // some object of it is planned, or some effect or fault assigns its `exists`
  Id<Field> key;           // nothing: it has a name of its own
  Id<Field> reached_by;    // the address for adapters; nothing: the name
  std::vector<Id<Field>> fields;
  std::map<std::string, Id<Let>> lets;
  std::vector<Id<Kind>> owned;  // kinds whose owner this is
  std::vector<Disrupts> disrupts;
  std::vector<Probe> probes;
  std::string doc;
  Span span;
};

/// A thing of the environment, or a planned one. The path names it ("casnlb.hosts.EX3"; a part that holds a dot is quoted).
struct Object {
  std::string name;
  std::string path;
  Id<Kind> kind;
  Id<Object> owner;  // nothing
  bool planned = false;
  std::map<Id<Field>, Value> values;  // every fact, and what every state is at the start
  std::vector<Id<Object>> owned;      // in the order of the files
  Span span;
  bool planned_apart = false;  // `planned` within a planned owner: it does not come with that
  std::map<Id<Field>, Span> said = {};      // where the files say a value of its own
  std::map<Id<Field>, Value> restore = {};  // what an earlier plan was to restore
  std::map<Id<Field>, Value> ends = {};     // what an earlier plan makes different for good
};

// ------------------------------------------------------------------------------------------------ actions

struct Requirement {
  Expr condition;
  std::optional<Expr> otherwise;  // a text
  std::optional<Expr> when;       // on facts
  Span span;
};

struct Assignment {
  Expr object;
  Id<Field> state;
  Expr value;
  std::optional<Expr> when;
  Span span;
};

/// Assignments that happen together, or a forall over a collection, in any order.
struct Effect {
  std::vector<Assignment> together;
  std::optional<std::uint32_t> local;  // of a forall
  std::vector<Expr> collection;        // one
  std::vector<Expr> where;             // none or one
  std::vector<Effect> body;            // one
  std::optional<Expr> when;            // of the clause
  Span span;
  std::string variable;                // the local's name
};

/// An expression that counts only when its condition (on facts) holds.
struct Conditional {
  Expr value;
  std::optional<Expr> when;
  Span span;
};

struct TimedDisruption {
  Expr whose;
  Expr lasts;  // a duration
  std::optional<Expr> when;
  Span span;
};

/// A call of an action or an intent.
template <class T>
struct Call {
  Id<T> callee;
  std::vector<Expr> arguments;
  Span span;
};

struct Run {
  std::string language;
  bool from_controller = false;
  std::optional<Expr> from;
  Expr text;
  Span span;
};

/// What an action, or one extension of it, says. The parameters are locals 0, 1, … in both.
struct Part {
  bool extension = false;
  std::uint32_t locals = 0;
  std::vector<Requirement> requires_;
  std::vector<Effect> during;
  std::vector<Effect> effects;  // one after another
  std::vector<Conditional> uses;
  std::vector<TimedDisruption> disrupts;
  std::vector<Conditional> confirms;      // texts
  std::vector<Conditional> privileges;    // texts
  std::vector<Conditional> notices;       // texts
  std::vector<Conditional> irreversible;  // value is the constant true
  std::vector<Conditional> cost;          // ints; the last that counts
  std::vector<Conditional> lease;         // durations
  Span span;
};

struct Action {
  std::string name;
  std::vector<Local> parameters;
  std::optional<Expr> title;
  std::optional<Expr> on;
  std::optional<Conditional> takes;
  std::optional<Conditional> timeout;
  std::optional<Call<Action>> fallback;
  int retry_times = 0;
  std::int64_t retry_every = 0;
  std::vector<Run> run;
  std::vector<Part> parts;  // its own first, then the extensions in the order of the files
  std::string doc;
  Span span;
};

/// `host_kind` nothing: for whatever host a command of that language runs on.
struct Prelude {
  std::string language;
  Id<Kind> host_kind;
  Expr text;
  Span span;
};

// ----------------------------------------------------------------------------- rules, faults, maintenances

enum class RuleKind { always, check, notice };

struct RuleClause {
  RuleKind kind = RuleKind::always;
  Expr condition;
  std::optional<Expr> text;  // `else "…"` of always and check; the notice
  std::uint32_t locals = 0;
  Span span;
};

struct Rule {
  std::string name;
  std::string title;
  std::vector<std::string> sources;
  bool of_steps = false;
  bool warning = false;
  std::vector<RuleClause> clauses;
  Span span;
};

struct Fault {
  std::string name;
  std::string title;
  std::vector<Local> parameters;
  std::vector<Effect> effects;
  std::uint32_t locals = 0;
  Span span;
};

enum class Measure { disruption, duration, cost, away };

struct Wish {
  Expr condition;
  std::optional<Expr> text;
  std::optional<Expr> when;
  Span span;
};

struct Leave {
  Expr objects;     // an object or a set of them
  Id<Field> state;  // nothing: all its states, and those of what it owns
  Span span;
};

struct Confirm {
  Expr question;
  Id<Action> before;  // nothing: before the first step
  Span span;
};

struct Window {
  int from_minute = 0;  // of the week; 0 is Monday 00:00
  int to_minute = 0;
  std::string zone;
  Span span;
};

template <class T>
struct Limited {
  T what;
  int n = 1;
  Span span;
};

/// What an intent, a maintenance, or the `with { … }` of a test says.
struct Wishes {
  std::vector<Call<Intent>> do_;
  std::vector<Wish> achieve;
  std::vector<Wish> keep;
  std::vector<Leave> leave;
  std::vector<Limited<Id<Rule>>> repair;
  std::optional<Limited<int>> tolerate;
  std::vector<Limited<Id<Fault>>> withstand;
  std::vector<Limited<Id<Action>>> allow_no_retreat;
  std::vector<Measure> minimize;  // empty: not said
  std::optional<Limited<int>> at_most;
  std::vector<Limited<Id<Action>>> forbid;
  std::vector<Confirm> confirms;
  std::vector<Window> windows;
  std::uint32_t locals = 0;

  bool empty() const {
    return do_.empty() && achieve.empty() && keep.empty() && leave.empty() && repair.empty() && !tolerate && withstand.empty() &&
           allow_no_retreat.empty() && minimize.empty() && !at_most && forbid.empty() && confirms.empty() && windows.empty();
  }
};

struct Intent {
  std::string name;
  std::vector<Local> parameters;
  Wishes wishes;
  Span span;
};

struct Maintenance {
  std::string name;
  std::string title;
  Wishes wishes;
  std::string doc;
  Span span;
};

enum class ExpectKind { before, always, no_plan, step, no_step, retreat, headroom };

struct Expect {
  ExpectKind kind = ExpectKind::always;
  std::optional<Call<Action>> first;
  std::optional<Call<Action>> second;
  std::optional<Expr> value;
  std::string because;  // "keep", or the name of a rule or an action
  std::uint32_t locals = 0;
  Span span;
};

struct Test {
  std::string title;
  Id<Maintenance> maintenance;
  Wishes with;
  std::vector<Expect> expectations;
  Span span;
};

/// Whether a plan is the first, goes on from where another was left, or goes back from there.
enum class Direction { first, on, back };

struct Program {
  Table<Enum> enums;
  Table<Kind> kinds;
  Table<Field> fields;
  Table<Let> lets;
  Table<Object> objects;
  Table<Action> actions;
  std::vector<Prelude> preludes;
  Table<Rule> rules;
  Table<Fault> faults;
  Table<Intent> intents;
  Table<Maintenance> maintenances;
  std::vector<Test> tests;
  Direction direction = Direction::first;
};

}  // namespace exm::program
