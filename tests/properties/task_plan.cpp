#include "tests/properties/task_plan.h"

#include <algorithm>
#include <map>

#include "runtime/verify/words.h"
#include "tests/properties/verify_naive.h"

namespace exm::naive {

namespace {

using plan::Operator;
using Tag = program::Value::Tag;

plan::Value value(const task::Task& task, std::uint32_t id) {
  const auto& v = task.values[id];
  switch (v.tag) {
    case Tag::boolean: return plan::boolean(v.number != 0);
    case Tag::integer: return plan::integer(v.number);
    case Tag::enumerator: return plan::text(v.text);
    case Tag::set: case Tag::list: {
      plan::Value out;
      out.type = plan::Value::Type::set;
      for (const auto& e : v.elements) out.elements.push_back(e.tag == Tag::boolean ? plan::boolean(e.number != 0) : plan::text(e.text));
      return out;
    }
    default: return plan::unknown();
  }
}

plan::Expression expression(const task::Task& task, task::NodeId id) {
  using Op = task::NodeOp;
  static const std::map<Op, Operator> same{{Op::not_, Operator::not_}, {Op::and_, Operator::and_}, {Op::or_, Operator::or_}, {Op::equal, Operator::equal},
                                           {Op::less, Operator::less}, {Op::less_equal, Operator::less_equal}, {Op::in, Operator::in}, {Op::set, Operator::set},
                                           {Op::count, Operator::count}, {Op::sum, Operator::sum}, {Op::if_, Operator::if_}, {Op::known, Operator::known}};
  const auto& n = task.formulas.nodes[id.index];
  if (n.op == Op::constant) return {Operator::constant, value(task, n.a), "", 0, {}};
  if (n.op == Op::variable) return {Operator::variable, {}, task.variables[Id<task::Variable>(n.a)].name, 0, {}};
  plan::Expression out{same.at(n.op), {}, "", 0, {}};
  for (std::uint32_t i = 0; i < n.count; ++i) out.operands.push_back(expression(task, task.formulas.operands[n.first + i]));
  return out;
}

std::string path(Id<program::Object> object) { return "o" + std::to_string(object.index); }

plan::Assignment assignment(const task::Task& task, const task::Assignment& a) {
  plan::Assignment out{task.variables[a.variable].name, expression(task, a.to), std::nullopt};
  if (a.when) out.when = expression(task, a.when);
  return out;
}

plan::Effect effect(const task::Task& task, const task::Effect& e) {
  plan::Effect out;
  out.kind = static_cast<plan::Effect::Kind>(e.kind);
  for (const auto& a : e.assignments) out.assignments.push_back(assignment(task, a));
  for (const auto& part : e.parts) out.parts.push_back(effect(task, part));
  return out;
}

void add_objects(const task::Task& task, plan::Plan& plan) {
  std::uint32_t objects = 3;
  for (const auto& v : task.variables) objects = std::max(objects, v.object.index + 1);
  for (std::uint32_t o = 0; o < objects; ++o) {
    plan.kinds["k" + std::to_string(o)];
    plan.objects[path(Id<program::Object>(o))].kind = "k" + std::to_string(o);
  }
  for (const auto& v : task.variables) {
    plan::State state;
    state.default_value = value(task, v.start.index);
    if (state.default_value->type == plan::Value::Type::text) {
      state.type.kind = plan::Type::Kind::enumeration;
      state.type.names = {"a", "b", "c"};
    }
    state.lasting = v.free == task::Variable::Free::lasting;
    plan.kinds["k" + std::to_string(v.object.index)].states[v.name.substr(v.name.find('.') + 1)] = state;
    if (v.restore != v.start) plan.objects[path(v.object)].restore[v.name.substr(v.name.find('.') + 1)] = value(task, v.restore.index);
  }
}

void add_template(const task::Task& task, const task::Operator& op, const std::string& name, plan::Plan& plan) {
  plan::Template shape;
  shape.action = op.title;
  shape.title = op.title;
  if (op.on) shape.on = path(task.values[task.formulas.nodes[op.on.index].a].object);
  for (auto used : op.uses) shape.uses.push_back(path(used));
  for (const auto& r : op.requires_) shape.requires_.push_back({expression(task, r.formula), ""});
  for (const auto v : op.reads) shape.requires_.push_back({{Operator::known, {}, "", 0, {{Operator::variable, {}, task.variables[v].name, 0, {}}}}, ""});
  for (const auto& a : op.during) shape.during.push_back(assignment(task, a));
  shape.effects = effect(task, op.effects);
  shape.takes = op.takes;
  shape.cost = op.cost;
  for (const auto& d : op.disrupts) shape.disrupts.push_back({path(d.whose), d.lasts});
  plan.templates[name] = std::move(shape);
}

std::string slot_name(std::size_t n) { return "slots" + std::to_string(n); }

void add_steps(const task::Task& task, const std::vector<FoundStep>& steps, plan::Plan& plan) {
  const auto id = [](std::size_t s) { return std::string(s < 10 ? "s0" : "s") + std::to_string(s); };
  for (std::size_t s = 0; s < steps.size(); ++s) {
    plan::Step step;
    step.id = id(s);
    step.step_template = "t" + std::to_string(steps[s].op.index);
    for (auto a : steps[s].after) step.after.push_back(id(a));
    for (auto slot : steps[s].acquires) step.acquires.push_back(slot_name(slot));
    for (auto slot : steps[s].releases) step.releases.push_back(slot_name(slot));
    add_template(task, task.operators[steps[s].op], step.step_template, plan);
    plan.steps.push_back(std::move(step));
  }
}

void add_rules(const task::Task& task, plan::Plan& plan) {
  for (std::size_t r = 0; r < task.rules.size(); ++r) {
    plan::Rule rule;
    rule.id = "r" + std::to_string(r);
    rule.repaired = task.rules[r].repaired;
    rule.of_steps = task.rules[r].of_steps;
    rule.formula.formula = expression(task, task.rules[r].formula);
    plan.rules.push_back(std::move(rule));
  }
  for (const auto& wish : task.wishes) plan.achieve.push_back(expression(task, wish.formula));
  for (const auto& d : task.disrupts_when) plan.disrupts_when.push_back({expression(task, d.formula), {{path(d.whose)}}});
}

void add_limits(const task::Task& task, plan::Plan& plan) {
  plan.limits.at_most = task.at_most;
  if (task.longest > 0) plan.limits.windows.push_back({0, 0, task.longest, ""});
  for (const auto& op : task.operators)
    if (op.forbidden) plan.limits.forbid.push_back(op.title);
  for (const auto& op : task.operators) plan.limits.allow.push_back(op.title);  // ways back have properties of their own
  for (const auto& w : task.withstand) plan.limits.withstand.push_back({"f", w.n});
  for (const auto& f : task.faults) plan.faults.push_back({"f", "", effect(task, f.effects), {}});
}

/// Whatever need not be restored, and what a wish needs.
void add_free(const task::Task& task, plan::Plan& plan) {
  const auto end = end_of(plan);
  if (!end) return;
  using Free = task::Variable::Free;
  using Why = plan::Free::Why;
  for (const auto& v : task.variables) {
    const auto& is = end->at(v.name);
    if (v.free == Free::lasting) plan.free[v.name] = {Why::lasting, is};
    else if (v.free == Free::left) plan.free[v.name] = {Why::left, is};
    else if (v.free == Free::unknown_at_start) plan.free[v.name] = {Why::unknown, is};
    else if (is != value(task, v.restore.index)) plan.free[v.name] = {Why::achieved, is};
  }
}

}  // namespace

plan::Plan plan_of(const task::Task& task, const std::vector<FoundStep>& steps, const std::vector<FoundSlots>& slots) {
  plan::Plan plan;
  plan.maintenance = "m";
  add_objects(task, plan);
  add_steps(task, steps, plan);
  for (std::size_t n = 0; n < slots.size(); ++n) plan.limits.slots[slot_name(n)] = static_cast<int>(slots[n].n);
  add_rules(task, plan);
  add_limits(task, plan);
  for (auto m : task.minimize) plan.minimize.push_back(static_cast<plan::Measure>(m));
  add_free(task, plan);
  return plan;
}

namespace {

std::string outline(const task::Task& task, const task::Assignment& a) {
  return task.variables[a.variable].name + " := " + words(expression(task, a.to)) + (a.when ? " when " + words(expression(task, a.when)) : "");
}

std::string outline(const task::Task& task, const task::Effect& effect) {
  std::string text;
  for (const auto& a : effect.assignments) text += (text.empty() ? "" : ", ") + outline(task, a);
  for (const auto& part : effect.parts) text += (text.empty() ? "" : "; ") + outline(task, part);
  if (effect.kind == task::Effect::Kind::sequence) return "seq(" + text + ")";
  return effect.kind == task::Effect::Kind::any_order ? "all(" + text + ")" : "{" + text + "}";
}

std::string outline(const task::Task& task, const task::Operator& op) {
  std::string text = op.title + (op.on ? " on " + path(task.values[task.formulas.nodes[op.on.index].a].object) : "") + " takes " + std::to_string(op.takes) +
                     " cost " + std::to_string(op.cost);
  for (auto u : op.uses) text += " uses " + path(u);
  if (op.forbidden) text += " forbidden";
  for (const auto& r : op.requires_) text += "\n    requires " + words(expression(task, r.formula));
  for (auto v : op.reads) text += "\n    reads " + task.variables[v].name;
  for (const auto& a : op.during) text += "\n    during " + outline(task, a);
  for (const auto& d : op.disrupts) text += "\n    disrupts " + path(d.whose) + " for " + std::to_string(d.lasts);
  return text + "\n    effect " + outline(task, op.effects);
}

}  // namespace

std::string outline(const task::Task& task) {
  std::string text = "minimize";
  for (auto m : task.minimize) text += std::string(" ") + std::vector<std::string>{"disruption", "duration", "cost", "away"}[static_cast<std::size_t>(m)];
  for (const auto& v : task.variables)
    text += "\n" + v.name + " = " + words(value(task, v.start.index)) + (v.free == task::Variable::Free::no ? "" : " (free)");
  for (const auto& op : task.operators) text += "\n" + outline(task, op);
  for (const auto& r : task.rules)
    text += std::string("\nrule") + (r.of_steps ? " of steps" : "") + (r.repaired ? " repaired" : "") + ": " + words(expression(task, r.formula));
  for (const auto& w : task.wishes) text += "\nwish " + words(expression(task, w.formula));
  for (const auto& d : task.disrupts_when) text += "\n" + path(d.whose) + " disrupted when " + words(expression(task, d.formula));
  if (task.at_most) text += "\nat most " + std::to_string(*task.at_most);
  for (const auto& w : task.withstand) text += "\nwithstand " + std::to_string(w.n);
  for (const auto& f : task.faults) text += "\nfault " + outline(task, f.effects);
  if (task.longest > 0) text += "\nwindow " + std::to_string(task.longest);
  return text + "\n";
}

std::string outline(const task::Task& task, const std::vector<FoundStep>& steps) {
  std::string text;
  for (std::size_t s = 0; s < steps.size(); ++s) {
    text += std::to_string(s) + ": " + task.operators[steps[s].op].title + " " + std::to_string(steps[s].start) + "-" + std::to_string(steps[s].end) + " after";
    for (auto a : steps[s].after) text += " " + std::to_string(a);
    text += "\n";
  }
  return text;
}

}  // namespace exm::naive
