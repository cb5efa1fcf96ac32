// Kinds: what they own, their fields, what other modules add to them, and the expressions among their members.
#include <fmt/format.h>

#include <algorithm>

#include "compiler/check/checker.h"

namespace exm::checking {

void Checker::shape_kinds() {
  const std::size_t n = program_.kinds.size();
  has_.resize(n);
  members_.resize(n);
  disrupts_.resize(n);
  for (std::size_t i = 0; i < n; ++i) shape_owner(KindId(i), *kind_asts_[i]);
  for (std::size_t i = 0; i < n; ++i) shape_kind(KindId(i), *kind_asts_[i]);
  for (const ast::File& file : files_)
    for (const ast::Declaration& declaration : file.declarations)
      if (const auto* extension = std::get_if<ast::ExtendKind>(&declaration.what)) extend_kind(*extension);
}

void Checker::shape_owner(KindId id, const ast::Kind& ast) {
  program::Kind& kind = program_.kinds[id];
  kind.at_most_one = ast.at_most_one;
  if (!ast.owner) return;
  const Symbol* owner = values_.find(ast.owner->text);
  if (owner == nullptr || owner->sort != Symbol::Sort::kind) {
    std::vector<std::string> known;
    for (const auto& k : program_.kinds) known.push_back(k.name);
    return unknown(ast.owner->span, "kind", ast.owner->text, known);
  }
  std::string chain = kind.name;
  for (KindId above(owner->index); above; above = program_.kinds[above].owner) {
    chain += " in " + program_.kinds[above].name;
    if (above != id) continue;
    diagnostics_.report(ast.owner->span, diag::recursive, kind.name, chain);
    return;
  }
  kind.owner = KindId(owner->index);
  kind.collection = ast.collection ? ast.collection->text : kind.name;
  program_.kinds[kind.owner].owned.push_back(id);
}

bool Checker::declare_member(KindId kind, const ast::Name& name) {
  const auto [other, is_new] = members_[kind.index].emplace(lower(name.text), name);
  if (is_new) return true;
  const std::string what = "the member of " + program_.kinds[kind].name;
  auto& report = other->second.text == name.text ? diagnostics_.report(name.span, diag::declared_twice, what, name.text)
                                                 : diagnostics_.report(name.span, diag::differs_by_case, what, name.text, other->second.text);
  report.label(other->second.span, other->second.span.end == program_.kinds[kind].span.end ? "every object has one" : "the other one is here");
  return false;
}

void Checker::shape_kind(KindId id, const ast::Kind& ast) {
  const Span span = program_.kinds[id].span;
  for (const char* built_in : {"name", "exists", "self"}) members_[id.index].emplace(built_in, ast::Name{built_in, span});
  if (program_.kinds[id].owner) {
    const std::string& owner = program_.kinds[program_.kinds[id].owner].name;
    members_[id.index].emplace(lower(owner), ast::Name{owner, span});
    declare_member(program_.kinds[id].owner, {program_.kinds[id].collection, ast.collection ? ast.collection->span : span});
  }
  Field exists;
  exists.kind = id;
  exists.name = "exists";
  exists.type = simple(Type::Tag::boolean);
  exists.is_state = true;
  exists.initial = constant_expr(program::boolean(true), exists.type, span);
  exists.span = span;
  program_.kinds[id].fields.push_back(program_.fields.add(std::move(exists)));
  field_asts_.push_back(nullptr);
  shape_key(id, ast);
  shape_members(id, ast.members);
}

void Checker::shape_key(KindId id, const ast::Kind& ast) {
  for (const ast::Member& m : ast.members) {
    const auto* key = std::get_if<ast::Key>(&m);
    if (key == nullptr) continue;
    if (program_.kinds[id].key) {
      diagnostics_.report(key->name.span, diag::said_twice, "the clause", "key");
    } else if (declare_member(id, key->name)) {
      Field field;
      field.kind = id;
      field.name = key->name.text;
      field.type = type(key->type);
      field.span = key->name.span;
      program_.kinds[id].key = program_.fields.add(std::move(field));
      program_.kinds[id].fields.push_back(program_.kinds[id].key);
      field_asts_.push_back(nullptr);
    }
  }
}

void Checker::add_field(KindId id, const ast::Field& ast) {
  if (!declare_member(id, ast.name)) return;
  Field field;
  field.kind = id;
  field.name = ast.name.text;
  field.type = type(ast.type);
  field.is_state = ast.is_state;
  field.lasting = ast.lasting;
  field.doc = ast.doc;
  field.span = ast.name.span;
  program_.kinds[id].fields.push_back(program_.fields.add(std::move(field)));
  field_asts_.push_back(&ast);
}

void Checker::shape_members(KindId id, const std::vector<ast::Member>& members) {
  for (const ast::Member& m : members) {
    if (const auto* field = std::get_if<ast::Field>(&m)) {
      add_field(id, *field);
    } else if (const auto* let = std::get_if<ast::Let>(&m)) {
      if (!declare_member(id, let->name)) continue;
      program_.kinds[id].lets.emplace(let->name.text, program_.lets.id(program_.lets.size()));
      declare_let(*let, id);
    } else if (const auto* has = std::get_if<ast::Has>(&m)) {
      has_[id.index].push_back({has, {}, {}, {}, 1});
    } else if (const auto* disrupts = std::get_if<ast::DisruptsWhen>(&m)) {
      disrupts_[id.index].push_back(disrupts);
    }
  }
  for (const ast::Member& m : members)
    if (const auto* reached = std::get_if<ast::ReachedBy>(&m)) shape_reached(id, *reached);
}

void Checker::shape_reached(KindId id, const ast::ReachedBy& reached) {
  program::Kind& kind = program_.kinds[id];
  if (kind.reached_by) diagnostics_.report(reached.span, diag::said_twice, "the clause", "reached by");
  for (const Id<Field> f : kind.fields) {
    if (program_.fields[f].name != reached.field.text) continue;
    if (program_.fields[f].is_state) diagnostics_.report(reached.field.span, diag::reads_state, "the address of an object");
    kind.reached_by = f;
    return;
  }
  unknown(reached.field.span, "fact of " + kind.name, reached.field.text, member_names(id));
}

void Checker::extend_kind(const ast::ExtendKind& ast) {
  const Symbol* symbol = values_.find(ast.name.text);
  if (symbol != nullptr && symbol->sort == Symbol::Sort::kind) return shape_members(KindId(symbol->index), ast.members);
  auto& report = diagnostics_.report(ast.name.span, diag::extends_nothing, "kind `" + ast.name.text + "`");
  std::vector<std::string> known;
  for (const auto& k : program_.kinds) known.push_back(k.name);
  if (const std::string near = nearest(ast.name.text, known); !near.empty()) report.hint("did you mean `" + near + "`?");
  const std::string module = settings_.module_of ? settings_.module_of(ast.name.text) : "";
  if (!module.empty()) report.hint("add `use " + module + "`");
}

void Checker::comes_and_goes(KindId kind) {
  if (program_.kinds[kind].comes_and_goes) return;
  program_.kinds[kind].comes_and_goes = true;
  for (const KindId owned : program_.kinds[kind].owned) comes_and_goes(owned);
}

void Checker::shape_lets() {
  for (std::size_t i = 0; i < program_.lets.size(); ++i) {
    const ast::Let& ast = *let_asts_[i];
    Let& let = program_.lets[Id<Let>(i)];
    if (let.kind) let.parameters.push_back({"self", object_type(let.kind), let.span});
    for (program::Local& parameter : parameters(ast.parameters)) let.parameters.push_back(std::move(parameter));
  }
}

void Checker::check_let(Id<Let> id) {
  if (let_states_[id.index] == 2) return;
  const ast::Let& ast = *let_asts_[id.index];
  if (let_states_[id.index] == 1 || lets_under_way_.size() >= 500) {
    std::string chain;
    auto from = std::find(lets_under_way_.begin(), lets_under_way_.end(), id);
    for (; from != lets_under_way_.end(); ++from) chain += program_.lets[*from].name + " -> ";
    if (let_states_[id.index] == 1) diagnostics_.report(ast.name.span, diag::recursive, ast.name.text, chain + ast.name.text);
    else diagnostics_.report(ast.name.span, diag::too_many, std::size_t{500}, "lets that follow from each other");
    let_states_[id.index] = 2;
    return;
  }
  let_states_[id.index] = 1;
  lets_under_way_.push_back(id);
  Scope scope;
  scope.locals = program_.lets[id].parameters;
  scope.size = static_cast<std::uint32_t>(scope.locals.size());
  scope.self = program_.lets[id].kind;
  wants_brackets(ast.value, "=");
  Expr value = ast.type ? expect(ast.value, scope, type(*ast.type)) : infer(ast.value, scope);
  lets_under_way_.pop_back();
  // one that was found to depend on itself stays poison
  if (let_states_[id.index] == 1) program_.lets[id].value = std::move(value);
  program_.lets[id].locals = scope.size;
  let_states_[id.index] = 2;
}

void Checker::check_default(Field& field, const ast::Field& ast) {
  if (!ast.initial) return;
  Scope scope;
  scope.locals.push_back({"self", object_type(field.kind), field.span});
  scope.self = field.kind;
  scope.size = 1;
  wants_brackets(*ast.initial, "=");
  field.initial = expect(*ast.initial, scope, field.type);
}

void Checker::check_members() {
  for (std::size_t i = 0; i < program_.lets.size(); ++i) check_let(Id<Let>(i));
  for (std::size_t i = 0; i < program_.kinds.size(); ++i) {
    const KindId id(i);
    Scope scope;
    scope.locals.push_back({"self", object_type(id), program_.kinds[id].span});
    scope.self = id;
    for (const ast::DisruptsWhen* ast : disrupts_[i]) {
      scope.size = 1;
      program::Disrupts disrupts;
      disrupts.condition = condition(ast->condition, scope);
      disrupts.locals = scope.size;
      disrupts.span = ast->span;
      program_.kinds[id].disrupts.push_back(std::move(disrupts));
    }
  }
}

void Checker::check_has(KindId id, Has& has) {
  const ast::Object& object = has.has->object;
  const Symbol* symbol = values_.find(object.kind.text);
  if (symbol == nullptr || symbol->sort != Symbol::Sort::kind) {
    return unknown(object.kind.span, "kind", object.kind.text, names_in({}));
  }
  const KindId kind(symbol->index);
  if (program_.kinds[kind].owner != id) {
    diagnostics_.report(object.kind.span, diag::wrong_place, fmt::format("a `{}` owns no `{}`", program_.kinds[id].name, object.kind.text));
    return;
  }
  Scope scope;
  scope.locals.push_back({"self", object_type(id), program_.kinds[id].span});
  scope.self = id;
  scope.size = 1;
  if (has.has->when) has.when = condition(*has.has->when, scope);
  if (object.name && !program_.kinds[kind].key) {
    has.name = object.name->kind == ast::ExprKind::name
                   ? constant_expr({Value::Tag::text, 0, object.name->text, {}, {}}, simple(Type::Tag::text), object.name->span)
                   : expect(*object.name, scope, simple(Type::Tag::text));
  } else if (object.name) {
    has.name = expect(*object.name, scope, program_.fields[program_.kinds[kind].key].type);
  } else if (!program_.kinds[kind].at_most_one) {
    diagnostics_.report(object.span, diag::wants_name, object.kind.text);
    return;
  }
  has.locals = scope.size;
  has.kind = kind;
}

}  // namespace exm::checking
