// Every declaration gets its name in the one scope; nothing is looked into yet.
#include <algorithm>

#include "compiler/check/checker.h"

namespace exm::checking {

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return result;
}

const Symbol* Names::find(const std::string& name) const {
  const auto found = names_.find(name);
  return found == names_.end() ? nullptr : &found->second;
}

const std::pair<const std::string, Symbol>* Names::alike(const std::string& name) const {
  const auto found = lower_.find(lower(name));
  return found == lower_.end() ? nullptr : &*names_.find(found->second);
}

void Names::add(const std::string& name, Symbol symbol) {
  names_.emplace(name, symbol);
  lower_.emplace(lower(name), name);
}

std::vector<std::string> Names::all() const {
  std::vector<std::string> result;
  for (const auto& [name, symbol] : names_) {
    if (result.size() >= 5000) break;
    result.push_back(name);
  }
  return result;
}

bool Checker::declare(Names& names, std::string_view what, const ast::Name& name, Symbol symbol) {
  if (const auto* other = names.alike(name.text)) {
    auto& report = other->first == name.text ? diagnostics_.report(name.span, diag::declared_twice, what, name.text)
                                             : diagnostics_.report(name.span, diag::differs_by_case, what, name.text, other->first);
    report.label(other->second.span, "the other one is here");
    return false;
  }
  names.add(name.text, symbol);
  return true;
}

void Checker::collect() {
  for (const ast::File& file : files_)
    for (const ast::Declaration& declaration : file.declarations) collect(declaration);
}

void Checker::declare_let(const ast::Let& let, KindId kind) {
  Let made;
  made.name = let.name.text;
  made.kind = kind;
  made.span = let.name.span;
  made.value = poison(let.span);
  program_.lets.add(std::move(made));
  let_asts_.push_back(&let);
  let_states_.push_back(0);
}

void Checker::collect(const ast::Declaration& declaration) {
  const auto add = [&](Names& names, std::string_view what, const ast::Name& name, Symbol::Sort sort, std::size_t index) {
    return declare(names, what, name, {sort, index, name.span});
  };
  if (const auto* e = std::get_if<ast::Enum>(&declaration.what)) {
    add(values_, "enum", e->name, Symbol::Sort::enumeration, make_enum(e->name, e->values).index);
  } else if (const auto* k = std::get_if<ast::Kind>(&declaration.what)) {
    if (!add(values_, "kind", k->name, Symbol::Sort::kind, program_.kinds.size())) return;
    program::Kind kind;
    kind.name = k->name.text;
    kind.doc = declaration.doc;
    kind.span = k->name.span;
    program_.kinds.add(std::move(kind));
    kind_asts_.push_back(k);
  } else if (const auto* l = std::get_if<ast::Let>(&declaration.what)) {
    if (add(values_, "let", l->name, Symbol::Sort::let, program_.lets.size())) declare_let(*l, {});
  } else if (const auto* p = std::get_if<ast::Param>(&declaration.what)) {
    if (add(values_, "param", p->name, Symbol::Sort::param, params_.size())) params_.push_back({p, p->name.span, 0, {}, {}});
  } else if (const auto* a = std::get_if<ast::Action>(&declaration.what)) {
    if (!add(actions_, "action", a->name, Symbol::Sort::action, program_.actions.size())) return;
    program::Action action;
    action.name = a->name.text;
    action.doc = declaration.doc;
    action.span = a->name.span;
    program_.actions.add(std::move(action));
    action_asts_.push_back(a);
  } else if (const auto* r = std::get_if<ast::Rule>(&declaration.what)) {
    if (!add(rules_, "rule", r->name, Symbol::Sort::rule, program_.rules.size())) return;
    program::Rule rule;
    rule.name = r->name.text;
    rule.span = r->name.span;
    program_.rules.add(std::move(rule));
    rule_asts_.push_back(r);
  } else if (const auto* f = std::get_if<ast::Fault>(&declaration.what)) {
    if (!add(faults_, "fault", f->name, Symbol::Sort::fault, program_.faults.size())) return;
    program::Fault fault;
    fault.name = f->name.text;
    fault.span = f->name.span;
    program_.faults.add(std::move(fault));
    fault_asts_.push_back(f);
  } else if (const auto* i = std::get_if<ast::Intent>(&declaration.what)) {
    if (!add(intents_, "intent", i->name, Symbol::Sort::intent, program_.intents.size())) return;
    program::Intent intent;
    intent.name = i->name.text;
    intent.span = i->name.span;
    program_.intents.add(std::move(intent));
    intent_asts_.push_back(i);
  } else if (const auto* m = std::get_if<ast::Maintenance>(&declaration.what)) {
    if (!add(maintenances_, "maintenance", m->name, Symbol::Sort::maintenance, program_.maintenances.size())) return;
    program::Maintenance maintenance;
    maintenance.name = m->name.text;
    maintenance.doc = declaration.doc;
    maintenance.span = m->name.span;
    program_.maintenances.add(std::move(maintenance));
    maintenance_asts_.push_back(m);
  }
}

}  // namespace exm::checking
