// One module on its way to a page: the parts of it that the files describe_*.cpp write.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "compiler/doc/describe.h"

namespace exm::doc {

Word plain(std::string text);
Word code(std::string text);

/// "exchange.common: Exchange servers …" at the head of a file: what it says of itself, without the name and without "Knows: …".
std::vector<std::string> header_of(std::string_view text);

class Describer {
 public:
  Describer(const Sources& sources, std::span<const Module> all, const Module& which);
  Page take();

 private:
  using Entries = std::vector<const ast::Declaration*>;

  // describe.cpp
  template <class What>
  Entries all_of() const;
  void section(const std::string& title, const Entries& entries, void (Describer::*write)(const ast::Declaration&));
  void heading(int level, const std::string& text);
  void paragraph(Words words);
  void doc(const std::string& text);
  void remark(const std::string& text);
  void list(std::vector<Words> items);
  std::string code_of(Span span) const;
  std::string signature(const ast::Name& name, const std::vector<ast::Parameter>& parameters) const;
  /// A text with its values: "Drain *h.server*".
  Words words_of(const ast::Expr& text) const;
  /// A command as it is written.
  std::string raw(const ast::Expr& text) const;
  Words value(const ast::Expr& value) const;
  Words home(const std::string& name) const;

  // describe_kinds.cpp
  void write_enum(const ast::Declaration& d);
  void write_kind(const ast::Declaration& d);
  void write_extended_kind(const ast::Declaration& d);
  void write_members(const std::vector<ast::Member>& members);
  void write_let(const ast::Declaration& d);
  void write_param(const ast::Declaration& d);
  void write_probe(const ast::Declaration& d);
  void write_prelude(const ast::Declaration& d);

  // describe_actions.cpp
  void write_action(const ast::Declaration& d);
  void write_extended_action(const ast::Declaration& d);
  void write_clauses(const std::vector<ast::Clause>& clauses, bool whole);
  Words clause_words(const ast::Clause& clause) const;
  Words effect_words(const ast::Effect& effect) const;
  Words run_words(const ast::Run& run) const;
  void write_rule(const ast::Declaration& d);
  void write_fault(const ast::Declaration& d);
  void write_intent(const ast::Declaration& d);
  void write_maintenance(const ast::Declaration& d);
  void write_wishes(const std::vector<ast::Wish>& wishes);

  const Sources& sources_;
  const Module& module_;
  std::map<std::string, std::string> homes_;  // what is declared, by the module that does
  std::map<std::string, int> anchors_;
  Page page_;
};

}  // namespace exm::doc
