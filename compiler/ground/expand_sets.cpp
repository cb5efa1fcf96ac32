// Collections and what is said of their elements: quantifiers, counts, sums, membership.
#include <algorithm>
#include <map>
#include <set>

#include "compiler/ground/expand.h"

namespace exm::task {

using program::Expr;
using program::Op;
using program::Value;

namespace {

constexpr std::int64_t longest_range = 1'000'000;

/// A set has each element once, if under several conditions.
void add_member(Builder& b, std::vector<Member>& members, std::map<NodeId, std::size_t>& places, Member member) {
  if (b.is(member.guard, false_)) return;
  const auto [place, is_new] = places.emplace(member.value, members.size());
  if (is_new) members.push_back(member);
  else members[place->second].guard = b.node(NodeOp::or_, {members[place->second].guard, member.guard});
}

}  // namespace

/// The locals of a quantifier go through the elements; what each says depends on the word.
Term Expander::quantified(const Expr& expr, Terms& frame) {
  const Op op = expr.op;
  std::vector<NodeId> parts;
  Term result{true, {}, {}};
  std::map<NodeId, std::size_t> places;
  const bool duration = expr.type.tag == program::Type::Tag::duration;
  const NodeId zero = b_.constant(Value{duration ? Value::Tag::duration : Value::Tag::integer, 0, {}, {}, {}});
  for (const Member& member : elements(expr, frame)) {
    frame[expr.local] = {false, member.value, {}};
    if (b_.is(member.guard, false_)) continue;
    const NodeId belongs = b_.both(member.guard, as_node(expand(expr.operands[1], frame)));
    if (b_.is(belongs, false_)) continue;
    if (op == Op::count) parts.push_back(belongs);
    if (op == Op::filter) add_member(b_, result.members, places, {member.value, belongs});
    if (op == Op::count || op == Op::filter) continue;
    const NodeId body = as_node(expand(expr.operands[2], frame));
    if (op == Op::map) add_member(b_, result.members, places, {body, belongs});
    if (op == Op::forall) parts.push_back(b_.implies(belongs, body));
    if (op == Op::exists) parts.push_back(b_.both(belongs, body));
    if (op == Op::sum) parts.push_back(b_.node(NodeOp::if_, {belongs, body, zero}));
  }
  if (op == Op::map || op == Op::filter) return result;
  if (op == Op::sum && parts.empty()) return {false, zero, {}};
  const NodeOp made = op == Op::count ? NodeOp::count : op == Op::sum ? NodeOp::sum : op == Op::forall ? NodeOp::and_ : NodeOp::or_;
  return {false, b_.node(made, parts), {}};
}

Term Expander::listed(const Expr& expr, Terms& frame) {
  Term result{true, {}, {}};
  if (expr.op == Op::range) {
    const auto first = constant(expand(expr.operands[0], frame)), last = constant(expand(expr.operands[1], frame));
    if (!first || !last || last->number - first->number > longest_range) return unknown_term();
    for (std::int64_t i = first->number; i <= last->number; ++i)
      result.members.push_back({b_.constant(Value{Value::Tag::integer, i, {}, {}, {}}), b_.yes()});
    return result;
  }
  std::map<NodeId, std::size_t> places;
  for (const Expr& operand : expr.operands) {
    const Member member{as_node(expand(operand, frame)), b_.yes()};
    if (expr.op == Op::set) add_member(b_, result.members, places, member);
    else result.members.push_back(member);
  }
  return result;
}

std::vector<Member> Expander::elements(const Expr& quantifier, Terms& frame) {
  if (frame.size() <= quantifier.local) frame.resize(quantifier.local + 1, unknown_term());
  if (auto narrowed = indexed(quantifier, frame)) return std::move(*narrowed);
  return members(expand(quantifier.operands[0], frame));
}

std::vector<Member> Expander::members(const Term& term) {
  if (term.collection) return term.members;
  std::vector<Member> result;
  if (const auto value = constant(term)) {
    for (const Value& element : value->elements) result.push_back({b_.constant(element), b_.yes()});
    return result;
  }
  std::vector<Value> values;
  possible_values(term.node, values);
  std::set<NodeId> seen;
  for (const Value& value : values) {
    const NodeId element = b_.constant(value);
    if (value.tag == Value::Tag::none || !seen.insert(element).second) continue;
    result.push_back({element, contains(term, element)});
  }
  used_ += result.size();
  return result;
}

/// For a variable of a set, its elements; an `if` may be what either branch may be.
void Expander::possible_values(NodeId node, std::vector<Value>& values) const {
  const Node n = b_.task().formulas.nodes[node.index];
  if (n.op == NodeOp::constant) {
    const Value& value = b_.task().values[n.a];
    if (value.tag == Value::Tag::set || value.tag == Value::Tag::list) values.insert(values.end(), value.elements.begin(), value.elements.end());
    else if (value.tag != Value::Tag::unknown) values.push_back(value);
  } else if (n.op == NodeOp::variable) {
    const auto more = world_.possible(Id<Variable>(n.a));
    values.insert(values.end(), more.begin(), more.end());
  } else if (n.op == NodeOp::if_) {
    possible_values(b_.task().formulas.operands[n.first + 1], values);
    possible_values(b_.task().formulas.operands[n.first + 2], values);
  }
}

std::vector<Member> Expander::alternatives(NodeId node) {
  if (const auto value = b_.constant_value(node)) {
    if (*value == unknown) return {};
    return {{node, b_.yes()}};
  }
  std::vector<Value> values;
  possible_values(node, values);
  std::vector<Member> result;
  std::set<NodeId> seen;
  for (const Value& value : values) {
    const NodeId one = b_.constant(value);
    if (seen.insert(one).second) result.push_back({one, b_.node(NodeOp::equal, {node, one})});
  }
  used_ += result.size();
  return result;
}

std::optional<Value> Expander::constant(const Term& term) const {
  if (!term.collection) {
    const auto value = b_.constant_value(term.node);
    return value ? std::optional(b_.task().values[value->index]) : std::nullopt;
  }
  Value set{Value::Tag::set, 0, {}, {}, {}};
  for (const Member& member : term.members) {
    const auto value = b_.constant_value(member.value);
    if (b_.is(member.guard, false_)) continue;
    if (!value || !b_.is(member.guard, true_)) return {};
    set.elements.push_back(b_.task().values[value->index]);
  }
  std::sort(set.elements.begin(), set.elements.end(), program::before);
  set.elements.erase(std::unique(set.elements.begin(), set.elements.end()), set.elements.end());
  return set;
}

/// A collection whose elements come and go has no formula of its own: as a value it is unknown.
NodeId Expander::as_node(const Term& term) {
  if (!term.collection) return term.node;
  std::vector<NodeId> elements;
  for (const Member& member : term.members) {
    if (b_.is(member.guard, false_)) continue;
    if (!b_.is(member.guard, true_)) return b_.constant(unknown);
    elements.push_back(member.value);
  }
  return b_.node(NodeOp::set, elements);
}

NodeId Expander::contains(const Term& set, NodeId element) {
  if (!set.collection) {
    const Node n = b_.task().formulas.nodes[set.node.index];
    if (n.op != NodeOp::if_) return b_.node(NodeOp::in, {element, set.node});
    const NodeId condition = b_.task().formulas.operands[n.first];
    const NodeId a = b_.task().formulas.operands[n.first + 1], b = b_.task().formulas.operands[n.first + 2];
    const NodeId in_a = contains({false, a, {}}, element), in_b = contains({false, b, {}}, element);
    return b_.node(NodeOp::if_, {condition, in_a, in_b});
  }
  const NodeId whole = as_node(set);
  if (!b_.is(whole, unknown)) return b_.node(NodeOp::in, {element, whole});
  std::vector<NodeId> parts;
  for (const Member& member : set.members) parts.push_back(b_.both(member.guard, b_.node(NodeOp::equal, {element, member.value})));
  return b_.node(NodeOp::or_, parts);
}

/// Two collections are equal where each holds what the other holds.
NodeId Expander::equal(const Term& a, const Term& b) {
  const NodeId left = as_node(a), right = as_node(b);
  const bool open = (a.collection && b_.is(left, unknown)) || (b.collection && b_.is(right, unknown));
  if (!open) return b_.node(NodeOp::equal, {left, right});
  std::vector<NodeId> parts;
  for (const Member& m : members(a)) parts.push_back(b_.implies(m.guard, contains(b, m.value)));
  for (const Member& m : members(b)) parts.push_back(b_.implies(m.guard, contains(a, m.value)));
  return b_.node(NodeOp::and_, parts);
}

}  // namespace exm::task
