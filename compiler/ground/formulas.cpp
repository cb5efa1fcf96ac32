#include "compiler/ground/formulas.h"

#include <algorithm>

namespace exm::task {

namespace {

using program::Value;

std::size_t mix(std::size_t seed, std::size_t more) { return (seed ^ more) * 0x9E3779B97F4A7C15ull + (seed >> 29); }

/// Versions that compare equal ("1.0", "1.0.0") are one value: the hash sees no trailing zeros.
std::string hashed_text(const Value& value) {
  std::string text = value.text;
  if (value.tag != Value::Tag::version) return text;
  while (text.size() > 2 && text.ends_with(".0")) text.resize(text.size() - 2);
  return text;
}

std::size_t hash(const Value& value) {
  if (value.tag == Value::Tag::version) return mix(static_cast<std::size_t>(value.tag), std::hash<std::string>()(hashed_text(value)));
  std::size_t result = mix(static_cast<std::size_t>(value.tag), static_cast<std::size_t>(value.number));
  result = mix(result, std::hash<std::string>()(value.text));
  result = mix(result, value.object.index);
  for (const Value& element : value.elements) result = mix(result, hash(element));
  return result;
}

bool same(const Value& a, const Value& b) {
  if (a.tag == Value::Tag::version && b.tag == Value::Tag::version) return hashed_text(a) == hashed_text(b) || program::compare(a, b) == 0;
  return a == b;
}

ValueId truth(bool b) { return b ? true_ : false_; }

}  // namespace

Builder::Builder(Task& task) : task_(task) {
  for (std::size_t i = 0; i < task.values.size(); ++i) values_.emplace(hash(task.values[i]), static_cast<std::uint32_t>(i));
  if (task.values.empty()) {
    value({});
    value({Value::Tag::boolean, 0, {}, {}, {}});
    value({Value::Tag::boolean, 1, {}, {}, {}});
    value({Value::Tag::none, 0, {}, {}, {}});
  }
  for (std::size_t i = 0; i < task.formulas.nodes.size(); ++i) {
    const Node& node = task.formulas.nodes[i];
    std::size_t key = mix(static_cast<std::size_t>(node.op), node.a);
    for (std::uint32_t k = 0; k < node.count; ++k) key = mix(key, task.formulas.operands[node.first + k].index);
    nodes_.emplace(key, static_cast<std::uint32_t>(i));
  }
}

ValueId Builder::value(const Value& value) {
  const std::size_t key = hash(value);
  auto [begin, end] = values_.equal_range(key);
  for (auto i = begin; i != end; ++i)
    if (same(task_.values[i->second], value)) return ValueId(i->second);
  task_.values.push_back(value);
  const ValueId id(task_.values.size() - 1);
  values_.emplace(key, id.index);
  return id;
}

NodeId Builder::intern(NodeOp op, std::uint32_t a, std::span<const NodeId> operands) {
  Formulas& formulas = task_.formulas;
  std::size_t key = mix(static_cast<std::size_t>(op), a);
  for (NodeId operand : operands) key = mix(key, operand.index);
  auto [begin, end] = nodes_.equal_range(key);
  for (auto i = begin; i != end; ++i) {
    const Node& node = formulas.nodes[i->second];
    if (node.op == op && node.a == a && node.count == operands.size() &&
        std::equal(operands.begin(), operands.end(), formulas.operands.begin() + node.first))
      return NodeId(i->second);
  }
  formulas.nodes.push_back({op, a, static_cast<std::uint32_t>(formulas.operands.size()), static_cast<std::uint32_t>(operands.size())});
  formulas.operands.insert(formulas.operands.end(), operands.begin(), operands.end());
  const NodeId id(formulas.nodes.size() - 1);
  nodes_.emplace(key, id.index);
  return id;
}

NodeId Builder::constant(ValueId value) { return intern(NodeOp::constant, value.index, {}); }

NodeId Builder::variable(Id<Variable> variable) { return intern(NodeOp::variable, variable.index, {}); }

std::optional<ValueId> Builder::constant_value(NodeId node) const {
  const Node& n = task_.formulas.nodes[node.index];
  if (n.op != NodeOp::constant) return {};
  return ValueId(n.a);
}

NodeId Builder::node(NodeOp op, std::span<const NodeId> given) {
  const std::vector<NodeId> operands(given.begin(), given.end());  // `given` may point into what grows
  switch (op) {
    case NodeOp::constant:
    case NodeOp::variable: break;
    case NodeOp::not_: {
      const Node& inner = task_.formulas.nodes[operands[0].index];
      if (inner.op == NodeOp::not_) return task_.formulas.operands[inner.first];
      if (inner.op == NodeOp::constant && inner.a <= true_.index) return constant(inner.a == 0 ? unknown : truth(inner.a == false_.index));
      break;
    }
    case NodeOp::and_:
    case NodeOp::or_: return junction(op, operands);
    case NodeOp::equal:
    case NodeOp::less:
    case NodeOp::less_equal: return comparison(op, operands);
    case NodeOp::in: return membership(operands);
    case NodeOp::set: return collected(operands);
    case NodeOp::count: return counted(operands);
    case NodeOp::sum: return total(operands);
    case NodeOp::add:
    case NodeOp::subtract:
    case NodeOp::multiply:
    case NodeOp::divide: return arithmetic(op, operands);
    case NodeOp::if_: return choice(operands);
    case NodeOp::known:
      if (auto value = constant_value(operands[0])) return constant(truth(*value != unknown));
      break;
  }
  return intern(op, 0, operands);
}

/// `and` (and `or`, mirrored): false decides, true says nothing, what repeats counts once, nested ones are taken apart.
NodeId Builder::junction(NodeOp op, std::span<const NodeId> operands) {
  const ValueId decides = op == NodeOp::and_ ? false_ : true_;
  const ValueId neutral = op == NodeOp::and_ ? true_ : false_;
  std::vector<NodeId> kept;
  const bool many = operands.size() > 16;
  std::unordered_map<std::uint32_t, bool> seen;
  auto keep = [&](NodeId node) {
    if (many ? !seen.emplace(node.index, true).second : std::find(kept.begin(), kept.end(), node) != kept.end()) return;
    kept.push_back(node);
  };
  for (NodeId operand : operands) {
    const Node node = task_.formulas.nodes[operand.index];
    if (node.op == NodeOp::constant && node.a == decides.index) return operand;
    if (node.op == NodeOp::constant && node.a == neutral.index) continue;
    if (node.op != op) keep(operand);
    for (std::uint32_t i = 0; node.op == op && i < node.count; ++i) keep(task_.formulas.operands[node.first + i]);
  }
  if (kept.empty()) return constant(neutral);
  if (kept.size() == 1) return kept[0];
  return intern(op, 0, kept);
}

NodeId Builder::comparison(NodeOp op, std::span<const NodeId> operands) {
  const auto a = constant_value(operands[0]), b = constant_value(operands[1]);
  if (a == unknown || b == unknown) return constant(unknown);
  if (a && b) return constant(op == NodeOp::equal ? equal_constants(*a, *b) : ordered_constants(task_, op, *a, *b));
  return intern(op, 0, operands);
}

NodeId Builder::membership(std::span<const NodeId> operands) {
  const auto a = constant_value(operands[0]), set = constant_value(operands[1]);
  if (set && *set != unknown && task_.values[set->index].elements.empty()) return no();
  if (a && set) return constant(member_constants(task_, *a, *set));
  if (set && *set == unknown) return constant(unknown);
  const Node right = task_.formulas.nodes[operands[1].index];
  if (right.op != NodeOp::set || right.count > 0) return intern(NodeOp::in, 0, operands);
  return no();
}

/// A set of constants is a constant: sorted, each once.
NodeId Builder::collected(std::span<const NodeId> operands) {
  Value set{Value::Tag::set, 0, {}, {}, {}};
  for (NodeId operand : operands) {
    const auto value = constant_value(operand);
    if (!value || *value == unknown) return intern(NodeOp::set, 0, operands);
    set.elements.push_back(task_.values[value->index]);
  }
  std::sort(set.elements.begin(), set.elements.end(), program::before);
  set.elements.erase(std::unique(set.elements.begin(), set.elements.end()), set.elements.end());
  return constant(value(set));
}

NodeId Builder::counted(std::span<const NodeId> operands) {
  std::vector<NodeId> kept;
  bool folded = true;
  for (NodeId operand : operands) {
    if (is(operand, false_)) continue;
    folded = folded && is(operand, true_);
    kept.push_back(operand);
  }
  if (!folded) return intern(NodeOp::count, 0, kept);
  return constant(Value{Value::Tag::integer, static_cast<std::int64_t>(kept.size()), {}, {}, {}});
}

NodeId Builder::total(std::span<const NodeId> operands) {
  if (operands.empty()) return constant(Value{Value::Tag::integer, 0, {}, {}, {}});
  std::optional<Value> sum;
  for (NodeId operand : operands) {
    const auto value = constant_value(operand);
    if (!value || *value == unknown) return intern(NodeOp::sum, 0, operands);
    sum = sum ? calculate(NodeOp::add, *sum, task_.values[value->index]) : task_.values[value->index];
    if (!sum) return constant(unknown);
  }
  return constant(*sum);
}

NodeId Builder::arithmetic(NodeOp op, std::span<const NodeId> operands) {
  const auto a = constant_value(operands[0]), b = constant_value(operands[1]);
  if (a == unknown || b == unknown) return constant(unknown);
  if (!a || !b) return intern(op, 0, operands);
  const auto result = calculate(op, task_.values[a->index], task_.values[b->index]);
  return result ? constant(*result) : constant(unknown);
}

/// An unknown condition folds only where both branches are the same: under `sum` it makes an interval.
NodeId Builder::choice(std::span<const NodeId> operands) {
  if (is(operands[0], true_) || operands[1] == operands[2]) return operands[1];
  if (is(operands[0], false_)) return operands[2];
  return intern(NodeOp::if_, 0, operands);
}

ValueId equal_constants(ValueId a, ValueId b) {
  if (a == unknown || b == unknown) return unknown;
  return truth(a == b);
}

ValueId ordered_constants(const Task& task, NodeOp op, ValueId a, ValueId b) {
  if (a == unknown || b == unknown) return unknown;
  const Value& left = task.values[a.index];
  const Value& right = task.values[b.index];
  if (left.tag != right.tag) return unknown;
  const int order = program::compare(left, right);
  return truth(op == NodeOp::less ? order < 0 : order <= 0);
}

ValueId member_constants(const Task& task, ValueId a, ValueId set) {
  if (set == unknown) return unknown;
  const Value& all = task.values[set.index];
  if (all.elements.empty()) return false_;
  if (a == unknown) return unknown;
  const Value& element = task.values[a.index];
  return truth(std::any_of(all.elements.begin(), all.elements.end(), [&](const Value& e) { return same(e, element); }));
}

std::optional<Value> calculate(NodeOp op, const Value& a, const Value& b) {
  using Tag = Value::Tag;
  auto number = [](const Value& v) { return v.tag == Tag::integer || v.tag == Tag::duration; };
  if (!number(a) || !number(b)) return {};
  Value result{a.tag == Tag::duration || b.tag == Tag::duration ? Tag::duration : Tag::integer, 0, {}, {}, {}};
  if (op == NodeOp::divide) {
    if (b.number == 0 || (b.number == -1 && a.number == INT64_MIN)) return {};
    if (a.tag == b.tag) result.tag = Tag::integer;
    result.number = a.number / b.number;
    return result;
  }
  const bool overflow = op == NodeOp::add        ? __builtin_add_overflow(a.number, b.number, &result.number)
                        : op == NodeOp::subtract ? __builtin_sub_overflow(a.number, b.number, &result.number)
                                                 : __builtin_mul_overflow(a.number, b.number, &result.number);
  if (overflow) return {};
  return result;
}

}  // namespace exm::task
