// Actions and their extensions, clause by clause.
#include <fmt/format.h>

#include <algorithm>

#include "compiler/check/checker.h"

namespace exm::checking {

std::vector<program::Local> Checker::parameters(const std::vector<ast::Parameter>& ast) {
  std::vector<program::Local> result;
  for (const ast::Parameter& p : ast) {
    for (const program::Local& other : result)
      if (other.name == p.name.text) diagnostics_.report(p.name.span, diag::declared_twice, "the parameter", p.name.text).label(other.span, "the other one is here");
    result.push_back({p.name.text, type(p.type), p.name.span});
  }
  return result;
}

namespace {
Scope scope_with(const std::vector<program::Local>& locals) {
  Scope scope;
  scope.locals = locals;
  scope.size = static_cast<std::uint32_t>(locals.size());
  return scope;
}

std::string_view word(ast::ClauseKind kind) {
  using K = ast::ClauseKind;
  switch (kind) {
    case K::title: return "a title";
    case K::takes: return "takes";
    case K::timeout: return "timeout";
    case K::retry: return "retry";
    case K::fallback: return "fallback";
    case K::on: return "on";
    case K::run: return "run";
    default: return "this";
  }
}
}  // namespace

void Checker::check_actions() {
  for (std::size_t i = 0; i < program_.actions.size(); ++i) {
    program::Action& action = program_.actions[Id<program::Action>(i)];
    action.parameters = parameters(action_asts_[i]->parameters);
  }
  for (std::size_t i = 0; i < program_.actions.size(); ++i) check_action(Id<program::Action>(i), *action_asts_[i]);
  for (const ast::File& file : files_) {
    for (const ast::Declaration& declaration : file.declarations) {
      if (const auto* extension = std::get_if<ast::ExtendAction>(&declaration.what)) extend_action(*extension);
      else if (const auto* probe = std::get_if<ast::Probe>(&declaration.what)) check_probe(*probe, declaration.span);
      else if (const auto* prelude = std::get_if<ast::Prelude>(&declaration.what)) check_prelude(*prelude, declaration.span);
    }
  }
  for (const program::Action& action : program_.actions) check_conflicts(action);
}

void Checker::check_action(Id<program::Action> id, const ast::Action& ast) {
  Scope scope = scope_with(program_.actions[id].parameters);
  program::Part part;
  part.span = program_.actions[id].span;
  check_clauses(ast.clauses, id, part, scope);
  part.locals = scope.size;
  program::Action& action = program_.actions[id];
  action.parts.push_back(std::move(part));
  if (!action.takes) {
    diagnostics_.report(action.span, diag::missing_value, "the action", action.name, "takes").hint("say how long it is expected to take: `takes 5m`");
  }
}

void Checker::extend_action(const ast::ExtendAction& ast) {
  const Symbol* symbol = actions_.find(ast.name.text);
  if (symbol == nullptr) {
    auto& report = diagnostics_.report(ast.name.span, diag::extends_nothing, "action `" + ast.name.text + "`");
    if (const std::string near = nearest(ast.name.text, actions_.all()); !near.empty()) report.hint("did you mean `" + near + "`?");
    return;
  }
  const Id<program::Action> id(symbol->index);
  const std::vector<program::Local> own = parameters(ast.parameters);
  const auto& wanted = program_.actions[id].parameters;
  const auto same = [&](const program::Local& a, const program::Local& b) { return fits(a.type, b.type) && fits(b.type, a.type); };
  if (!std::equal(own.begin(), own.end(), wanted.begin(), wanted.end(), same)) {
    std::string list;
    for (const program::Local& p : wanted) list += fmt::format("{}{}: {}", list.empty() ? "" : ", ", p.name, text(p.type));
    diagnostics_.report(ast.name.span, diag::extends_nothing, fmt::format("action `{}` with these parameters", ast.name.text))
        .label(program_.actions[id].span, "this one takes (" + list + ")");
    return;
  }
  Scope scope = scope_with(own);
  program::Part part;
  part.extension = true;
  part.span = ast.name.span;
  check_clauses(ast.clauses, id, part, scope);
  part.locals = scope.size;
  program_.actions[id].parts.push_back(std::move(part));
}

void Checker::check_clauses(const std::vector<ast::Clause>& clauses, Id<program::Action> id, program::Part& part, Scope& scope) {
  using K = ast::ClauseKind;
  std::map<K, Span> once;
  for (const ast::Clause& clause : clauses) {
    const bool single = clause.kind == K::title || clause.kind == K::takes || clause.kind == K::timeout || clause.kind == K::retry ||
                        clause.kind == K::fallback || clause.kind == K::on;
    if (single) {
      const auto [other, is_new] = once.emplace(clause.kind, clause.span);
      if (!is_new) {
        diagnostics_.report(clause.span, diag::said_twice, "the clause", word(clause.kind)).label(other->second, "here first");
        continue;
      }
    }
    if ((single || clause.kind == K::run) && part.extension) {
      diagnostics_.report(clause.span, diag::not_in_extension, word(clause.kind)).label(program_.actions[id].span, "the action says it");
      continue;
    }
    if (!check_own_clause(clause, id, scope)) check_part_clause(clause, part, scope);
  }
}

std::optional<Expr> Checker::when(const std::optional<ast::Expr>& ast, Scope& scope) {
  if (!ast) return std::nullopt;
  return condition(*ast, scope);
}

program::Conditional Checker::conditional(Expr value, const ast::Clause& clause, Scope& scope) {
  return {std::move(value), when(clause.when, scope), clause.span};
}

Expr Checker::text_of(const ast::Expr& ast, Scope& scope) { return expect(ast, scope, simple(Type::Tag::text)); }

bool Checker::check_own_clause(const ast::Clause& clause, Id<program::Action> id, Scope& scope) {
  using K = ast::ClauseKind;
  const Type duration = simple(Type::Tag::duration);
  const auto any_object = [] { return object_type({}); };
  program::Action& action = program_.actions[id];
  switch (clause.kind) {
    case K::title:
      if (clause.text) action.title = text_of(*clause.text, scope);
      return true;
    case K::source: return true;
    case K::takes:
      if (clause.value) action.takes = conditional(expect(*clause.value, scope, duration), clause, scope);
      return true;
    case K::timeout:
      if (clause.value) action.timeout = conditional(expect(*clause.value, scope, duration), clause, scope);
      return true;
    case K::retry: check_retry(clause, action, scope); return true;
    case K::fallback:
      if (clause.value) action.fallback = call_of<program::Action>(*clause.value, scope, actions_, "action", program_.actions);
      return true;
    case K::on:
      if (clause.value) action.on = expect(*clause.value, scope, any_object(), Fit::or_none);
      return true;
    case K::run:
      if (!clause.run) return true;
      for (const program::Run& other : action.run)
        if (other.language == clause.run->language.text)
          diagnostics_.report(clause.run->language.span, diag::said_twice, "a command in", other.language).label(other.span, "here first");
      action.run.push_back(run_of(*clause.run, scope));
      return true;
    default: return false;
  }
}

void Checker::check_retry(const ast::Clause& clause, program::Action& action, Scope& scope) {
  if (clause.value) {
    const Value n = constant(expect(*clause.value, scope, simple(Type::Tag::integer)));
    if (n.tag != Value::Tag::integer || n.number < 1 || n.number > 1000) {
      if (n.tag == Value::Tag::integer) diagnostics_.report(clause.value->span, diag::bad_value, std::to_string(n.number), "a number of tries from 1 to 1000");
    } else {
      action.retry_times = static_cast<int>(n.number);
    }
  }
  if (clause.every) action.retry_every = constant(expect(*clause.every, scope, simple(Type::Tag::duration))).number;
}

void Checker::check_part_clause(const ast::Clause& clause, program::Part& part, Scope& scope) {
  using K = ast::ClauseKind;
  const Type any_object = object_type({});
  switch (clause.kind) {
    case K::requires_: {
      if (!clause.value) return;
      program::Requirement r;
      r.condition = condition(*clause.value, scope);
      if (clause.otherwise) r.otherwise = text_of(*clause.otherwise, scope);
      r.when = when(clause.when, scope);
      r.span = clause.span;
      part.requires_.push_back(std::move(r));
      return;
    }
    case K::during: case K::effect: {
      if (!clause.effect) return;
      program::Effect e = effect(*clause.effect, scope);
      e.when = when(clause.when, scope);
      (clause.kind == K::during ? part.during : part.effects).push_back(std::move(e));
      return;
    }
    case K::uses:
      if (clause.value) part.uses.push_back(conditional(expect(*clause.value, scope, any_object, Fit::or_none), clause, scope));
      return;
    case K::disrupts: {
      if (!clause.value || !clause.every) return;
      program::TimedDisruption d;
      d.whose = expect(*clause.value, scope, any_object, Fit::or_none);
      d.lasts = expect(*clause.every, scope, simple(Type::Tag::duration));
      d.when = when(clause.when, scope);
      d.span = clause.span;
      part.disrupts.push_back(std::move(d));
      return;
    }
    case K::cost:
      if (clause.value) part.cost.push_back(conditional(expect(*clause.value, scope, simple(Type::Tag::integer)), clause, scope));
      return;
    case K::lease:
      if (clause.value) part.lease.push_back(conditional(expect(*clause.value, scope, simple(Type::Tag::duration)), clause, scope));
      return;
    case K::irreversible:
      part.irreversible.push_back(conditional(constant_expr(program::boolean(true), simple(Type::Tag::boolean), clause.span), clause, scope));
      return;
    case K::confirm:
      if (clause.text) part.confirms.push_back(conditional(text_of(*clause.text, scope), clause, scope));
      return;
    case K::privilege:
      if (clause.text) part.privileges.push_back(conditional(text_of(*clause.text, scope), clause, scope));
      return;
    case K::notice:
      if (clause.text) part.notices.push_back(conditional(text_of(*clause.text, scope), clause, scope));
      return;
    default: return;
  }
}

void Checker::check_facts_only(const std::optional<Expr>& expr, std::string_view what) {
  if (expr && program::reads_state(program_, *expr)) diagnostics_.report(expr->span, diag::reads_state, what);
}

void Checker::check_part_conditions(const program::Part& part) {
  const std::string_view what = "the condition of a clause";
  for (const program::Requirement& r : part.requires_) check_facts_only(r.when, what);
  for (const auto* list : {&part.uses, &part.confirms, &part.privileges, &part.notices, &part.irreversible, &part.cost, &part.lease})
    for (const program::Conditional& c : *list) check_facts_only(c.when, what);
  for (const program::TimedDisruption& d : part.disrupts) {
    check_facts_only(d.when, what);
    check_facts_only(d.lasts, "a length of time");
  }
  for (const program::Conditional& c : part.cost) check_facts_only(c.value, "a cost");
}

void Checker::check_conditions() {
  for (const program::Action& action : program_.actions) {
    for (const program::Part& part : action.parts) check_part_conditions(part);
    for (const auto* time : {&action.takes, &action.timeout}) {
      if (!*time) continue;
      check_facts_only((*time)->when, "the condition of a clause");
      check_facts_only((*time)->value, "a length of time");
    }
  }
  for (std::size_t k = 0; k < has_.size(); ++k)
    for (const Has& has : has_[k]) check_facts_only(has.when, "what an object has");
  for (const Field& field : program_.fields)
    if (!field.is_state && field.initial) check_facts_only(field.initial, "a fact");
}

}  // namespace exm::checking
