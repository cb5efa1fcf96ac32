// The work of `check`: one checker makes one program. Its functions are told by what they check, a file each:
// collect, kinds, types, expressions, names, objects, facts, actions, rules, maintenances.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "compiler/check/check.h"
#include "compiler/check/evaluator.h"

namespace exm::checking {

using program::Expr;
using program::Field;
using program::Frame;
using program::Let;
using program::Object;
using program::Op;
using program::Type;
using program::Value;
using KindId = Id<program::Kind>;
using ObjectId = Id<Object>;

inline constexpr std::size_t most_objects = 1'000'000;
inline constexpr std::size_t most_errors = 1'000;  // past that, object bodies and facts are left unchecked

/// What a name of the one scope stands for.
struct Symbol {
  enum class Sort { kind, enumeration, object, let, param, action, rule, fault, intent, maintenance };
  Sort sort = Sort::kind;
  std::size_t index = 0;  // in its table of the program, or in params
  Span span;
};

/// Names of one sort of place (a rule and an object may share a name: no place takes both).
class Names {
 public:
  const Symbol* find(const std::string& name) const;
  /// The symbol whose name differs at most by case, or nothing.
  const std::pair<const std::string, Symbol>* alike(const std::string& name) const;
  void add(const std::string& name, Symbol symbol);
  /// For "did you mean"; at most some thousands.
  std::vector<std::string> all() const;

 private:
  std::map<std::string, Symbol> names_;
  std::map<std::string, std::string> lower_;
};

/// A constant with its type: a variable of `each`.
struct Typed {
  Type type;
  Value value;
};
using Constants = std::map<std::string, Typed>;
using ConstantsPtr = std::shared_ptr<const Constants>;

/// What an expression may name beside the one scope.
struct Scope {
  std::vector<program::Local> locals;  // by their index in the frame
  KindId self;                         // of the kind whose member this is: local 0, and its members without a prefix
  bool command = false;                // secrets, and when the run began
  ConstantsPtr constants;
  std::uint32_t size = 0;              // of the frame
};

/// What is said of one object: by its declaration, or by a `has` that made it.
struct Layer {
  const ast::Body* body = nullptr;
  ConstantsPtr constants;
  ObjectId owner;  // of a `has`: self in its expressions
  Span span;
};

struct Has {
  const ast::Has* has = nullptr;
  KindId kind;
  std::optional<Expr> when;
  std::optional<Expr> name;
  std::uint32_t locals = 1;
};

struct Param {
  const ast::Param* param = nullptr;
  Span span;
  int state = 0;  // 0 not looked at, 1 being made, 2 made
  Type type;
  Value value;
};

/// Whether a value may be `none` where its type says that it may.
enum class Fit { exact, or_none };

class Checker {
 public:
  Checker(const Sources& sources, std::span<const ast::File> files, const Settings& settings, Diagnostics& diagnostics)
      : sources_(sources), files_(files), settings_(settings), diagnostics_(diagnostics) {}

  program::Program run();

 private:
  // collect.cpp: every declaration gets its name
  void collect();
  void collect(const ast::Declaration& declaration);
  bool declare(Names& names, std::string_view what, const ast::Name& name, Symbol symbol);
  void declare_let(const ast::Let& let, KindId kind);

  // kinds.cpp: fields, owners, keys, extensions; their expressions
  void shape_kinds();
  void shape_kind(KindId kind, const ast::Kind& ast);
  void shape_key(KindId kind, const ast::Kind& ast);
  void shape_members(KindId kind, const std::vector<ast::Member>& members);
  void shape_reached(KindId kind, const ast::ReachedBy& reached);
  bool declare_member(KindId kind, const ast::Name& name);
  void add_field(KindId kind, const ast::Field& field);
  void shape_owner(KindId kind, const ast::Kind& ast);
  void extend_kind(const ast::ExtendKind& ast);
  void check_default(Field& field, const ast::Field& ast);
  void comes_and_goes(KindId kind);
  void check_members();
  void check_has(KindId kind, Has& has);
  void check_let(Id<Let> let);
  void shape_lets();

  // types.cpp
  Type type(const ast::TypeExpr& ast);
  Id<program::Enum> make_enum(const ast::Name& name, const std::vector<ast::Name>& values);
  std::string text(const Type& type) const;
  bool fits(const Type& from, const Type& to, Fit fit = Fit::exact) const;
  bool comparable(const Type& a, const Type& b) const;
  std::optional<Value> read_value(const Type& type, const std::string& text);

  // expressions.cpp: typed, and as what is expected wants it
  Expr infer(const ast::Expr& ast, Scope& scope, const Type* hint = nullptr);
  Expr infer_by_kind(const ast::Expr& ast, Scope& scope, const Type* hint);
  Expr expect(const ast::Expr& ast, Scope& scope, const Type& type, Fit fit = Fit::exact);
  Expr condition(const ast::Expr& ast, Scope& scope);
  Expr collection(const ast::Expr& ast, Scope& scope);
  Expr text_expr(const ast::Expr& ast, Scope& scope, const Type* hint);
  Expr elements(const ast::Expr& ast, Scope& scope, const Type* hint);
  Expr if_expr(const ast::Expr& ast, Scope& scope, const Type* hint);
  Expr quantifier(const ast::Expr& ast, Scope& scope, const Type* hint);
  Expr coerced_text(Expr expr, const Type& wanted);
  bool leans(const ast::Expr& ast, const Scope& scope) const;
  bool check_format(const ast::TextPart& part, const Type& type);
  void mismatch(Span span, const Type& expected, const Type& found);

  // operators.cpp
  Expr binary(const ast::Expr& ast, Scope& scope);
  Expr logical(const ast::Expr& ast, Scope& scope, Op op);
  Expr comparison(const ast::Expr& ast, Scope& scope, Op op);
  Expr membership(const ast::Expr& ast, Scope& scope, Op op);
  Expr arithmetic(const ast::Expr& ast, Scope& scope, Op op);
  /// Both sides, the one that says its own type first.
  std::pair<Expr, Expr> sides(const ast::Expr& ast, Scope& scope);

  // names.cpp
  Expr name(const ast::Expr& ast, Scope& scope, const Type* hint);
  std::optional<Expr> name_or_nothing(const ast::Expr& ast, Scope& scope);
  std::optional<Expr> global(const std::string& name, Span span);
  Expr before_a_dot(const ast::Expr& ast, Scope& scope);
  Expr member(const ast::Expr& ast, Scope& scope);
  std::optional<Expr> member_of(Expr object, const std::string& name, Span span);
  Expr member_of_set(Expr set, const ast::Expr& ast);
  Expr call(const ast::Expr& ast, Scope& scope);
  Expr call_let(Id<Let> let, std::vector<Expr> first, const ast::Expr& ast, Scope& scope);
  std::vector<Expr> arguments(const std::string& callee, const std::vector<program::Local>& parameters, std::size_t given_already, const ast::Expr& ast,
                              Scope& scope);
  Expr constant_object(ObjectId object, Span span) const;
  std::optional<ObjectId> find_object(const std::string& name, KindId kind) const;
  std::optional<ObjectId> find_owned(ObjectId owner, KindId kind, const std::string& name) const;
  bool has_member(KindId kind, const std::string& name) const;
  std::vector<std::string> member_names(KindId kind) const;
  std::vector<std::string> names_in(const Scope& scope) const;
  void unknown(Span span, std::string_view what, const std::string& name, const std::vector<std::string>& known);
  Expr param(std::size_t index, Span span);

  // objects.cpp: all objects, by name
  void make_objects();
  void make_object(const ast::Object& ast, ObjectId owner, const Layer& layer, bool planned);
  bool belongs(const ast::Object& ast, KindId kind, ObjectId owner);
  std::optional<std::string> object_name(const ast::Object& ast, KindId kind, const Layer& layer);
  std::string text_of_name(const ast::Expr& ast, const Layer& layer);
  ObjectId add_object(const std::string& name, KindId kind, ObjectId owner, bool planned, Span span);
  void make_body(const ast::Body& body, ObjectId owner, const Layer& layer, bool planned);
  void make_each(const ast::Each& each, ObjectId owner, const Layer& layer, bool planned);
  void make_has(ObjectId owner);
  std::optional<ObjectId> existing(ObjectId owner, KindId kind, const std::string& name) const;

  // facts.cpp: what objects say
  void make_facts();
  void check_body(ObjectId object, const Layer& layer);
  Value fact(ObjectId object, Id<Field> field);
  Value make_fact(ObjectId object, Id<Field> field);
  Value said(ObjectId object, Id<Field> field, const ast::Expr& ast, const Layer& layer);
  Value key_value(ObjectId object, Id<Field> field);
  Scope scope_of(const Layer& layer) const;
  Value constant(const Expr& expr, const Layer* layer = nullptr);
  Value constant_in(const Expr& expr, Frame frame);
  void take_state();
  void take_earlier(const Earlier& earlier);
  void take_values(const std::map<std::string, std::string>& values, const std::map<std::string, ObjectId>& objects,
                   const std::function<void(ObjectId, Id<Field>, const Value&)>& take);
  std::map<std::string, ObjectId> objects_by_path() const;
  std::optional<std::pair<ObjectId, Id<Field>>> find_variable(const std::string& path, const std::map<std::string, ObjectId>& objects) const;

  // actions.cpp, effects.cpp, commands.cpp
  void check_actions();
  void check_action(Id<program::Action> action, const ast::Action& ast);
  void extend_action(const ast::ExtendAction& ast);
  void check_clauses(const std::vector<ast::Clause>& clauses, Id<program::Action> action, program::Part& part, Scope& scope);
  bool check_own_clause(const ast::Clause& clause, Id<program::Action> action, Scope& scope);
  void check_retry(const ast::Clause& clause, program::Action& action, Scope& scope);
  void check_part_clause(const ast::Clause& clause, program::Part& part, Scope& scope);
  std::optional<Expr> when(const std::optional<ast::Expr>& ast, Scope& scope);
  program::Conditional conditional(Expr value, const ast::Clause& clause, Scope& scope);
  Expr text_of(const ast::Expr& ast, Scope& scope);
  std::vector<program::Local> parameters(const std::vector<ast::Parameter>& ast);
  template <class T>
  program::Call<T> call_of(const ast::Expr& ast, Scope& scope, const Names& names, std::string_view what, const Table<T>& table);
  void check_conditions();
  void check_facts_only(const std::optional<Expr>& expr, std::string_view what);
  void check_part_conditions(const program::Part& part);
  program::Effect effect(const ast::Effect& ast, Scope& scope);
  std::optional<program::Assignment> assignment(const ast::Assignment& ast, Scope& scope);
  void check_conflicts(const program::Action& action);
  Expr command(const ast::Expr& ast, const std::string& language, Scope scope);
  program::Run run_of(const ast::Run& ast, Scope& scope);
  void check_quoting(const ast::Expr& ast, const std::string& language);
  void check_probe(const ast::Probe& ast, Span span);
  void check_prelude(const ast::Prelude& ast, Span span);
  void wants_brackets(const ast::Expr& ast, std::string_view sign);

  // rules.cpp
  void check_rules();
  void check_rule(const ast::Rule& ast, program::Rule& rule);
  void check_fault(const ast::Fault& ast, program::Fault& fault);
  void judge_rules();
  void judge(const program::Rule& rule, const program::RuleClause& clause);
  std::string plain_text(const ast::Expr& ast);

  // maintenances.cpp
  void check_maintenances();
  program::Wishes wishes(const std::vector<ast::Wish>& ast, Scope& scope);
  void wish(const ast::Wish& ast, Scope& scope, program::Wishes& wishes);
  void leave(const ast::Wish& ast, Scope& scope, program::Wishes& wishes);
  void minimize(const ast::Wish& ast, program::Wishes& wishes);
  void window(const ast::WindowExpr& ast, Span span, Scope& scope, program::Wishes& wishes);
  void check_test(const ast::Test& ast, Span span);
  program::Expect expectation(const ast::Expect& ast);
  template <class T>
  Id<T> named(const ast::Name& name, const Names& names, std::string_view what);

  const Sources& sources_;
  std::span<const ast::File> files_;
  const Settings& settings_;
  Diagnostics& diagnostics_;
  program::Program program_;

  Names values_;  // kinds, enums, objects, lets and params
  Names actions_, rules_, faults_, intents_, maintenances_;
  std::vector<Param> params_;

  // by the Id of what was declared
  std::vector<const ast::Kind*> kind_asts_;
  std::vector<const ast::Let*> let_asts_;
  std::vector<int> let_states_;  // 0 not looked at, 1 being checked, 2 checked
  std::vector<Id<Let>> lets_under_way_;
  std::vector<const ast::Field*> field_asts_;
  std::vector<std::vector<Has>> has_;               // by kind
  std::vector<std::map<std::string, ast::Name>> members_;  // by kind: its members, by their name in lower case
  std::vector<std::vector<const ast::DisruptsWhen*>> disrupts_;  // by kind
  std::vector<const ast::Action*> action_asts_;
  std::vector<const ast::Rule*> rule_asts_;
  std::vector<const ast::Fault*> fault_asts_;
  std::vector<const ast::Intent*> intent_asts_;
  std::vector<const ast::Maintenance*> maintenance_asts_;

  // by the Id of the object
  std::vector<std::vector<Layer>> layers_;
  std::vector<const ast::Object*> object_asts_;
  std::map<std::tuple<ObjectId, KindId, std::string>, ObjectId> owned_;  // by name in lower case
  bool too_many_objects_ = false;
  std::vector<std::pair<ObjectId, Id<Field>>> facts_under_way_;
  std::size_t depth_ = 0;
  bool facts_made_ = false;
  std::uint64_t budget_ = 400'000'000;  // steps of evaluation, of the whole check
};

std::string lower(std::string_view text);
Type simple(Type::Tag tag);
Type optional_of(Type element);
Type set_type(Type element);
Type list_type(Type element);
Type object_type(KindId kind);
/// T of T?, set of T, list of T.
const Type& element_of(const Type& type);
/// Without its `?`.
const Type& needed(const Type& type);
Expr poison(Span span);
Expr constant_expr(Value value, Type type, Span span);
bool is_poison(const Expr& expr);

}  // namespace exm::checking
