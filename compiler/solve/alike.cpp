#include "compiler/solve/alike.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <string>

namespace exm::planning {

namespace {

using Numbers = std::vector<std::uint32_t>;

/// All that has to do with each other by way of a variable, a rule, a host or what is used: no plan looks beyond it.
class Neighbourhoods {
 public:
  Neighbourhoods(const Model& model, const std::vector<Component>& components) : model_(model), task_(model.task) {
    leader_.resize(task_.variables.size());
    std::iota(leader_.begin(), leader_.end(), 0u);
    for (std::uint32_t o = 0; o < model.operators.size(); ++o) join_operator(o);
    for (const auto& rule : model.rules) join(rule.variables);
    for (const auto& d : task_.disrupts_when) join(variables_of(task_, d.formula));
    for (const auto& component : components) join(wished(component));
  }

  Numbers wished(const Component& component) const {
    Numbers all;
    for (const auto& group : component)
      for (std::uint32_t w : group) {
        const auto variables = variables_of(task_, task_.wishes[w].formula);
        all.insert(all.end(), variables.begin(), variables.end());
      }
    return all;
  }

  std::uint32_t of(Var v) {
    while (leader_[v] != v) v = leader_[v] = leader_[leader_[v]];
    return v;
  }

 private:
  void join_operator(std::uint32_t o) {
    Numbers all = model_.operators[o].writes;
    all.insert(all.end(), model_.operators[o].reads.begin(), model_.operators[o].reads.end());
    if (all.empty()) return;
    join(all);
    for (auto used : task_.operators[Id<task::Operator>(o)].uses) meet(used.index, all.front());
    if (model_.operators[o].on != ~0u) meet(model_.operators[o].on, all.front());
  }

  void meet(std::uint32_t object, Var v) {
    const auto [at, fresh] = at_object_.try_emplace(object, v);
    if (!fresh) join({at->second, v});
  }

  void join(const Numbers& variables) {
    for (Var v : variables) leader_[of(v)] = of(variables.front());
  }

  const Model& model_;
  const task::Task& task_;
  Numbers leader_;
  std::map<std::uint32_t, Var> at_object_;
};

/// Appends numbers as text that nothing else reads as.
void put(std::string& out, char what, std::int64_t number) {
  out += what;
  out += std::to_string(number);
}

}  // namespace

/// Writes down all that a plan can depend on, with numbers of its own for variables, objects and constraints.
class Outline {
 public:
  Outline(const Model& model, const Component& component, Alike::Parts& parts) : model_(model), task_(model.task), parts_(parts) {
    for (std::uint32_t i = 0; i < parts.variables.size(); ++i) place_.emplace(parts.variables[i], i);
    for (Var v : parts.variables) variable(v);
    for (const auto& group : component) {
      put(text_, 'g', static_cast<std::int64_t>(group.size()));
      for (std::uint32_t w : group) wish(w);
    }
    for (std::uint32_t o : parts.operators) operator_(o);
    for (std::uint32_t r : parts.rules) rule(r);
    for (std::uint32_t d : parts.disruptions) disruption(task_.disrupts_when[d]);
  }

  std::string take() { return std::move(text_); }

 private:
  void variable(Var v) {
    const auto& variable = task_.variables[Id<task::Variable>(v)];
    put(text_, 'v', variable.state.index);
    value(variable.start.index);
    value(variable.restore.index);
    put(text_, 'f', static_cast<int>(variable.free));
    object(variable.object.index);
    constraint(variable.restoration);
    put(text_, 'w', model_.wished[v]);
    put(text_, 'p', variable.probed);
  }

  void wish(std::uint32_t w) {
    formula(task_.wishes[w].formula);
    constraint(task_.wishes[w].constraint);
  }

  void operator_(std::uint32_t o) {
    const auto& op = task_.operators[Id<task::Operator>(o)];
    put(text_, 'o', op.action.index);
    formula(op.on);
    for (auto used : op.uses) object(used.index);
    for (const auto& r : op.requires_) formula(r.formula), constraint(r.constraint);
    put(text_, 'd', static_cast<std::int64_t>(op.during.size()));
    for (const auto& a : op.during) assignment(a);
    effect(op.effects);
    for (auto v : op.reads) put(text_, 'r', place_.at(v.index));
    put(text_, 't', op.takes);
    put(text_, 'c', op.cost);
    for (const auto& blow : op.disrupts) object(blow.whose.index), put(text_, 'b', blow.lasts);
    constraint(op.forbidden);
  }

  void rule(std::uint32_t r) {
    const auto& rule = task_.rules[r];
    put(text_, 'R', rule.rule.index);
    put(text_, 's', rule.of_steps * 2 + rule.repaired);
    formula(rule.formula);
    constraint(rule.constraint);
  }

  void disruption(const task::DisruptsWhen& d) {
    put(text_, 'D', 0);
    formula(d.formula);
    object(d.whose.index);
  }

  void effect(const task::Effect& effect) {
    put(text_, 'E', static_cast<int>(effect.kind));
    put(text_, 'n', static_cast<std::int64_t>(effect.assignments.size()));
    for (const auto& a : effect.assignments) assignment(a);
    put(text_, 'p', static_cast<std::int64_t>(effect.parts.size()));
    for (const auto& part : effect.parts) this->effect(part);
  }

  void assignment(const task::Assignment& a) {
    put(text_, 'a', place_.at(a.variable.index));
    formula(a.to);
    formula(a.when);
  }

  void formula(NodeId node) {
    if (!node) return put(text_, '-', 0);
    const auto& n = task_.formulas.nodes[node.index];
    if (n.op == task::NodeOp::variable) return put(text_, 'x', place_.at(n.a));
    if (n.op == task::NodeOp::constant) return value(n.a);
    put(text_, '(', static_cast<int>(n.op));
    put(text_, '#', n.count);
    for (std::uint32_t i = 0; i < n.count; ++i) formula(task_.formulas.operands[n.first + i]);
  }

  void value(std::uint32_t v) {
    const auto& value = task_.values[v];
    if (value.tag == program::Value::Tag::object) return object(value.object.index);
    put(text_, '=', v);
  }

  void object(std::uint32_t o) { put(text_, 'O', met(parts_.objects, objects_, o)); }
  void constraint(Id<task::Constraint> c) {
    put(text_, 'C', c ? met(parts_.constraints, constraints_, c.index) : -1);
    put(text_, 'h', model_.holds(c));
  }

  static std::int64_t met(Numbers& all, std::map<std::uint32_t, std::uint32_t>& places, std::uint32_t which) {
    const auto [at, fresh] = places.try_emplace(which, static_cast<std::uint32_t>(all.size()));
    if (fresh) all.push_back(which);
    return at->second;
  }

  const Model& model_;
  const task::Task& task_;
  Alike::Parts& parts_;
  std::string text_;
  std::map<Var, std::uint32_t> place_;
  std::map<std::uint32_t, std::uint32_t> objects_, constraints_;
};

Alike::Alike(const Model& model, const std::vector<Component>& components)
    : task_(model.task), first_(components.size()), parts_(components.size()) {
  std::iota(first_.begin(), first_.end(), std::size_t{0});
  const auto& task = model.task;
  if (components.size() < 2 || !task.withstand.empty()) return;
  for (std::size_t v = 0; v < task.values.size(); ++v)
    if (task.values[v].tag == program::Value::Tag::object) object_values_.emplace(task.values[v].object.index, task::ValueId(v));
  Neighbourhoods near(model, components);
  std::map<std::uint32_t, std::vector<std::size_t>> here;  // by neighbourhood: the components
  for (std::size_t c = 0; c < components.size(); ++c)
    if (const auto wished = near.wished(components[c]); !wished.empty()) here[near.of(wished.front())].push_back(c);
  const auto owner = [&](const Numbers& variables) -> Parts* {
    if (variables.empty()) return nullptr;
    const auto at = here.find(near.of(variables.front()));
    return at == here.end() || at->second.size() != 1 ? nullptr : &parts_[at->second.front()];
  };
  for (Var v = 0; v < task.variables.size(); ++v)
    if (Parts* parts = owner({v})) parts->variables.push_back(v);
  for (std::uint32_t o = 0; o < model.operators.size(); ++o)
    if (Parts* parts = owner(model.operators[o].writes)) parts->operators.push_back(o);
  for (std::uint32_t r = 0; r < model.rules.size(); ++r)
    if (Parts* parts = owner(model.rules[r].variables)) parts->rules.push_back(r);
  for (std::uint32_t d = 0; d < task.disrupts_when.size(); ++d)
    if (Parts* parts = owner(variables_of(task, task.disrupts_when[d].formula))) parts->disruptions.push_back(d);
  std::map<std::string, std::size_t> known;
  for (std::size_t c = 0; c < components.size(); ++c)
    if (!parts_[c].variables.empty()) first_[c] = known.emplace(Outline(model, components[c], parts_[c]).take(), c).first->second;
}

namespace {

template <class T>
std::vector<std::pair<Id<T>, Id<T>>> pairs(const Numbers& from, const Numbers& to) {
  std::vector<std::pair<Id<T>, Id<T>>> out;
  for (std::size_t i = 0; i < from.size(); ++i) out.emplace_back(Id<T>(from[i]), Id<T>(to[i]));
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace

Renaming Alike::renaming(std::size_t component) const {
  const Parts &from = parts_[first_[component]], &to = parts_[component];
  Renaming out;
  out.variables = pairs<task::Variable>(from.variables, to.variables);
  out.operators = pairs<task::Operator>(from.operators, to.operators);
  out.objects = pairs<program::Object>(from.objects, to.objects);
  for (const auto& [mine, theirs] : out.objects) {
    const auto value = object_values_.find(mine.index), other = object_values_.find(theirs.index);
    if (value != object_values_.end() && other != object_values_.end()) out.values.emplace_back(value->second, other->second);
  }
  std::sort(out.values.begin(), out.values.end());
  return out;
}

Planned Alike::renamed(const Planned& plan, std::size_t component) const {
  const Parts &from = parts_[first_[component]], &to = parts_[component];
  const auto other = [](const Numbers& mine, const Numbers& theirs, std::uint32_t which) {
    return theirs[static_cast<std::size_t>(std::find(mine.begin(), mine.end(), which) - mine.begin())];
  };
  Planned out = plan;
  for (auto& step : out.steps) {
    step.op = Id<task::Operator>(other(from.operators, to.operators, step.op.index));
    if (step.why.constraint) step.why.constraint = Id<task::Constraint>(other(from.constraints, to.constraints, step.why.constraint.index));
    if (step.why.variable) step.why.variable = Id<task::Variable>(other(from.variables, to.variables, step.why.variable.index));
  }
  for (auto& slots : out.slots) slots.rule = other(from.rules, to.rules, slots.rule);
  return out;
}

}  // namespace exm::planning
