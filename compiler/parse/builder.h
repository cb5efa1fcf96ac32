// The functions of the builder, spread over build_*.cpp: expressions, texts, objects and kinds, actions, wishes, declarations.
#pragma once

#include <string>

#include "compiler/base/diagnostics.h"
#include "compiler/parse/tree.h"

namespace exm::parsing {

/// A node by its index, so that it stays small and the tree flat.
using Ref = std::uint32_t;

class Builder {
 public:
  Builder(const std::vector<Node>& nodes, std::string_view text, std::uint32_t source, const std::vector<ast::Comment>& comments,
          Diagnostics& diagnostics)
      : nodes_(nodes), text_(text), source_(source), comments_(comments), diagnostics_(diagnostics) {}

  ast::Declaration declaration(Ref node);

 private:
  // ---- the nodes
  static constexpr Ref none = 0xFFFFFFFF;
  NodeKind kind(Ref node) const { return nodes_[node].kind; }
  Ref first(Ref node) const { return node + 1 < nodes_[node].next ? node + 1 : none; }
  Ref after(Ref child, Ref parent) const { return nodes_[child].next < nodes_[parent].next ? nodes_[child].next : none; }
  Ref child(Ref node, NodeKind wanted) const;
  bool has_child(Ref node, NodeKind wanted) const { return child(node, wanted) != none; }
  Ref last(Ref node) const;
  template <class F>
  void each_child(Ref node, F&& act) const {
    for (Ref c = first(node); c != none; c = after(c, node)) act(c);
  }
  std::string_view text(Ref node) const { return text_.substr(nodes_[node].begin, nodes_[node].end - nodes_[node].begin); }
  Span span(Ref node) const { return {source_, nodes_[node].begin, nodes_[node].end}; }
  ast::Name name(Ref identifier) const { return {std::string(text(identifier)), span(identifier)}; }
  ast::Name name_in(Ref node) const;
  /// The comments of that mark ("#" or "##") that stand directly above, whatever comments of the other stand between them.
  std::string comments_above(std::uint32_t begin, std::string_view mark) const;
  std::string doc_above(std::uint32_t begin) const { return comments_above(begin, "##"); }

  // ---- expressions
  struct Sequence {
    Ref at;
    Ref parent;
  };
  ast::Expr expression(Ref node);
  ast::Expr expression_in(Ref node, NodeKind wrapper);
  ast::Expr binary(Sequence& rest, int weakest);
  ast::Expr prefixed(Sequence& rest, int weakest);
  ast::Expr operand(Ref node);
  std::string member_name(Ref node);
  ast::Expr primary(Ref node);
  ast::Expr reference(Ref node);
  ast::Expr brackets(Ref node);
  ast::Expr several(Ref node, ast::ExprKind kind);
  ast::Expr braces(Ref node);
  ast::Expr if_expression(Ref node);
  ast::Expr quantified(Ref node, ast::ExprKind kind);
  void bind(Ref node, ast::Expr& to);
  std::int64_t integer(Ref node);
  std::int64_t duration(Ref node);
  ast::Expr start(Ref node, ast::ExprKind kind) const;
  std::optional<ast::Expr> optional_expression(Ref node, NodeKind wrapper);
  /// Has an expression become too deep? Says so once, and the caller stops building it.
  bool too_deep(std::size_t depth, Span at);

  /// Reports; but not more than a reader can want, so that no text makes more diagnostics than it has lines to show.
  template <class... Args>
  Diagnostic& complain(Span at, const DiagnosticKind<Args...>& kind, const std::type_identity_t<Args>&... args) {
    if (diagnostics_.errors() < max_errors) return diagnostics_.report(at, kind, args...);
    spare_ = {};
    return spare_;
  }

  // ---- texts
  ast::Expr any_text(Ref node);
  ast::Expr block(Ref node);
  ast::Expr text_in(Ref node);
  std::optional<ast::Expr> optional_text(Ref node, NodeKind wrapper);
  ast::TextPart interpolation(Ref node);
  void literal(std::vector<ast::TextPart>& parts, std::string_view more, Span at) const;
  void escape(Ref node, std::vector<ast::TextPart>& parts);
  std::string_view common_indentation(Ref node) const;
  void unindented(std::string_view chunk, std::string_view indentation, std::string& to) const;

  // ---- objects, kinds
  ast::TypeExpr type(Ref node);
  std::optional<ast::TypeExpr> optional_type(Ref node);
  std::vector<ast::Parameter> parameters(Ref node);
  ast::Body body(Ref node);
  ast::Entry entry(Ref node);
  ast::Object object(Ref node);
  ast::Each each(Ref node);
  ast::Let let(Ref node);
  ast::Field field(Ref node);
  std::vector<ast::Member> members(Ref node);
  void member(Ref node, std::vector<ast::Member>& to);

  // ---- actions
  ast::Effect effect(Ref node);
  ast::Effect effect_in(Ref node);
  ast::Run run(Ref node);
  ast::Clause clause(Ref node);
  std::vector<ast::Clause> clauses(Ref node);
  ast::Action action(Ref node);
  ast::Probe probe(Ref node);

  // ---- wishes
  ast::Wish wish(Ref node);
  std::vector<ast::Wish> wishes(Ref node);
  ast::WindowExpr window(Ref node);
  int minute(Ref time);
  void check_day(const ast::Name& day);
  ast::Expect expectation(Ref node);

  // ---- declarations
  ast::Use use(Ref node);
  ast::Kind kind_declaration(Ref node);
  ast::Rule rule(Ref node);
  ast::Fault fault(Ref node);
  ast::Test test(Ref node);
  ast::Prelude prelude(Ref node);

  const std::vector<Node>& nodes_;
  std::string_view text_;
  std::uint32_t source_;
  const std::vector<ast::Comment>& comments_;
  Diagnostics& diagnostics_;
  std::size_t depth_ = 0;  // of the expression built last
  std::size_t unary_ = 0;  // prefixes and right-hand operands under way
  bool reported_depth_ = false;
  Diagnostic spare_;
};

}  // namespace exm::parsing
