#include "compiler/lower/shape.h"

#include <algorithm>

#include "compiler/lower/values.h"

namespace exm::lowering {

using task::Node;
using task::NodeId;
using task::NodeOp;

namespace {

constexpr std::size_t most_slots = 24;  // what names more objects than this is hardly ever shared

plan::Operator operator_of(NodeOp op) {
  using plan::Operator;
  switch (op) {
    case NodeOp::constant: return Operator::constant;
    case NodeOp::variable: return Operator::variable;
    case NodeOp::not_: return Operator::not_;
    case NodeOp::and_: return Operator::and_;
    case NodeOp::or_: return Operator::or_;
    case NodeOp::equal: return Operator::equal;
    case NodeOp::less: return Operator::less;
    case NodeOp::less_equal: return Operator::less_equal;
    case NodeOp::in: return Operator::in;
    case NodeOp::set: return Operator::set;
    case NodeOp::count: return Operator::count;
    case NodeOp::sum: return Operator::sum;
    case NodeOp::add: return Operator::add;
    case NodeOp::subtract: return Operator::subtract;
    case NodeOp::multiply: return Operator::multiply;
    case NodeOp::divide: return Operator::divide;
    case NodeOp::if_: return Operator::if_;
    case NodeOp::known: return Operator::known;
  }
  return Operator::constant;
}

bool is_structure(const plan::Value& value) {
  return value.type == plan::Value::Type::unknown || value.type == plan::Value::Type::none || value.type == plan::Value::Type::boolean;
}

}  // namespace

bool Shape::stands_alone(Id<program::Object> object) const {
  const program::Object& o = program_.objects[object];
  return !o.owner || program_.kinds[o.kind].key || std::find(objects_.begin(), objects_.end(), object) != objects_.end();
}

int Shape::slot(Id<program::Object> object) {
  const auto found = std::find(objects_.begin(), objects_.end(), object);
  if (found != objects_.end()) return static_cast<int>(found - objects_.begin());
  if (objects_.size() >= most_slots) return -1;
  objects_.push_back(object);
  return static_cast<int>(objects_.size() - 1);
}

std::string Shape::path(Id<program::Object> object) {
  if (objects_are_ == Objects::written_out) return program_.objects[object].path;
  Id<program::Object> top = object;
  while (!stands_alone(top)) top = program_.objects[top].owner;
  const int number = slot(top);
  const std::string& whole = program_.objects[object].path;
  if (number < 0) return escaped(whole);
  return "$" + std::to_string(number) + escaped(whole.substr(program_.objects[top].path.size()));
}

std::string Shape::variable(Id<task::Variable> id) {
  const task::Variable& v = task_.variables[id];
  return path(v.object) + "." + program_.fields[v.state].name;
}

std::vector<std::string> Shape::paths() const {
  std::vector<std::string> result;
  for (Id<program::Object> object : objects_) result.push_back(program_.objects[object].path);
  return result;
}

std::string Shape::hole(const plan::Value& value, const std::string& hint) {
  holes_.push_back({value, hint});
  return std::string(1, hole_begin) + std::to_string(holes_.size() - 1) + hole_end;
}

plan::Expression Shape::constant(const program::Value& value, const std::string& hint) {
  plan::Expression result;
  if (value.tag == program::Value::Tag::object && constants_ == Constants::holes) {
    result.op = plan::Operator::object;
    result.slot = slot(value.object);
    if (result.slot >= 0) return result;
    result = {};
  }
  if (value.tag == program::Value::Tag::set || value.tag == program::Value::Tag::list) {
    result.op = plan::Operator::set;
    for (const program::Value& element : value.elements) result.operands.push_back(constant(element, hint));
    return result;
  }
  result.value = plan_value(program_, value);
  if (constants_ == Constants::written_out || is_structure(result.value)) return result;
  result.op = plan::Operator::argument;
  result.text = hole(result.value, hint);
  result.value = {};
  return result;
}

/// The state that a constant is compared with gives it its name.
std::string Shape::hint_of(const Node& node, const std::string& otherwise) const {
  for (std::uint32_t i = 0; i < node.count; ++i) {
    const Node& operand = task_.formulas.nodes[task_.formulas.operands[node.first + i].index];
    if (operand.op == NodeOp::variable) return program_.fields[task_.variables[Id<task::Variable>(operand.a)].state].name;
  }
  return otherwise;
}

plan::Expression Shape::expression(NodeId formula, const std::string& hint) {
  const Node& node = task_.formulas.nodes[formula.index];
  if (node.op == NodeOp::constant) return constant(task_.values[node.a], hint);
  plan::Expression result;
  result.op = operator_of(node.op);
  if (node.op == NodeOp::variable) {
    result.text = variable(Id<task::Variable>(node.a));
    return result;
  }
  const std::string inner = hint_of(node, hint);
  for (std::uint32_t i = 0; i < node.count; ++i) result.operands.push_back(expression(task_.formulas.operands[node.first + i], inner));
  return result;
}

plan::Assignment Shape::assignment(const task::Assignment& a) {
  plan::Assignment result{variable(a.variable), expression(a.to, program_.fields[task_.variables[a.variable].state].name), {}};
  if (a.when) result.when = expression(a.when);
  return result;
}

plan::Effect Shape::effect(const task::Effect& effect_) {
  plan::Effect result;
  result.kind = static_cast<plan::Effect::Kind>(effect_.kind);
  for (const task::Assignment& a : effect_.assignments) result.assignments.push_back(assignment(a));
  for (const task::Effect& part : effect_.parts) result.parts.push_back(effect(part));
  return result;
}

}  // namespace exm::lowering
