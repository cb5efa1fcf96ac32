// What of the environment a plan carries: kinds, objects, hosts, preludes, and what need not be restored.
#include <algorithm>
#include <map>
#include <set>

#include "compiler/lower/parts.h"
#include "compiler/lower/values.h"
#include "runtime/plan/instantiate.h"
#include "runtime/plan/paths.h"

namespace exm::lowering {

namespace {

using program::Kind;
using program::Object;

/// The default of a state, where it is one constant for all objects.
std::optional<plan::Value> default_of(const program::Program& program, const program::Field& field) {
  if (!field.initial || field.initial->op != program::Op::constant) return {};
  return plan_value(program, field.initial->value);
}

plan::Kind plan_kind(const program::Program& program, const Kind& kind) {
  plan::Kind result;
  for (Id<program::Field> id : kind.fields) {
    const program::Field& field = program.fields[id];
    if (!field.is_state || task::World::is_existence(field)) continue;
    result.states[field.name] = {plan_type(program, field.type), default_of(program, field), field.lasting};
  }
  return result;
}

class Environment {
 public:
  Environment(const Lowering& l, plan::Plan& plan) : l_(l), plan_(plan), world_(task::world_of(l.program, l.task)) {}

  void add(Id<Object> id) {
    if (!objects_.insert(id).second) return;
    const Object& object = l_.program.objects[id];
    const Kind& kind = l_.program.kinds[object.kind];
    plan_.kinds.try_emplace(kind.name, plan_kind(l_.program, kind));
    plan::Object made;
    made.kind = kind.name;
    made.planned = !world_.exists_at_start[id.index];
    for (Id<program::Field> field : kind.fields) {
      const auto variable = world_.variable(id, field);
      if (!variable) continue;
      const task::Variable& v = l_.task.variables[variable];
      if (task::World::is_existence(l_.program.fields[field])) {
        if (v.restore != v.start) made.restore[l_.program.fields[field].name] = value(v.restore);
        continue;
      }
      const plan::Value start = value(v.start);
      const auto usual = default_of(l_.program, l_.program.fields[field]);
      if (!usual || !(*usual == start)) made.start[l_.program.fields[field].name] = start;
      if (v.restore != v.start) made.restore[l_.program.fields[field].name] = value(v.restore);
    }
    plan_.objects[object.path] = std::move(made);
    if (object.owner && !made.planned && world_.existence[object.owner.index]) add(object.owner);
  }

  /// All objects whose states formulas and steps read or write, by their paths.
  void add_named() {
    for (std::size_t i = 0; i < l_.program.objects.size(); ++i) by_path_[l_.program.objects.items()[i].path] = l_.program.objects.id(i);
    for (const plan::Step& step : plan_.steps) {
      for (const std::string& object : step.objects) add_path(object);
      add_shape(plan::instantiate(plan_, step));
      add_retreat(step);
    }
    for (const plan::Expression& wish : plan_.achieve) add_expression(wish);
    for (const plan::Formula& f : plan_.disrupts_when) add_formula(f);
    for (const plan::Rule& rule : plan_.rules) add_formula(rule.formula);
    for (const auto& [variable, free] : plan_.free) add_path(plan::split_variable(variable).object);
    for (const plan::Fault& fault : plan_.faults) {
      for (const auto& instance : fault.instances) {
        for (const std::string& object : instance) add_path(object);
        add_effect(plan::instantiate(fault.effects, instance, {}));
      }
    }
  }

 private:
  plan::Value value(task::ValueId id) const { return plan_value(l_.program, l_.task.values[id.index]); }

  void add_path(const std::string& path) {
    if (const auto found = by_path_.find(path); found != by_path_.end()) add(found->second);
  }

  void add_shape(const plan::Template& shape) {
    add_path(shape.on);
    for (const std::string& used : shape.uses) add_path(used);
    for (const plan::Requirement& r : shape.requires_) add_expression(r.formula);
    for (const plan::Assignment& a : shape.during) add_assignment(a);
    add_effect(shape.effects);
    for (const plan::Probe& probe : shape.probes)
      for (const auto& [text, value] : probe.as)
        if (value.type == plan::Value::Type::reference) add_path(value.text);
    for (const plan::Disruption& d : shape.disrupts) add_path(d.whose);
    if (shape.fallback)
      for (const std::string& object : shape.fallback->objects) add_path(object);
  }

  void add_retreat(const plan::Step& step) {
    const auto retreat = plan_.retreats.find(step.retreat);
    if (retreat == plan_.retreats.end()) return;
    for (const plan::RetreatStep& back : retreat->second.steps) {
      std::string seen = back.step_template;
      for (const std::string& object : back.objects) seen += "\n" + plan::fill(object, step.objects);
      if (!retreat_steps_.insert(seen).second) continue;
      for (const std::string& object : back.objects) add_path(plan::fill(object, step.objects));
      add_shape(plan::instantiate(plan_, back, step));
    }
  }

  void add_expression(const plan::Expression& e) {
    if (e.op == plan::Operator::variable) add_path(plan::split_variable(e.text).object);
    if (e.op == plan::Operator::constant && e.value.type == plan::Value::Type::reference) add_path(e.value.text);
    for (const plan::Expression& operand : e.operands) add_expression(operand);
  }

  void add_assignment(const plan::Assignment& a) {
    add_path(plan::split_variable(a.variable).object);
    add_expression(a.to);
    if (a.when) add_expression(*a.when);
  }

  void add_effect(const plan::Effect& effect) {
    for (const plan::Assignment& a : effect.assignments) add_assignment(a);
    for (const plan::Effect& part : effect.parts) add_effect(part);
  }

  void add_formula(const plan::Formula& f) {
    if (f.instances.empty()) add_expression(f.formula);
    for (const auto& instance : f.instances) {
      for (const std::string& object : instance) add_path(object);
      add_expression(plan::instantiate(f.formula, instance, {}));
    }
  }

  const Lowering& l_;
  plan::Plan& plan_;
  task::World world_;
  std::set<Id<Object>> objects_;
  std::set<std::string> retreat_steps_;  // a template and its objects: looked at once
  std::map<std::string, Id<Object>> by_path_;
};

std::string address_of(const program::Program& program, Id<Object> id) {
  const Object& object = program.objects[id];
  const auto field = program.kinds[object.kind].reached_by;
  const auto value = field ? object.values.find(field) : object.values.end();
  return value == object.values.end() ? object.name : value->second.text;
}

void add_preludes(const Lowering& l, const Places& places, plan::Plan& plan) {
  task::Task scratch;
  task::Builder builder(scratch);
  const task::World world = task::world_of(l.program, l.task);
  task::Expander x(world, builder, {task::Reading::Kind::state, &l.start}, UINT64_MAX / 2);
  const std::vector<program::Local> none;
  for (const auto& [language, kind] : places.languages)
    for (const program::Prelude& prelude : l.program.preludes) {
      if (prelude.language != language) continue;
      if (prelude.host_kind && l.program.kinds[prelude.host_kind].name != kind) continue;
      task::Terms frame;
      plan::Template holder;
      Shape holes(l.program, l.task, Shape::Constants::holes);
      holder.run[language].command = Words(l.program, x, holes, none).command(prelude.text, frame);
      Filling filling;
      for (const Hole& hole : holes.holes()) filling.values.push_back(hole.value);
      filling.arguments.resize(filling.values.size());
      fill(holder, filling);
      plan::Text& all = plan.preludes[language][kind];
      if (!all.empty()) all.push_back({plan::Piece::Kind::text, "\n", {}, 0});
      const plan::Text& text = holder.run[language].command;
      all.insert(all.end(), text.begin(), text.end());
    }
}

void add_places(const Lowering& l, const Places& places, Environment& environment, plan::Plan& plan) {
  for (Id<Object> host : places.hosts) {
    environment.add(host);
    plan.hosts[l.program.objects[host].path] = {address_of(l.program, host)};
  }
  add_preludes(l, places, plan);
}

}  // namespace

void lower_environment(const Lowering& l, const Places& places, plan::Plan& plan) {
  Environment environment(l, plan);
  environment.add_named();
  add_places(l, places, environment, plan);
}

void lower_all_objects(const Lowering& l, const Places& places, plan::Plan& plan) {
  Environment environment(l, plan);
  for (std::size_t i = 0; i < l.program.objects.size(); ++i) environment.add(l.program.objects.id(i));
  add_places(l, places, environment, plan);
}

void lower_free(const Lowering& l, plan::Plan& plan) {
  using Free = task::Variable::Free;
  task::Assignments state = l.end;
  std::map<Id<task::Variable>, std::vector<task::NodeId>> goals;  // wishes and repairs, by what they read
  auto add_goal = [&](task::NodeId formula) {
    std::vector<Id<task::Variable>> variables;
    task::collect_variables(l.task, formula, variables);
    for (Id<task::Variable> v : variables) goals[v].push_back(formula);
  };
  for (const task::Wish& wish : l.task.wishes)
    if (!wish.restores) add_goal(wish.formula);
  for (const task::Rule& rule : l.task.rules)
    if (rule.repaired) add_goal(rule.formula);
  for (std::size_t i = 0; i < l.task.variables.size(); ++i) {
    const task::Variable& v = l.task.variables.items()[i];
    const bool concerned = l.written[i] || (l.program.direction != program::Direction::first && v.start != v.restore);
    if (!concerned || (state[i] == v.restore && v.free != Free::left)) continue;  // a way back may use what is left
    plan::Free free;
    free.ends = plan_value(l.program, l.task.values[state[i].index]);
    switch (v.free) {
      case Free::lasting: free.why = plan::Free::Why::lasting; break;
      case Free::left: free.why = plan::Free::Why::left; break;
      case Free::planned: free.why = plan::Free::Why::planned; break;
      case Free::unknown_at_start: free.why = plan::Free::Why::unknown; break;
      case Free::no: {
        state[i] = v.restore;  // put back alone: does a wish suffer?
        const auto& read_here = goals[l.task.variables.id(i)];
        const bool needed = std::any_of(read_here.begin(), read_here.end(), [&](task::NodeId goal) { return task::truth(l.task, goal, state) != task::true_; });
        state[i] = l.end[i];
        if (!needed) continue;  // a difference that nothing excuses: the verifier says so
        free.why = plan::Free::Why::achieved;
      }
    }
    plan.free[v.name] = std::move(free);
  }
}

}  // namespace exm::lowering
