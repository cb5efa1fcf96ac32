// What ranges over what: the values of parameters of large types, and the objects that a variable may hold.
#include <algorithm>

#include "compiler/ground/grounding.h"

namespace exm::task {

namespace {

using program::Expr;
using program::Op;
using program::Type;
using program::Value;

struct Target {
  Id<program::Field> field;
  const Expr* object;
};

void targets_in(const program::Effect& effect, std::uint32_t parameter, std::vector<Target>& into) {
  for (const program::Assignment& assignment : effect.together)
    if (assignment.value.op == Op::local && assignment.value.local == parameter) into.push_back({assignment.state, &assignment.object});
  for (const program::Effect& body : effect.body) targets_in(body, parameter, into);
}

}  // namespace

std::map<Id<Variable>, std::vector<Value>> compared_values(const Task& task) {
  std::map<Id<Variable>, std::vector<Value>> result;
  const Formulas& f = task.formulas;
  auto node = [&](const Node& n, std::uint32_t i) { return f.nodes[f.operands[n.first + i].index]; };
  for (const Node& n : f.nodes) {
    if (n.op != NodeOp::equal && n.op != NodeOp::in) continue;
    Node a = node(n, 0), b = node(n, 1);
    if (a.op == NodeOp::constant) std::swap(a, b);
    if (a.op != NodeOp::variable || b.op != NodeOp::constant) continue;
    const Value& value = task.values[b.a];
    auto& values = result[Id<Variable>(a.a)];
    if (n.op == NodeOp::in) values.insert(values.end(), value.elements.begin(), value.elements.end());
    else values.push_back(value);
  }
  return result;
}

namespace {

bool holds_objects(const Type& type) {
  return type.tag == Type::Tag::object || (!type.element.empty() && holds_objects(type.element[0]));
}

bool assigns_objects(const program::Program& program, const program::Effect& effect) {
  return std::any_of(effect.together.begin(), effect.together.end(), [&](const auto& a) { return holds_objects(program.fields[a.state].type); }) ||
         std::any_of(effect.body.begin(), effect.body.end(), [&](const auto& e) { return assigns_objects(program, e); });
}

void hold(std::vector<Value>& held, const Value& value) {
  if (value.tag == Value::Tag::set || value.tag == Value::Tag::list) held.insert(held.end(), value.elements.begin(), value.elements.end());
  else if (value.tag != Value::Tag::unknown) held.push_back(value);
}

}  // namespace

std::vector<Value> open_values(Grounding& g, const program::Action& action, std::uint32_t parameter, const std::vector<Value>& before) {
  std::vector<Target> targets;
  for (const program::Part& part : action.parts)
    for (const program::Effect& effect : part.effects) targets_in(effect, parameter, targets);
  std::vector<Value> values;
  auto take = [&](Id<Variable> id) {
    const Variable& variable = g.task.variables[id];
    hold(values, g.task.values[variable.start.index]);
    hold(values, g.task.values[variable.restore.index]);
    const auto& declared = g.program.objects[variable.object].values;
    if (const auto value = declared.find(variable.state); value != declared.end()) hold(values, value->second);
    if (const auto found = g.compared.find(id); found != g.compared.end()) values.insert(values.end(), found->second.begin(), found->second.end());
  };
  for (const Target& target : targets) {
    if (target.object->op == Op::local && target.object->local < before.size()) {
      const Value& object = before[target.object->local];
      if (object.tag != Value::Tag::object) continue;
      if (const auto variable = g.world.variable(object.object, target.field)) take(variable);
      continue;
    }
    for (std::size_t v = 0; v < g.task.variables.size(); ++v)
      if (g.task.variables.items()[v].state == target.field) take(g.task.variables.id(v));
  }
  std::sort(values.begin(), values.end(), program::before);
  values.erase(std::unique(values.begin(), values.end()), values.end());
  return values;
}

/// Only what is assigned by facts counts; where a value depends on states, the variable may hold any object of its kind.
void limit_references(Grounding& g) {
  std::map<Id<Variable>, std::vector<Value>> held;
  std::set<Id<Variable>> anything;
  for (std::size_t v = 0; v < g.task.variables.size(); ++v) {
    const Variable& variable = g.task.variables.items()[v];
    if (!holds_objects(g.program.fields[variable.state].type)) continue;
    auto& values = held[g.task.variables.id(v)];
    hold(values, g.task.values[variable.start.index]);
    const program::Object& object = g.program.objects[variable.object];
    if (const auto declared = object.values.find(variable.state); declared != object.values.end()) hold(values, declared->second);
  }
  if (held.empty()) return;
  EffectMaker effects(g, g.x);
  for (const program::Action& action : g.program.actions) {
    const bool matters = std::any_of(action.parts.begin(), action.parts.end(), [&](const program::Part& part) {
      auto assigns = [&](const program::Effect& e) { return assigns_objects(g.program, e); };
      return std::any_of(part.effects.begin(), part.effects.end(), assigns) || std::any_of(part.during.begin(), part.during.end(), assigns);
    });
    if (!matters) continue;
    each_binding(g, action, [&](const std::vector<Value>& arguments) {
      std::vector<Assignment> all;
      for (const program::Part& part : action.parts) {
        Terms frame = g.x.frame(part.locals, arguments);
        collect_assignments(effects.sequence(part.during, frame), all);
        collect_assignments(effects.sequence(part.effects, frame), all);
      }
      for (const Assignment& assignment : all) {
        const auto found = held.find(assignment.variable);
        if (found == held.end()) continue;
        const auto value = g.b.constant_value(assignment.to);
        if (value) hold(found->second, g.task.values[value->index]);
        else anything.insert(assignment.variable);
      }
      return true;
    });
  }
  for (auto& [variable, values] : held) {
    if (anything.count(variable)) continue;
    std::sort(values.begin(), values.end(), program::before);
    values.erase(std::unique(values.begin(), values.end()), values.end());
    g.world.held[variable] = std::move(values);
  }
}

}  // namespace exm::task
