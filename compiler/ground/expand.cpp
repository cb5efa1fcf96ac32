#include "compiler/ground/expand.h"

#include <algorithm>

#include "compiler/check/evaluator.h"

namespace exm::task {

using program::Expr;
using program::Op;
using program::Value;

namespace {

constexpr int deepest_call = 200;

NodeOp comparison_of(Op op) {
  return op == Op::less || op == Op::greater ? NodeOp::less : NodeOp::less_equal;
}

NodeOp arithmetic_of(Op op) {
  return op == Op::add ? NodeOp::add : op == Op::subtract ? NodeOp::subtract : op == Op::multiply ? NodeOp::multiply : NodeOp::divide;
}

}  // namespace

Terms Expander::frame(std::uint32_t locals, const std::vector<Value>& arguments) {
  Terms terms;
  terms.reserve(std::max<std::size_t>(locals, arguments.size()));
  for (const Value& argument : arguments) terms.push_back(term(argument));
  if (terms.size() < locals) terms.resize(locals, unknown_term());
  return terms;
}

Term Expander::expand(const Expr& expr, Terms& frame) {
  if (++used_ > work_) return unknown_term();
  switch (expr.op) {
    case Op::constant: return term(expr.value);
    case Op::local: return expr.local < frame.size() ? frame[expr.local] : unknown_term();
    case Op::all: {
      Term all{true, {}, {}};
      for (Id<program::Object> object : world_.of_kind[expr.kind.index]) all.members.push_back({b_.constant(object_value(object)), existence(object)});
      used_ += all.members.size();
      return all;
    }
    case Op::field: return field(expr, frame);
    case Op::owned: return owned(expr, frame);
    case Op::owner:
      return of_object(expr.operands[0], frame, [&](Id<program::Object> o) {
        const auto owner = world_.program.objects[o].owner;
        return owner ? b_.constant(object_value(owner)) : b_.constant(none);
      });
    case Op::name:
      return of_object(expr.operands[0], frame, [&](Id<program::Object> o) {
        return b_.constant(Value{Value::Tag::text, 0, world_.program.objects[o].name, {}, {}});
      });
    case Op::seconds:
    case Op::negate:
    case Op::add:
    case Op::subtract:
    case Op::multiply:
    case Op::divide: return arithmetic(expr, frame);
    case Op::call: return call(expr, frame);
    case Op::text: return text(expr, frame);
    case Op::not_:
    case Op::implies:
    case Op::or_:
    case Op::and_:
    case Op::equal:
    case Op::not_equal:
    case Op::less:
    case Op::less_equal:
    case Op::greater:
    case Op::greater_equal:
    case Op::in:
    case Op::not_in:
    case Op::known: return logic(expr, frame);
    case Op::if_: return choice(expr, frame);
    case Op::forall:
    case Op::exists:
    case Op::count:
    case Op::sum:
    case Op::filter:
    case Op::map: return quantified(expr, frame);
    case Op::set:
    case Op::list:
    case Op::range: return listed(expr, frame);
    case Op::was: return was(expr, frame);
    case Op::secret:
    case Op::run_started: break;
  }
  return unknown_term();
}

NodeId Expander::existence(Id<program::Object> object) {
  const auto variable = world_.existence_variable(object);
  if (!variable) return b_.yes();
  return state(object, world_.task.variables[variable].state).node;
}

Term Expander::state(Id<program::Object> object, Id<program::Field> field) {
  const auto variable = world_.variable(object, field);
  if (!variable) return World::is_existence(world_.program.fields[field]) ? Term{false, b_.yes(), {}} : unknown_term();
  if (reading_.kind == Reading::Kind::facts) return unknown_term();
  if (reading_.kind == Reading::Kind::state) return term(world_.task.values[(*reading_.state)[variable.index].index]);
  return {false, b_.variable(variable), {}};
}

/// One formula for an object that may be several: if it is this, then …, else ….
Term Expander::of_object(const Expr& expr, Terms& frame, const std::function<NodeId(Id<program::Object>)>& of) {
  const NodeId object = as_node(expand(expr, frame));
  const auto all = alternatives(object);
  if (all.empty()) return unknown_term();
  auto worth = [&](const Member& m) {
    const Value value = world_.task.values.empty() ? Value{} : b_.task().values[b_.constant_value(m.value)->index];
    return value.tag == Value::Tag::object ? of(value.object) : b_.constant(unknown);
  };
  NodeId result = worth(all.back());
  for (std::size_t i = all.size() - 1; i-- > 0;) result = b_.node(NodeOp::if_, {all[i].guard, worth(all[i]), result});
  return {false, result, {}};
}

Term Expander::field(const Expr& expr, Terms& frame) {
  const program::Field& wanted = world_.program.fields[expr.field];
  return of_object(expr.operands[0], frame, [&](Id<program::Object> o) {
    if (wanted.is_state) return state(o, expr.field).node;
    const auto& values = world_.program.objects[o].values;
    const auto fact = values.find(expr.field);
    return fact == values.end() ? b_.constant(unknown) : b_.constant(fact->second);
  });
}

Term Expander::owned(const Expr& expr, Terms& frame) {
  Term result{true, {}, {}};
  for (const Member& owner : alternatives(as_node(expand(expr.operands[0], frame)))) {
    const Value value = b_.task().values[b_.constant_value(owner.value)->index];
    if (value.tag != Value::Tag::object) continue;
    for (Id<program::Object> object : world_.program.objects[value.object].owned)
      if (world_.program.objects[object].kind == expr.kind)
        result.members.push_back({b_.constant(object_value(object)), b_.both(owner.guard, existence(object))});
  }
  used_ += result.members.size();
  return result;
}

Term Expander::call(const Expr& expr, Terms& frame) {
  const program::Let& let = world_.program.lets[expr.let];
  if (depth_ >= deepest_call) return unknown_term();
  Terms inner;
  inner.reserve(std::max<std::size_t>(let.locals, expr.operands.size()));
  for (const Expr& operand : expr.operands) inner.push_back(expand(operand, frame));
  if (inner.size() < let.locals) inner.resize(let.locals, unknown_term());
  ++depth_;
  Term result = expand(let.value, inner);
  --depth_;
  return result;
}

Term Expander::text(const Expr& expr, Terms& frame) {
  Value result{Value::Tag::text, 0, {}, {}, {}};
  for (const program::TextPart& part : expr.parts) {
    result.text += part.literal;
    if (part.value.empty()) continue;
    const auto value = constant(expand(part.value[0], frame));
    if (!value || value->tag == Value::Tag::unknown) return unknown_term();
    result.text += program::in_text(world_.program, *value, part.format);
  }
  return term(result);
}

Term Expander::was(const Expr& expr, Terms& frame) {
  const Expr& field = expr.operands[0];
  if (field.op != Op::field) return unknown_term();
  return of_object(field.operands[0], frame, [&](Id<program::Object> o) {
    const auto variable = world_.variable(o, field.field);
    if (!variable) return b_.constant(unknown);
    const auto declared = world_.program.objects[o].values.find(field.field);
    const bool restored = world_.program.objects[o].restore.count(field.field) > 0;
    const bool comes = !restored && !world_.exists_at_start[o.index] && declared != world_.program.objects[o].values.end();
    return b_.constant(comes ? declared->second : world_.task.values[world_.task.variables[variable].restore.index]);
  });
}

Term Expander::logic(const Expr& expr, Terms& frame) {
  auto operand = [&](std::size_t i) { return expand(expr.operands[i], frame); };
  auto node = [&](std::size_t i) { return as_node(operand(i)); };
  switch (expr.op) {
    case Op::not_: return {false, b_.not_(node(0)), {}};
    case Op::known: {
      const NodeId of = node(0);
      if (reading_.kind == Reading::Kind::facts && b_.is(of, unknown)) return unknown_term();  // a state that nobody has read
      return {false, b_.node(NodeOp::known, {of}), {}};
    }
    case Op::implies: {
      const NodeId condition = node(0);
      if (b_.is(condition, false_)) return {false, b_.yes(), {}};
      return {false, b_.implies(condition, node(1)), {}};
    }
    case Op::and_:
    case Op::or_: {
      std::vector<NodeId> parts;
      for (std::size_t i = 0; i < expr.operands.size(); ++i) {
        parts.push_back(node(i));
        if (b_.is(parts.back(), expr.op == Op::and_ ? false_ : true_)) break;
      }
      return {false, b_.node(expr.op == Op::and_ ? NodeOp::and_ : NodeOp::or_, parts), {}};
    }
    case Op::equal: return {false, equal(operand(0), operand(1)), {}};
    case Op::not_equal: return {false, b_.not_(equal(operand(0), operand(1))), {}};
    case Op::in:
    case Op::not_in: {
      const NodeId element = node(0);
      const NodeId inside = contains(operand(1), element);
      return {false, expr.op == Op::in ? inside : b_.not_(inside), {}};
    }
    case Op::greater:
    case Op::greater_equal: {
      const NodeId a = node(0), b = node(1);
      return {false, b_.node(comparison_of(expr.op), {b, a}), {}};
    }
    default: {
      const NodeId a = node(0), b = node(1);
      return {false, b_.node(comparison_of(expr.op), {a, b}), {}};
    }
  }
}

Term Expander::arithmetic(const Expr& expr, Terms& frame) {
  const NodeId a = as_node(expand(expr.operands[0], frame));
  if (expr.op == Op::seconds) {
    return {false, b_.node(NodeOp::divide, {a, b_.constant(Value{Value::Tag::duration, 1, {}, {}, {}})}), {}};
  }
  if (expr.op == Op::negate) {
    const auto tag = expr.type.tag == program::Type::Tag::duration ? Value::Tag::duration : Value::Tag::integer;
    return {false, b_.node(NodeOp::subtract, {b_.constant(Value{tag, 0, {}, {}, {}}), a}), {}};
  }
  const NodeId b = as_node(expand(expr.operands[1], frame));
  return {false, b_.node(arithmetic_of(expr.op), {a, b}), {}};
}

Term Expander::choice(const Expr& expr, Terms& frame) {
  const NodeId condition = as_node(expand(expr.operands[0], frame));
  if (b_.is(condition, true_)) return expand(expr.operands[1], frame);
  if (b_.is(condition, false_)) return expand(expr.operands[2], frame);
  Term a = expand(expr.operands[1], frame), b = expand(expr.operands[2], frame);
  if (!a.collection && !b.collection) return {false, b_.node(NodeOp::if_, {condition, a.node, b.node}), {}};
  Term result{true, {}, {}};
  for (const Member& m : members(a)) result.members.push_back({m.value, b_.both(condition, m.guard)});
  for (const Member& m : members(b)) result.members.push_back({m.value, b_.both(b_.not_(condition), m.guard)});
  return result;
}

}  // namespace exm::task
