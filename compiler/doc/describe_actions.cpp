// Actions and what is added to them, rules, wishes and faults.
#include <algorithm>
#include <array>

#include "compiler/doc/describer.h"
#include "runtime/show/words.h"

namespace exm::doc {

using ast::ClauseKind;

namespace {

Words operator+(Words a, const Words& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

/// How a step is taken, not what it is for.
bool is_manner(ClauseKind kind) {
  constexpr std::array manners{ClauseKind::takes, ClauseKind::timeout, ClauseKind::retry, ClauseKind::fallback, ClauseKind::on, ClauseKind::uses, ClauseKind::cost, ClauseKind::lease};
  return std::find(manners.begin(), manners.end(), kind) != manners.end();
}

}  // namespace

void Describer::write_action(const ast::Declaration& d) {
  const auto& action = std::get<ast::Action>(d.what);
  heading(3, action.name.text);
  doc(d.doc);
  Words head{code(signature(action.name, action.parameters))};
  for (const auto& c : action.clauses)
    if (c.kind == ClauseKind::title && c.text) head = head + Words{plain(" \u201c")} + words_of(*c.text) + Words{plain("\u201d")};
  paragraph(std::move(head));
  write_clauses(action.clauses, true);
  remark(d.remark);
}

void Describer::write_extended_action(const ast::Declaration& d) {
  const auto& extension = std::get<ast::ExtendAction>(d.what);
  heading(3, extension.name.text);
  doc(d.doc);
  paragraph(Words{plain("Adds to "), code(signature(extension.name, extension.parameters))} + home(extension.name.text) + Words{plain(":")});
  write_clauses(extension.clauses, false);
  remark(d.remark);
}

/// What must hold and what comes of it each have a line; how it is done shares one; the command stands below.
void Describer::write_clauses(const std::vector<ast::Clause>& clauses, bool whole) {
  std::vector<Words> items;
  Words how;
  const ast::Clause* command = nullptr;
  for (const auto& c : clauses) {
    if (c.kind == ClauseKind::title) continue;
    if (c.kind == ClauseKind::run) {
      command = &c;
      continue;
    }
    Words words = clause_words(c);
    if (c.when) words = words + Words{plain(", when "), code(code_of(c.when->span))};
    if (!is_manner(c.kind)) items.push_back(std::move(words));
    else how = how + (how.empty() ? Words{} : Words{plain("; ")}) + words;
  }
  if (!how.empty()) items.push_back(std::move(how));
  if (whole && command == nullptr) items.push_back({plain("runs nothing: it waits until the probes show that its effects hold")});
  list(std::move(items));
  if (command == nullptr || !command->run) return;
  Words head = clause_words(*command);
  if (command->when) head = head + Words{plain(", when "), code(code_of(command->when->span))};
  paragraph(std::move(head) + Words{plain(":")});
  page_.blocks.push_back(Command{command->run->language.text, raw(command->run->text)});
}

Words Describer::clause_words(const ast::Clause& c) const {
  const auto say = [&](const char* head, const std::optional<ast::Expr>& e) { return e ? Words{plain(head)} + value(*e) : Words{plain(head)}; };
  const auto time = [&](const char* head, const std::optional<ast::Expr>& e) {
    return e && e->kind == ast::ExprKind::duration ? Words{plain(head + show::duration_words(e->number))} : say(head, e);
  };
  switch (c.kind) {
    case ClauseKind::requires_: return say("requires ", c.value) + (c.otherwise ? Words{plain(": ")} + words_of(*c.otherwise) : Words{});
    case ClauseKind::during: return Words{plain("while it runs, ")} + effect_words(*c.effect);
    case ClauseKind::effect: return Words{plain("then ")} + effect_words(*c.effect);
    case ClauseKind::takes: return time("takes ", c.value);
    case ClauseKind::timeout: return time("is given up after ", c.value);
    case ClauseKind::retry: return say("is tried again, up to ", c.value) + Words{plain(" times")} + (c.every ? time(", every ", c.every) : Words{});
    case ClauseKind::fallback: return say("then ", c.value);
    case ClauseKind::on: return say("on ", c.value);
    case ClauseKind::uses: return say("one at a time for each ", c.value);
    case ClauseKind::disrupts: return say("users of ", c.value) + time(" feel it for ", c.every);
    case ClauseKind::cost: return say("costs ", c.value);
    case ClauseKind::confirm: return Words{plain("asks first: ")} + words_of(*c.text);
    case ClauseKind::privilege: return Words{plain("needs ")} + words_of(*c.text);
    case ClauseKind::irreversible: return {plain("cannot be taken back")};
    case ClauseKind::notice: return Words{plain("says: ")} + words_of(*c.text);
    case ClauseKind::lease: return time("holds for ", c.value);
    case ClauseKind::source: return Words{plain("source: ")} + words_of(*c.text);
    case ClauseKind::run: return Words{plain(c.run->language.text == "person" ? "Done by " : "Runs ")} + run_words(*c.run);
    case ClauseKind::title: break;
  }
  return {};
}

Words Describer::effect_words(const ast::Effect& effect) const { return {code(code_of(effect.span))}; }

Words Describer::run_words(const ast::Run& run) const {
  if (run.language.text == "person") return {plain("a person")};
  const std::string language = run.language.text == "powershell" ? "PowerShell" : run.language.text;
  return run.from ? Words{plain(language + " from "), code(code_of(run.from->span))} : Words{plain(language)};
}

void Describer::write_rule(const ast::Declaration& d) {
  const auto& rule = std::get<ast::Rule>(d.what);
  heading(3, rule.name.text);
  doc(d.doc);
  if (rule.title) paragraph(words_of(*rule.title) + Words{plain(".")});
  std::vector<Words> items;
  for (const auto& c : rule.clauses) {
    const char* head = c.kind == ast::RuleKind::always ? "always " : c.kind == ast::RuleKind::check ? "looked at before anything is planned: " : "says so when ";
    Words words{plain(head)};
    if (c.condition) words = words + value(*c.condition);
    else words = {plain("says so")};
    if (c.text) words = words + Words{plain(c.kind == ast::RuleKind::check ? "; else " : ": ")} + words_of(*c.text);
    items.push_back(std::move(words));
  }
  if (rule.of_steps) items.push_back({plain("a promise about the plan's steps, not about what fate does")});
  if (rule.warning) items.push_back({plain("a warning: it does not stop a plan")});
  for (const auto& source : rule.sources) items.push_back(Words{plain("source: ")} + words_of(source));
  list(std::move(items));
  remark(d.remark);
}

void Describer::write_fault(const ast::Declaration& d) {
  const auto& fault = std::get<ast::Fault>(d.what);
  heading(3, fault.name.text);
  doc(d.doc);
  Words head{code(signature(fault.name, fault.parameters))};
  if (fault.title) head = head + Words{plain(" \u201c")} + words_of(*fault.title) + Words{plain("\u201d")};
  paragraph(std::move(head));
  std::vector<Words> items;
  for (const auto& e : fault.effects) items.push_back(Words{plain("then ")} + effect_words(e));
  list(std::move(items));
  remark(d.remark);
}

void Describer::write_intent(const ast::Declaration& d) {
  const auto& intent = std::get<ast::Intent>(d.what);
  heading(3, intent.name.text);
  doc(d.doc);
  paragraph({code("do " + signature(intent.name, intent.parameters))});
  write_wishes(intent.wishes);
  remark(d.remark);
}

void Describer::write_maintenance(const ast::Declaration& d) {
  const auto& maintenance = std::get<ast::Maintenance>(d.what);
  heading(3, maintenance.name.text);
  doc(d.doc);
  for (const auto& wish : maintenance.wishes)
    if (wish.kind == ast::WishKind::title && wish.text) paragraph(words_of(*wish.text));
  write_wishes(maintenance.wishes);
  remark(d.remark);
}

/// Each wish as it is written, and the sentence that is said where it cannot be met.
void Describer::write_wishes(const std::vector<ast::Wish>& wishes) {
  std::vector<Words> items;
  for (const auto& wish : wishes) {
    if (wish.kind == ast::WishKind::title) continue;
    Span span = wish.span;
    if (wish.otherwise) span.end = wish.value->span.end;
    items.push_back(Words{code(code_of(span))} + (wish.otherwise ? Words{plain(": ")} + words_of(*wish.otherwise) : Words{}));
  }
  list(std::move(items));
}

}  // namespace exm::doc
