// Expressions of the program to formulas: references followed, lets and quantifiers written out, facts put in and folded.
// `Expander::formula` is the entry point.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "compiler/check/evaluate.h"
#include "compiler/ground/formulas.h"
#include "compiler/ground/world.h"

namespace exm::task {

/// A set's element, which belongs to it while the guard is true.
struct Member {
  NodeId value;
  NodeId guard;
};

/// What an expression is worth: one formula, or a collection whose elements come and go.
struct Term {
  bool collection = false;
  NodeId node;
  std::vector<Member> members;
};

/// The values of the locals, by index.
using Terms = std::vector<Term>;

/// What reading a state gives: its variable; nothing known (to see what facts alone say); or its value in one state of the world.
struct Reading {
  enum class Kind { variables, facts, state };
  Kind kind = Kind::variables;
  const std::vector<ValueId>* state = nullptr;  // by variable, in values of the world's task
};

class Expander {
 public:
  /// The builder may be of another task than the world's. Past `work` expressions everything is unknown, and `exhausted` says so.
  Expander(const World& world, Builder& builder, Reading reading, std::uint64_t work) : world_(world), b_(builder), reading_(reading), work_(work) {}

  Term expand(const program::Expr& expr, Terms& frame);
  NodeId formula(const program::Expr& expr, Terms& frame) { return as_node(expand(expr, frame)); }
  /// A frame of that size, with these as its first locals.
  Terms frame(std::uint32_t locals, const std::vector<program::Value>& arguments);
  Term term(const program::Value& value) { return {false, b_.constant(value), {}}; }
  /// The elements of a collection, each with the condition under which it belongs.
  std::vector<Member> members(const Term& term);
  /// Those that a quantifier goes through; whether they meet its `where` is still to be asked.
  std::vector<Member> elements(const program::Expr& quantifier, Terms& frame);
  /// The value, where it does not depend on states.
  std::optional<program::Value> constant(const Term& term) const;
  NodeId as_node(const Term& term);
  /// The objects that a formula may stand for, each with the condition that it is that one.
  std::vector<Member> alternatives(NodeId node);
  /// A text with its interpolations; what depends on states is put in as it is written.
  std::string words(const program::Expr& text, Terms& frame);
  /// As the file has it, with the values of the locals put in.
  std::string written(const program::Expr& expr, const Terms& frame) const;
  /// The variables that a text or another value reads; `unknown_part` is set where some part of it can never be known.
  void collect_reads(const program::Expr& expr, Terms& frame, std::vector<Id<Variable>>& reads, const program::Expr*& unknown_part);
  bool exhausted() const { return used_ > work_; }
  Builder& builder() { return b_; }
  const World& world() const { return world_; }

 private:
  Term state(Id<program::Object> object, Id<program::Field> field);
  Term field(const program::Expr& expr, Terms& frame);
  Term owned(const program::Expr& expr, Terms& frame);
  Term call(const program::Expr& expr, Terms& frame);
  Term choice(const program::Expr& expr, Terms& frame);
  Term text(const program::Expr& expr, Terms& frame);
  Term quantified(const program::Expr& expr, Terms& frame);
  Term was(const program::Expr& expr, Terms& frame);
  Term logic(const program::Expr& expr, Terms& frame);
  Term arithmetic(const program::Expr& expr, Terms& frame);
  Term listed(const program::Expr& expr, Terms& frame);
  /// The elements for which a condition on facts (`h.server == s`) may hold, found by an index; nothing where there is none.
  std::optional<std::vector<Member>> indexed(const program::Expr& quantifier, Terms& frame);
  Term of_object(const program::Expr& object, Terms& frame, const std::function<NodeId(Id<program::Object>)>& of);
  NodeId equal(const Term& a, const Term& b);
  NodeId contains(const Term& set, NodeId element);
  NodeId existence(Id<program::Object> object);
  Term unknown_term() { return {false, b_.constant(unknown), {}}; }
  void possible_values(NodeId node, std::vector<program::Value>& values) const;

  const World& world_;
  Builder& b_;
  Reading reading_;
  std::uint64_t work_;
  std::uint64_t used_ = 0;
  int depth_ = 0;
  /// By the side of the comparison that reads the element: the objects by its value, and those for which it depends on states.
  struct Index {
    std::map<program::Value, std::vector<Id<program::Object>>, decltype(&program::before)> by_value{&program::before};
    std::vector<Id<program::Object>> open;
  };
  std::unordered_map<const program::Expr*, Index> indexes_;
};

/// The variables that a formula reads, in order, each once, added to `into`.
void collect_variables(const Task& task, NodeId formula, std::vector<Id<Variable>>& into);

}  // namespace exm::task
