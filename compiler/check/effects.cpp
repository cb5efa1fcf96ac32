// What actions and faults change, what they are told to run, and how states are observed.
#include <fmt/format.h>

#include <algorithm>

#include "compiler/check/checker.h"

namespace exm::checking {

namespace {
bool is_comparison(const ast::Expr& ast) {
  return ast.kind == ast::ExprKind::binary && ast.op >= ast::BinaryOp::equal && ast.op <= ast::BinaryOp::not_in;
}

/// The innermost comparison that stands there without brackets, or nothing.
const ast::Expr* bare_comparison(const ast::Expr& ast, std::string_view text) {
  // a bracket directly before it: its place may or may not hold its brackets
  std::size_t before = ast.span.begin;
  while (before > 0 && (text[before - 1] == ' ' || text[before - 1] == '\n' || text[before - 1] == '\t' || text[before - 1] == '\r')) --before;
  const bool opens_itself = ast.span.begin < text.size() && text[ast.span.begin] == '(';
  std::size_t after = ast.span.end;
  while (after < text.size() && (text[after] == ' ' || text[after] == '\n' || text[after] == '\t' || text[after] == '\r')) ++after;
  const bool surrounded = before > 0 && text[before - 1] == '(' && after < text.size() && text[after] == ')';
  const bool holds_brackets = opens_itself && !ast.operands.empty() && ast.operands[0].span.begin > ast.span.begin && ast.operands.back().span.end < ast.span.end;
  if (surrounded || holds_brackets) return nullptr;
  if (is_comparison(ast)) return &ast;
  const bool logical = ast.kind == ast::ExprKind::not_ || (ast.kind == ast::ExprKind::binary && ast.op <= ast::BinaryOp::and_);
  if (!logical) return nullptr;
  for (const ast::Expr& operand : ast.operands)
    if (const ast::Expr* found = bare_comparison(operand, text)) return found;
  return nullptr;
}
}  // namespace

void Checker::wants_brackets(const ast::Expr& ast, std::string_view sign) {
  if (ast.span.source >= sources_.size()) return;
  if (const ast::Expr* bare = bare_comparison(ast, sources_[ast.span.source].text)) diagnostics_.report(bare->span, diag::wants_brackets, sign);
}

std::optional<program::Assignment> Checker::assignment(const ast::Assignment& ast, Scope& scope) {
  Expr target = infer(ast.target, scope);
  const bool a_state = target.op == Op::field && program_.fields[target.field].is_state;
  wants_brackets(ast.value, ":=");
  if (!a_state) {
    infer(ast.value, scope, &target.type);
    if (is_poison(target)) return std::nullopt;
    const std::string what = target.op == Op::field ? fmt::format("the fact `{}`", program_.fields[target.field].name) : std::string("this");
    auto& report = diagnostics_.report(ast.target.span, diag::not_a_state, what);
    if (target.op == Op::field) report.label(program_.fields[target.field].span, "a state is declared with `state`");
    return std::nullopt;
  }
  program::Assignment made;
  made.state = target.field;
  made.value = expect(ast.value, scope, program_.fields[target.field].type);
  made.span = ast.span;
  if (program_.fields[made.state].name == "exists") comes_and_goes(program_.fields[made.state].kind);
  made.object = std::move(target.operands[0]);
  return made;
}

program::Effect Checker::effect(const ast::Effect& ast, Scope& scope) {
  program::Effect e;
  e.span = ast.span;
  if (!ast.variable) {
    for (const ast::Assignment& a : ast.together)
      if (auto made = assignment(a, scope)) e.together.push_back(std::move(*made));
    return e;
  }
  e.collection.push_back(collection(ast.collection[0], scope));
  const Type element = element_of(e.collection[0].type);
  e.local = static_cast<std::uint32_t>(scope.locals.size());
  e.variable = ast.variable->text;
  scope.locals.push_back({ast.variable->text, element, ast.variable->span});
  scope.size = std::max(scope.size, *e.local + 1);
  if (!ast.where.empty()) e.where.push_back(condition(ast.where[0], scope));
  for (const ast::Effect& inner : ast.body) e.body.push_back(effect(inner, scope));
  scope.locals.pop_back();
  return e;
}

namespace {
/// What one step assigns whatever the state is.
void unconditional(const std::vector<program::Effect>& effects, std::vector<const program::Assignment*>& result) {
  for (const program::Effect& e : effects) {
    if (e.when || e.local) continue;
    for (const program::Assignment& a : e.together)
      if (!a.when) result.push_back(&a);
  }
}
}  // namespace

void Checker::check_conflicts(const program::Action& action) {
  std::vector<const program::Assignment*> all;
  for (const program::Part& part : action.parts) unconditional(part.effects, all);
  Frame names(action.parameters.size());
  std::map<std::string, const program::Assignment*> first;
  for (const program::Assignment* a : all) {
    if (a->value.op != Op::constant || is_poison(a->value)) continue;
    // extensions may call their parameters otherwise: put places in for them
    for (std::size_t i = 0; i < names.size(); ++i) names[i] = {Value::Tag::enumerator, 0, action.parameters[i].name, {}, {}};
    const std::string variable = program::to_text(program_, a->object, names) + "." + program_.fields[a->state].name;
    const auto [other, is_new] = first.emplace(variable, a);
    if (is_new || other->second->value.value == a->value.value) continue;
    diagnostics_.report(a->span, diag::conflicting_effects, variable, program::to_text(program_, other->second->value.value), program::to_text(program_, a->value.value))
        .label(other->second->span, "the other one is here");
  }
}

void Checker::check_probe(const ast::Probe& ast, Span span) {
  const Symbol* symbol = values_.find(ast.kind.text);
  if (symbol == nullptr || symbol->sort != Symbol::Sort::kind) {
    std::vector<std::string> known;
    for (const auto& k : program_.kinds) known.push_back(k.name);
    return unknown(ast.kind.span, "kind", ast.kind.text, known);
  }
  const KindId kind(symbol->index);
  program::Probe probe;
  std::vector<std::string> states;
  for (const Id<Field> f : program_.kinds[kind].fields) {
    if (!program_.fields[f].is_state) continue;
    states.push_back(program_.fields[f].name);
    if (program_.fields[f].name == ast.state.text) probe.state = f;
  }
  if (!probe.state) return unknown(ast.state.span, "state of " + ast.kind.text, ast.state.text, states);
  for (const program::Probe& other : program_.kinds[kind].probes)
    if (other.state == probe.state && other.language == ast.run.language.text)
      diagnostics_.report(ast.state.span, diag::declared_twice, "the probe of", ast.kind.text + "." + ast.state.text).label(other.span, "the other one is here");
  Scope scope;
  scope.self = kind;
  scope.locals.push_back({"self", object_type(kind), ast.kind.span});
  scope.size = 1;
  if (ast.on) {
    const bool own_kind = ast.on->kind == ast::ExprKind::name && ast.on->text == ast.kind.text && !has_member(kind, ast.on->text);
    ast::Expr on = *ast.on;
    if (own_kind) on.text = "self";  // `probe server.up on server`: the one that is looked at
    probe.on = expect(on, scope, object_type({}), Fit::or_none);
  }
  program::Run run = run_of(ast.run, scope);
  probe.language = run.language;
  probe.from = std::move(run.from);
  probe.from_controller = run.from_controller;
  probe.text = std::move(run.text);
  if (ast.every) probe.every = constant(expect(*ast.every, scope, simple(Type::Tag::duration))).number;
  const Type type = program_.fields[probe.state].type;
  for (const ast::AsEntry& entry : ast.as) {
    const Value text = constant(text_of(entry.text, scope));
    const Value value = constant(expect(entry.value, scope, type));
    if (!probe.as.emplace(text.text, value).second) diagnostics_.report(entry.text.span, diag::said_twice, "the answer", text.text);
  }
  probe.locals = scope.size;
  probe.span = span;
  program_.kinds[kind].probes.push_back(std::move(probe));
}

void Checker::check_prelude(const ast::Prelude& ast, Span span) {
  program::Prelude prelude;
  prelude.language = ast.language.text;
  prelude.span = span;
  if (ast.host_kind) {
    const Symbol* symbol = values_.find(ast.host_kind->text);
    if (symbol == nullptr || symbol->sort != Symbol::Sort::kind) unknown(ast.host_kind->span, "kind", ast.host_kind->text, names_in({}));
    else prelude.host_kind = KindId(symbol->index);
  }
  prelude.text = command(ast.text, prelude.language, {});
  program_.preludes.push_back(std::move(prelude));
}

}  // namespace exm::checking
