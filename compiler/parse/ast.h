// The syntax tree of one file: what was written, with its places. No name in it is resolved, nothing is expanded.
// `parse` makes it, always whole: what could not be read is a Broken declaration, and a diagnostic says why.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "compiler/base/source.h"
#include "compiler/parse/ast_expression.h"

namespace exm::ast {

// -------------------------------------------------------------------------------------- kinds and objects

struct Field {  // `fqdn : string = "…"`, `state up : bool = true`, `lasting state backup : bool = false`
  bool is_state = false;
  bool lasting = false;
  Name name;
  TypeExpr type;
  std::optional<Expr> initial;
  std::string doc;
  Span span;
};

struct ReachedBy {  // reached by fqdn
  Name field;
  Span span;
};

struct Key {  // key server : server
  Name name;
  TypeExpr type;
  Span span;
};

struct Let {  // let serving = (…), let hosts_of(s: server) = {…}
  Name name;
  std::vector<Parameter> parameters;
  std::optional<TypeExpr> type;
  Expr value;
  std::string doc;
  Span span;
};

struct Entry;

struct Body {
  std::vector<Entry> entries;
  Span span;
};

struct Assign {  // in an object: build = "14.1.218.15"
  Name name;
  Expr value;
  Span span;
};

/// `server EX3 { … }`, `planned nlb casnlb { … }`, `forefront {}`, `service "MSExchangeIMAP4" { … }`, `host EX3 { … }`.
struct Object {
  bool planned = false;
  Name kind;
  std::optional<Expr> name;  // a name or a text; the key's value for a kind that has a key
  Body body;
  std::string doc;
  Span span;
};

struct Each {  // each i in 1..100 { … }
  Name variable;
  Expr collection;
  std::optional<Expr> where;
  Body body;
  Span span;
};

struct Entry {
  std::variant<Assign, Object, Each> entry;
};

struct Has {  // has service "MSExchangeRPC" { … } when client_access in roles
  Object object;
  std::optional<Expr> when;
  Span span;
};

struct DisruptsWhen {  // disrupts when mode == started and not server.up
  Expr condition;
  Span span;
};

using Member = std::variant<Field, ReachedBy, Key, Let, Has, DisruptsWhen>;

// ------------------------------------------------------------------------------------------------ actions

struct Assignment {  // target := value when condition
  Expr target;
  Expr value;
  Span span;
};

/// `effect a := 1, b := 2`, `effect forall v in c where p: …`. With a variable it stands for all of its collection.
struct Effect {
  std::vector<Assignment> together;  // without a variable
  std::optional<Name> variable;      // of a forall
  std::vector<Expr> collection;      // one, of a forall
  std::vector<Expr> where;           // none or one, of a forall
  std::vector<Effect> body;          // one, of a forall
  Span span;
};

/// A command: `run powershell from controller """…"""`. The language is "person" for what a person does.
struct Run {
  Name language;
  std::optional<Expr> from;  // the name `controller`, or an object
  Expr text;
};

enum class ClauseKind {
  title,         // text
  source,        // text
  requires_,     // value, otherwise
  during,        // effect
  effect,        // effect
  takes,         // value: a duration
  timeout,       // value
  retry,         // number times, every value
  fallback,      // value: a call
  on,            // value
  uses,          // value
  disrupts,      // value: whose, every: for how long
  cost,          // value
  confirm,       // text
  privilege,     // text
  irreversible,
  notice,        // text
  lease,         // value: a duration
  run,           // run
};

/// One clause of an action; which members are set follows from its kind.
struct Clause {
  ClauseKind kind = ClauseKind::title;
  Span span;
  std::optional<Expr> value;
  std::optional<Expr> every;
  std::optional<Expr> otherwise;  // `else "…"`
  std::optional<Expr> text;
  std::optional<Effect> effect;
  std::optional<Run> run;
  std::optional<Expr> when;
};

struct AsEntry {  // "Converged" -> started
  Expr text;
  Expr value;
};

// ----------------------------------------------------------------------------------------- maintenances

enum class WishKind {
  title,           // text
  source,          // text
  do_,             // value: a call
  achieve,         // value
  keep,            // value, otherwise
  leave,           // value; all_states for `X.*`
  repair,          // name
  tolerate,        // number
  withstand,       // number, name
  allow,           // name: `allow no retreat from upgrade_cms`
  minimize,        // names
  at_most,         // number
  forbid,          // name
  confirm,         // text, name (the action, may be empty)
  window,          // window
};

struct WindowExpr {  // window sat 22:00 to sun 04:00 in "Europe/Zurich"
  Name from_day;
  int from_minute = 0;
  Name to_day;
  int to_minute = 0;
  std::optional<Expr> zone;
};

/// One statement of an intent or a maintenance.
struct Wish {
  WishKind kind = WishKind::title;
  Span span;
  std::optional<Expr> value;
  std::optional<Expr> otherwise;
  std::optional<Expr> text;
  std::optional<Expr> when;
  std::int64_t number = 0;
  Name name;
  std::vector<Name> names;
  bool all_states = false;
  std::optional<WindowExpr> window;
};

// ------------------------------------------------------------------------------------------- declarations

struct Use {  // use exchange.cas, use "./lab.exm"
  std::string path;
  bool is_file = false;
  Span path_span;
};
struct Enum {
  Name name;
  std::vector<Name> values;
};
struct Kind {
  Name name;
  std::optional<Name> owner;       // `in server`
  std::optional<Name> collection;  // `as services`
  bool at_most_one = false;        // `as forefront?`
  std::vector<Member> members;
};
struct ExtendKind {
  Name name;
  std::vector<Member> members;
};
struct Param {
  Name name;
  TypeExpr type;
  std::optional<Expr> initial;
};
struct Action {
  Name name;
  std::vector<Parameter> parameters;
  std::vector<Clause> clauses;
};
struct ExtendAction {
  Name name;
  std::vector<Parameter> parameters;
  std::vector<Clause> clauses;
};
struct Probe {  // probe host.mode on server powershell from controller every 5s """…""" as { … }
  Name kind;
  Name state;
  std::optional<Expr> on;
  Run run;
  std::optional<Expr> every;
  std::vector<AsEntry> as;
};
struct Prelude {  // prelude powershell on server """…"""
  Name language;
  std::optional<Name> host_kind;
  Expr text;
};
enum class RuleKind { always, check, notice };
struct RuleClause {  // always E else "…", check E else "…", notice when E "…"
  RuleKind kind = RuleKind::always;
  std::optional<Expr> condition;
  std::optional<Expr> text;
  Span span;
};
struct Rule {
  Name name;
  bool of_steps = false;
  bool warning = false;  // severity warning
  std::optional<Expr> title;
  std::vector<Expr> sources;
  std::vector<RuleClause> clauses;
};
struct Fault {
  Name name;
  std::vector<Parameter> parameters;
  std::optional<Expr> title;
  std::vector<Effect> effects;
};
struct Intent {
  Name name;
  std::vector<Parameter> parameters;
  std::vector<Wish> wishes;
};
struct Maintenance {
  Name name;
  std::vector<Wish> wishes;
};

enum class ExpectKind {
  before,    // first, second: calls
  always,    // value
  no_plan,   // because (may be empty): keep, or the name of a rule or action
  step,      // first: such a step is in the plan
  no_step,   // first
  retreat,   // first: a retreat from that step exists
  headroom,  // because: a rule; value: least distance
};
struct Expect {
  ExpectKind kind = ExpectKind::always;
  Span span;
  std::optional<Expr> first;
  std::optional<Expr> second;
  std::optional<Expr> value;
  Name because;
};
struct Test {
  Expr title;
  Name plan;                 // the maintenance
  std::vector<Wish> with;    // with { … }
  std::vector<Expect> expectations;
};

/// What could not be read; a diagnostic says why.
struct Broken {};

struct Declaration {
  std::string doc;     // the `##` lines above it, without the marks
  std::string remark;  // the `#` lines among and between them
  Span span;           // without the doc
  std::variant<Broken, Use, Enum, Kind, ExtendKind, Let, Param, Each, Object, Action, ExtendAction, Probe, Prelude, Rule, Fault, Intent,
               Maintenance, Test>
      what;
};

struct Comment {
  Span span;  // from # to the end of the line
};

struct File {
  std::uint32_t source = 0;
  std::vector<Declaration> declarations;
  std::vector<Comment> comments;  // docs too
};

}  // namespace exm::ast
