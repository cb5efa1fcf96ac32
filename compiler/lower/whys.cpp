// Why a step is there, in the words of an administrator; and what the steps are called.
#include "compiler/lower/parts.h"

#include <fmt/format.h>

namespace exm::lowering {

namespace {

std::string value_words(const Lowering& l, task::ValueId id) {
  const program::Value& value = l.task.values[id.index];
  switch (value.tag) {
    case program::Value::Tag::version:
    case program::Value::Tag::ip:
    case program::Value::Tag::cidr:
    case program::Value::Tag::path: return value.text;
    default: return program::to_text(l.program, value);
  }
}

/// `EX3.build == "14.1.323.1"` as "EX3.build is 14.1.323.1"; what is not that simple as the author has it.
std::string plainly(const Lowering& l, task::NodeId formula, const task::Constraint& constraint) {
  const auto& f = l.task.formulas;
  const task::Node& node = f.nodes[formula.index];
  auto operand = [&](std::uint32_t i) { return f.nodes[f.operands[node.first + i].index]; };
  auto name = [&](const task::Node& n) { return l.task.variables[Id<task::Variable>(n.a)].name; };
  if (node.op == task::NodeOp::variable) return name(node) + " is true";
  if (node.op == task::NodeOp::not_ && operand(0).op == task::NodeOp::variable) return name(operand(0)) + " is false";
  if (node.op == task::NodeOp::equal && operand(0).op == task::NodeOp::variable && operand(1).op == task::NodeOp::constant)
    return name(operand(0)) + " is " + value_words(l, task::ValueId(operand(1).a));
  return constraint.formula.empty() ? constraint.sentence : constraint.formula;
}

/// The author's sentence; where there is none, what the formula says.
std::string sentence(const Lowering& l, task::NodeId formula, const task::Constraint& constraint) {
  return constraint.sentence.empty() || constraint.sentence == constraint.formula ? plainly(l, formula, constraint) : constraint.sentence;
}

std::string step_words(const Lowering& l, std::uint32_t step) { return fmt::format("{} ({})", l.ids[step], l.task.operators[l.found.steps[step].op].title); }

std::string wish_words(const Lowering& l, Id<task::Constraint> id) {
  const task::Constraint& constraint = l.task.constraints[id];
  for (const task::Wish& wish : l.task.wishes)
    if (wish.constraint == id) return "the wish: " + sentence(l, wish.formula, constraint);
  return "repairs " + constraint.name + ": " + constraint.sentence;
}

std::string requirement_words(const Lowering& l, const Why& why) {
  const task::Constraint& constraint = l.task.constraints[why.constraint];
  for (const task::Requirement& r : l.task.operators[l.found.steps[why.of].op].requires_)
    if (r.constraint == why.constraint) return fmt::format("{} requires it: {}", step_words(l, why.of), sentence(l, r.formula, constraint));
  return fmt::format("{} requires it: {}", step_words(l, why.of), constraint.sentence);
}

std::string rule_words(const Lowering& l, std::size_t step, const Why& why) {
  const task::Constraint& constraint = l.task.constraints[why.constraint];
  const std::string what = constraint.kind == task::Constraint::Kind::keep ? "keeps the promise" : "keeps the rule " + constraint.name;
  const std::string when = why.of == step ? "" : fmt::format(" in view of {}", step_words(l, why.of));
  return fmt::format("{}{}: {}", what, when, constraint.sentence);
}

std::string restoration_words(const Lowering& l, const Why& why) {
  const task::Variable& variable = l.task.variables[why.variable];
  return fmt::format("puts {} back as it was: {} is {} again", l.program.objects[variable.object].path, l.program.fields[variable.state].name,
                     value_words(l, variable.restore));
}

/// The states whose change an edge only keeps late.
std::string late_words(const Lowering& l, std::size_t s) {
  const FoundStep& step = l.found.steps[s];
  if (step.only_late.empty()) return {};
  std::string before;
  for (std::uint32_t other : step.only_late) before += (before.empty() ? "" : ", ") + l.ids[other];
  std::vector<task::Assignment> assignments = l.task.operators[step.op].during;
  task::collect_assignments(l.task.operators[step.op].effects, assignments);
  const std::string state = assignments.empty() ? "all" : l.task.variables[assignments[0].variable].name;
  return fmt::format("; not earlier than after {}, so that {} stays as it was as long as possible", before, state);
}

}  // namespace

std::string why(const Lowering& l, std::size_t s) {
  const Why& reason = l.found.steps[s].why;
  std::string text;
  switch (reason.kind) {
    case Why::Kind::wish: text = wish_words(l, reason.constraint); break;
    case Why::Kind::requirement: text = requirement_words(l, reason); break;
    case Why::Kind::rule: text = rule_words(l, s, reason); break;
    case Why::Kind::restoration: text = restoration_words(l, reason); break;
    case Why::Kind::disruption: text = "spares the users: without it they would feel more of the work"; break;
    case Why::Kind::late: text = "keeps a change late"; break;
  }
  return text + late_words(l, s);
}

std::vector<std::string> step_ids(const Lowering& l) {
  std::map<std::uint32_t, std::pair<std::size_t, std::size_t>> lanes;  // by host: its number, and how many steps it has
  std::vector<std::string> ids;
  task::Assignments state = l.start;
  for (const FoundStep& step : l.found.steps) {
    const task::Operator& op = l.task.operators[step.op];
    const task::ValueId host = op.on ? task::value(l.task, op.on, state) : task::none;
    auto& [lane, count] = lanes.try_emplace(host.index, lanes.size() + 1, 0).first->second;
    std::string letters;
    for (std::size_t n = ++count; n > 0; n = (n - 1) / 26) letters.insert(letters.begin(), static_cast<char>('a' + (n - 1) % 26));
    ids.push_back(std::to_string(lane) + letters);
    make_changes(changes(l.task, op, state), state);
  }
  return ids;
}

}  // namespace exm::lowering
