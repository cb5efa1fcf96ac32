// A plan that goes on, or back, from where an earlier one was left: what the start finds otherwise than it is to be restored becomes something
// to be reached; finished work stays; on the way back nothing is wished for that does not hold already.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "compiler/ground/formula_value.h"
#include "compiler/ground/grounding.h"

namespace exm::task {

namespace {

/// A formula with a constant in place of a variable.
class PutBack {
 public:
  PutBack(Grounding& g, Id<Variable> variable) : g_(g), variable_(variable), value_(g.task.variables[variable].restore) {}

  NodeId in(NodeId formula) {
    if (const auto known = known_.find(formula); known != known_.end()) return known->second;
    const Node node = g_.task.formulas.nodes[formula.index];
    NodeId out = formula;
    if (node.op == NodeOp::variable && node.a == variable_.index) out = g_.b.constant(value_);
    if (node.op != NodeOp::variable && node.op != NodeOp::constant) {
      std::vector<NodeId> operands;
      for (std::uint32_t i = 0; i < node.count; ++i) operands.push_back(in(g_.task.formulas.operands[node.first + i]));
      out = g_.b.node(node.op, operands);
    }
    known_.emplace(formula, out);
    return out;
  }

 private:
  Grounding& g_;
  Id<Variable> variable_;
  ValueId value_;
  std::map<NodeId, NodeId> known_;
};

std::string state_words(Grounding& g, Id<Variable> id) {
  const Variable& variable = g.task.variables[id];
  const auto words = [&](ValueId value) { return program::to_text(g.program, g.task.values[value.index]); };
  return fmt::format("{} is {} and was {}", variable.name, words(variable.start), words(variable.restore));
}

/// The variables that are not as they are to be restored.
std::vector<Id<Variable>> strayed(const Task& task) {
  std::vector<Id<Variable>> out;
  for (std::size_t v = 0; v < task.variables.size(); ++v)
    if (const Variable& variable = task.variables.items()[v]; variable.free == Variable::Free::no && variable.start != variable.restore)
      out.push_back(task.variables.id(v));
  return out;
}

/// Going on, what no step can change is left to those who changed it; on the way back, finished work stays.
void leave_alone(Grounding& g) {
  const bool back = g.program.direction == program::Direction::back;
  for (Id<Variable> id : strayed(g.task)) {
    Variable& variable = g.task.variables[id];
    if (back ? !variable.finished || variable.finished != variable.start : static_cast<bool>(variable.restoration)) continue;
    if (!back) g.task.notices.push_back(fmt::format("No step puts it back: {}", state_words(g, id)));
    variable.free = Variable::Free::left;
    variable.restoration = {};
  }
}

/// Only what is reached is kept; the limits of the maintenance that are not for a way back are gone.
void wish_for_no_more(Grounding& g) {
  const Assignments start = start_of(g.task);
  std::erase_if(g.task.wishes, [&](const Wish& wish) { return truth(g.task, wish.formula, start) != true_; });
  g.task.longest = 0;
  g.task.longest_constraint = {};
  g.task.withstand.clear();
}

/// Whether the step makes of a state what the earlier plan makes of it for good, where it is not that yet.
bool does_the_work(const Grounding& g, const Operator& op) {
  std::vector<Assignment> assignments;
  collect_assignments(op.effects, assignments);
  return std::any_of(assignments.begin(), assignments.end(), [&](const Assignment& a) {
    const Variable& variable = g.task.variables[a.variable];
    return variable.free == Variable::Free::no && variable.finished && variable.start != variable.finished && variable.finished != variable.restore && g.b.is(a.to, variable.finished);
  });
}

/// The work that is not done yet is not done on the way back, even where that would put more in order.
void forbid_the_work(Grounding& g) {
  std::map<Id<program::Action>, Id<Constraint>> forbidden;
  for (Operator& op : g.task.operators) {
    if (op.forbidden || !does_the_work(g, op)) continue;
    const auto [at, is_new] = forbidden.try_emplace(op.action);
    const program::Action& action = g.program.actions[op.action];
    if (is_new) at->second = g.task.constraints.add({Constraint::Kind::forbid, action.name, "the way back does none of the work that is wished for", {}, action.span});
    op.forbidden = at->second;
  }
}

/// Users are to feel nothing at the end that they did not feel before.
void wish_for_rest(Grounding& g) {
  Assignments restored = start_of(g.task);
  for (std::size_t v = 0; v < restored.size(); ++v)
    if (const Variable& variable = g.task.variables.items()[v]; variable.free == Variable::Free::no) restored[v] = variable.restore;
  const auto found = strayed(g.task);
  const std::set<Id<Variable>> all(found.begin(), found.end());
  for (const DisruptsWhen& felt : g.task.disrupts_when) {
    std::vector<Id<Variable>> variables;
    collect_variables(g.task, felt.formula, variables);
    const bool concerned = std::any_of(variables.begin(), variables.end(), [&](Id<Variable> v) { return all.count(v) > 0; });
    if (!concerned || truth(g.task, felt.formula, restored) != false_) continue;
    const std::string text = fmt::format("users of {} feel nothing at the end", g.program.objects[felt.whose].path);
    const auto constraint = g.task.constraints.add({Constraint::Kind::wish, {}, text, text, g.program.maintenances[g.task.maintenance].span});
    g.task.wishes.push_back({g.b.not_(felt.formula), constraint});
  }
}

/// By variable, the wishes and the rules under repair that read it.
std::map<Id<Variable>, std::vector<NodeId>> goals_by_variable(const Task& task) {
  std::map<Id<Variable>, std::vector<NodeId>> out;
  const auto add = [&](NodeId goal) {
    std::vector<Id<Variable>> variables;
    collect_variables(task, goal, variables);
    for (Id<Variable> v : variables) out[v].push_back(goal);
  };
  for (const Wish& wish : task.wishes) add(wish.formula);
  for (const Rule& rule : task.rules)
    if (rule.repaired) add(rule.formula);
  return out;
}

/// It is as it was, or, put back alone, it would break what is wished for.
NodeId returned(Grounding& g, Id<Variable> id, const std::vector<NodeId>& goals) {
  std::vector<NodeId> ways{g.b.node(NodeOp::equal, {g.b.variable(id), g.b.constant(g.task.variables[id].restore)})};
  PutBack put_back(g, id);
  for (NodeId goal : goals) {
    const NodeId then = put_back.in(goal);
    ways.push_back(g.b.not_(g.b.both(g.b.node(NodeOp::known, {then}), then)));
  }
  return g.b.node(NodeOp::or_, ways);
}

}  // namespace

void ground_returns(Grounding& g) {
  leave_alone(g);
  if (g.program.direction == program::Direction::back) {
    wish_for_no_more(g);
    forbid_the_work(g);
    wish_for_rest(g);
  }
  auto goals = goals_by_variable(g.task);
  for (Id<Variable> id : strayed(g.task)) {
    const NodeId formula = returned(g, id, goals[id]);
    if (!g.b.is(formula, true_)) g.task.wishes.push_back({formula, g.task.variables[id].restoration, id});
  }
}

}  // namespace exm::task
