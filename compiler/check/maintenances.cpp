// Intents, maintenances and tests: wishes, limits, gates and what is expected of a plan.
#include <fmt/format.h>

#include <algorithm>

#include "compiler/check/checker.h"

namespace exm::checking {

template <class T>
program::Call<T> Checker::call_of(const ast::Expr& ast, Scope& scope, const Names& names, std::string_view what, const Table<T>& table) {
  program::Call<T> call;
  call.span = ast.span;
  if (ast.kind != ast::ExprKind::call) {
    diagnostics_.report(ast.span, diag::wrong_type, fmt::format("an {} with its arguments", what), "an expression");
    return call;
  }
  const Symbol* symbol = names.find(ast.text);
  if (symbol == nullptr) {
    auto& report = diagnostics_.report(ast.text_span, diag::unknown_name, what, ast.text);
    const bool other = (&names == &actions_ ? intents_ : actions_).find(ast.text) != nullptr;
    if (const std::string near = nearest(ast.text, names.all()); !near.empty()) report.hint("did you mean `" + near + "`?");
    else if (other && what == "intent") report.hint("`" + ast.text + "` is an action; a maintenance says what shall be so, the plan finds the actions");
    for (const ast::Expr& operand : ast.operands) infer(operand, scope);
    return call;
  }
  call.callee = Id<T>(symbol->index);
  const std::vector<program::Local> wanted = table[call.callee].parameters;
  call.arguments = arguments(ast.text, wanted, 0, ast, scope);
  return call;
}

template program::Call<program::Action> Checker::call_of(const ast::Expr&, Scope&, const Names&, std::string_view, const Table<program::Action>&);

template <class T>
Id<T> Checker::named(const ast::Name& name, const Names& names, std::string_view what) {
  if (const Symbol* symbol = names.find(name.text)) return Id<T>(symbol->index);
  unknown(name.span, what, name.text, names.all());
  return {};
}

void Checker::check_maintenances() {
  for (std::size_t i = 0; i < intent_asts_.size(); ++i) program_.intents[Id<program::Intent>(i)].parameters = parameters(intent_asts_[i]->parameters);
  for (std::size_t i = 0; i < intent_asts_.size(); ++i) {
    Scope scope;
    scope.locals = program_.intents[Id<program::Intent>(i)].parameters;
    scope.size = static_cast<std::uint32_t>(scope.locals.size());
    program_.intents[Id<program::Intent>(i)].wishes = wishes(intent_asts_[i]->wishes, scope);
  }
  for (std::size_t i = 0; i < maintenance_asts_.size(); ++i) {
    Scope scope;
    program::Maintenance& maintenance = program_.maintenances[Id<program::Maintenance>(i)];
    maintenance.wishes = wishes(maintenance_asts_[i]->wishes, scope);
    for (const ast::Wish& w : maintenance_asts_[i]->wishes)
      if (w.kind == ast::WishKind::title && w.text) maintenance.title = plain_text(*w.text);
  }
  for (const ast::File& file : files_)
    for (const ast::Declaration& declaration : file.declarations)
      if (const auto* test = std::get_if<ast::Test>(&declaration.what)) check_test(*test, declaration.span);
  // an intent that calls itself would never end
  std::vector<int> states(program_.intents.size(), 0);
  const auto visit = [&](const auto& self, std::size_t i) -> void {
    if (states[i] != 0) return;
    states[i] = 1;
    for (const auto& call : program_.intents[Id<program::Intent>(i)].wishes.do_) {
      if (!call.callee) continue;
      const std::string& to = program_.intents[call.callee].name;
      if (states[call.callee.index] == 1) diagnostics_.report(call.span, diag::recursive, to, program_.intents[Id<program::Intent>(i)].name + " -> " + to);
      else self(self, call.callee.index);
    }
    states[i] = 2;
  };
  for (std::size_t i = 0; i < states.size(); ++i) visit(visit, i);
}

program::Wishes Checker::wishes(const std::vector<ast::Wish>& ast, Scope& scope) {
  program::Wishes result;
  std::map<ast::WishKind, Span> once;
  for (const ast::Wish& w : ast) {
    const bool single = w.kind == ast::WishKind::minimize || w.kind == ast::WishKind::at_most || w.kind == ast::WishKind::tolerate;
    if (single) {
      const auto [other, is_new] = once.emplace(w.kind, w.span);
      if (!is_new) diagnostics_.report(w.span, diag::said_twice, "the limit", sources_.text(w.span)).label(other->second, "here first");
    }
    wish(w, scope, result);
  }
  result.locals = scope.size;
  return result;
}

void Checker::wish(const ast::Wish& w, Scope& scope, program::Wishes& wishes) {
  using K = ast::WishKind;
  const auto made = [&] {
    program::Wish result;
    result.condition = condition(*w.value, scope);
    if (w.otherwise) result.text = text_of(*w.otherwise, scope);
    result.when = when(w.when, scope);
    result.span = w.span;
    return result;
  };
  const int n = static_cast<int>(std::clamp<std::int64_t>(w.number, 0, 1'000'000));
  const auto positive = [&] {
    if (w.number < 1 || w.number > 1'000'000) diagnostics_.report(w.span, diag::bad_value, std::to_string(w.number), "a number from 1 to 1000000");
  };
  switch (w.kind) {
    case K::title: case K::source: return;
    case K::do_:
      if (w.value) wishes.do_.push_back(call_of<program::Intent>(*w.value, scope, intents_, "intent", program_.intents));
      return;
    case K::achieve:
      if (w.value) wishes.achieve.push_back(made());
      return;
    case K::keep:
      if (w.value) wishes.keep.push_back(made());
      return;
    case K::leave: return leave(w, scope, wishes);
    case K::repair: wishes.repair.push_back({named<program::Rule>(w.name, rules_, "rule"), 1, w.span}); return;
    case K::tolerate: wishes.tolerate = program::Limited<int>{n, n, w.span}; return;
    case K::withstand:
      positive();
      wishes.withstand.push_back({named<program::Fault>(w.name, faults_, "fault"), n, w.span});
      return;
    case K::allow: wishes.allow_no_retreat.push_back({named<program::Action>(w.name, actions_, "action"), 1, w.span}); return;
    case K::minimize: return minimize(w, wishes);
    case K::at_most:
      positive();
      wishes.at_most = program::Limited<int>{n, n, w.span};
      return;
    case K::forbid: wishes.forbid.push_back({named<program::Action>(w.name, actions_, "action"), 1, w.span}); return;
    case K::confirm: {
      program::Confirm confirm;
      if (w.text) confirm.question = text_of(*w.text, scope);
      if (!w.name.text.empty()) confirm.before = named<program::Action>(w.name, actions_, "action");
      confirm.span = w.span;
      wishes.confirms.push_back(std::move(confirm));
      return;
    }
    case K::window:
      if (w.window) window(*w.window, w.span, scope, wishes);
      return;
  }
}

void Checker::leave(const ast::Wish& w, Scope& scope, program::Wishes& wishes) {
  if (!w.value) return;
  program::Leave result;
  result.span = w.span;
  const ast::Expr& ast = *w.value;
  const bool of_objects = w.all_states || ast.kind != ast::ExprKind::member;
  result.objects = of_objects && !w.all_states ? infer(ast, scope) : before_a_dot(of_objects ? ast : ast.operands[0], scope);
  if (is_poison(result.objects)) return;
  const Type& type = result.objects.type;
  const Type& object = type.tag == Type::Tag::set || type.tag == Type::Tag::list ? element_of(type) : needed(type);
  if (object.tag != Type::Tag::object) {
    diagnostics_.report(ast.span, diag::wrong_type, "an object or a set of objects", text(type));
    return;
  }
  if (of_objects && !w.all_states) {
    diagnostics_.report(ast.span, diag::not_a_state, "this").hint("`leave X.state` for one state, `leave X.*` for all of X");
    return;
  }
  if (!of_objects && object.kind) {
    std::vector<std::string> states;
    for (const Id<Field> f : program_.kinds[object.kind].fields) {
      if (!program_.fields[f].is_state) continue;
      states.push_back(program_.fields[f].name);
      if (program_.fields[f].name == ast.text) result.state = f;
    }
    if (!result.state) return unknown(ast.text_span, "state of " + program_.kinds[object.kind].name, ast.text, states);
  }
  wishes.leave.push_back(std::move(result));
}

void Checker::minimize(const ast::Wish& w, program::Wishes& wishes) {
  static const std::vector<std::string> words = {"disruption", "duration", "cost", "away"};
  for (const ast::Name& name : w.names) {
    const auto word = std::find(words.begin(), words.end(), name.text);
    if (word == words.end()) {
      unknown(name.span, "measure", name.text, words);
      continue;
    }
    const auto measure = static_cast<program::Measure>(word - words.begin());
    if (std::find(wishes.minimize.begin(), wishes.minimize.end(), measure) != wishes.minimize.end())
      diagnostics_.report(name.span, diag::said_twice, "the measure", name.text);
    else wishes.minimize.push_back(measure);
  }
}

void Checker::window(const ast::WindowExpr& ast, Span span, Scope& scope, program::Wishes& wishes) {
  static const std::vector<std::string> days = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
  const auto minute = [&](const ast::Name& day, int of_day) {
    const auto found = std::find(days.begin(), days.end(), lower(day.text).substr(0, 3));
    if (found == days.end()) {
      unknown(day.span, "day", day.text, days);
      return -1;
    }
    return static_cast<int>(found - days.begin()) * 24 * 60 + of_day;
  };
  program::Window window;
  window.from_minute = minute(ast.from_day, ast.from_minute);
  window.to_minute = minute(ast.to_day, ast.to_minute);
  window.span = span;
  if (ast.zone) window.zone = constant(text_of(*ast.zone, scope)).text;
  if (window.from_minute < 0 || window.to_minute < 0) return;
  if (window.from_minute == window.to_minute) diagnostics_.report(span, diag::bad_value, sources_.text(span), "a window: it has no length");
  wishes.windows.push_back(std::move(window));
}

void Checker::check_test(const ast::Test& ast, Span span) {
  program::Test test;
  test.title = plain_text(ast.title);
  test.span = span;
  test.maintenance = named<program::Maintenance>(ast.plan, maintenances_, "maintenance");
  Scope scope;
  test.with = wishes(ast.with, scope);
  for (const ast::Expect& e : ast.expectations) test.expectations.push_back(expectation(e));
  program_.tests.push_back(std::move(test));
}

program::Expect Checker::expectation(const ast::Expect& ast) {
  Scope scope;
  program::Expect result;
  result.kind = static_cast<program::ExpectKind>(ast.kind);
  result.span = ast.span;
  static_assert(static_cast<int>(ast::ExpectKind::headroom) == static_cast<int>(program::ExpectKind::headroom));
  static_assert(static_cast<int>(ast::ExpectKind::no_step) == static_cast<int>(program::ExpectKind::no_step));
  if (ast.first) result.first = call_of<program::Action>(*ast.first, scope, actions_, "action", program_.actions);
  if (ast.second) result.second = call_of<program::Action>(*ast.second, scope, actions_, "action", program_.actions);
  if (ast.value) {
    result.value = ast.kind == ast::ExpectKind::always ? condition(*ast.value, scope) : expect(*ast.value, scope, simple(Type::Tag::integer));
  }
  result.because = ast.because.text;
  static const std::vector<std::string> words = {"keep", "requirement", "forbid", "at_most", "window", "wish", "restoration", "achieve"};
  const bool known = result.because.empty() || rules_.find(result.because) != nullptr || actions_.find(result.because) != nullptr ||
                     std::find(words.begin(), words.end(), result.because) != words.end();
  if (!known) {
    std::vector<std::string> names = rules_.all();
    for (std::string& name : actions_.all()) names.push_back(std::move(name));
    unknown(ast.because.span, "rule or action", result.because, names);
  }
  result.locals = scope.size;
  return result;
}

}  // namespace exm::checking
