#include "compiler/lower/steps.h"

#include <algorithm>

#include "compiler/ground/grounding.h"
#include "compiler/lower/values.h"

namespace exm::lowering {

using program::Expr;
using task::Terms;
using task::ValueId;

namespace {

constexpr std::uint64_t unbounded = UINT64_MAX / 2;

/// What one step is made into.
class Drafter {
 public:
  Drafter(const program::Program& program, const task::Task& task, task::Expander& x, const task::Assignments& state, Drafts& drafts, const task::Operator& op)
      : program_(program), task_(task), x_(x), state_(state), drafts_(drafts), op_(op), action_(program.actions[op.action]),
        shape_(program, task, Shape::Constants::holes), words_(program, x, shape_, action_.parameters) {}

  Draft make() {
    for (const program::Value& argument : op_.arguments)
      if (argument.tag == program::Value::Tag::object) shape_.slot(argument.object);
    Terms frame = x_.frame(static_cast<std::uint32_t>(action_.parameters.size()), op_.arguments);
    t_.action = action_.name;
    t_.title = action_.title ? words_.text(*action_.title, frame) : call();
    if (action_.on) host_ = words_.object(*action_.on, frame);
    if (host_) t_.on = shape_.path(host_);
    for (Id<program::Object> used : op_.uses) t_.uses.push_back(shape_.path(used));
    requirements();
    for (const task::Assignment& a : op_.during) t_.during.push_back(shape_.assignment(a));
    t_.effects = shape_.effect(op_.effects);
    numbers(frame);
    for (const program::Part& part : action_.parts) say(part);
    for (const program::Run& run : action_.run) command(run, frame);
    probes();
    leases();
    return {std::move(t_), shape_.objects(), shape_.holes(), {}};
  }

 private:
  std::string call() {
    std::string text = action_.name + "(";
    for (std::size_t i = 0; i < op_.arguments.size(); ++i) {
      const program::Value& value = op_.arguments[i];
      const bool object = value.tag == program::Value::Tag::object && shape_.slot(value.object) >= 0;
      text += i ? ", " : "";
      text += object ? "$" + std::to_string(shape_.slot(value.object)) : escaped(program::to_text(program_, value));
    }
    return text + ")";
  }

  /// The author's words of a requirement, by the place of its clause.
  std::string otherwise(const task::Constraint& constraint) {
    for (const program::Part& part : action_.parts)
      for (const program::Requirement& requirement : part.requires_) {
        const bool it = requirement.span.source == constraint.span.source && requirement.span.begin == constraint.span.begin && requirement.span.end == constraint.span.end;
        if (!it || !requirement.otherwise) continue;
        Terms frame = x_.frame(part.locals, op_.arguments);
        return words_.text(*requirement.otherwise, frame);
      }
    return {};
  }

  void requirements() {
    std::set<std::pair<Id<task::Variable>, ValueId>> said;
    for (const task::Requirement& r : op_.requires_) {
      t_.requires_.push_back({shape_.expression(r.formula), otherwise(task_.constraints[r.constraint])});
      note(r.formula, said);
    }
    for (Id<task::Variable> read : op_.reads) {
      const ValueId value = state_[read.index];
      if (value == task::unknown || said.count({read, value})) continue;
      plan::Expression variable;
      variable.op = plan::Operator::variable;
      variable.text = shape_.variable(read);
      plan::Expression equal;
      equal.op = plan::Operator::equal;
      equal.operands = {variable, shape_.constant(task_.values[value.index], program_.fields[task_.variables[read].state].name)};
      t_.requires_.push_back({equal, {}});
    }
  }

  /// What a requirement says of a variable's value all by itself.
  void note(task::NodeId formula, std::set<std::pair<Id<task::Variable>, ValueId>>& said) const {
    const auto& f = task_.formulas;
    const task::Node& node = f.nodes[formula.index];
    auto operand = [&](std::uint32_t i) { return f.nodes[f.operands[node.first + i].index]; };
    if (node.op == task::NodeOp::variable) said.insert({Id<task::Variable>(node.a), task::true_});
    if (node.op == task::NodeOp::not_ && operand(0).op == task::NodeOp::variable) said.insert({Id<task::Variable>(operand(0).a), task::false_});
    if (node.op == task::NodeOp::equal && operand(0).op == task::NodeOp::variable && operand(1).op == task::NodeOp::constant)
      said.insert({Id<task::Variable>(operand(0).a), ValueId(operand(1).a)});
  }

  bool applies(const std::optional<Expr>& when, Terms& frame) { return !when || x_.builder().is(x_.formula(*when, frame), task::true_); }

  std::int64_t number(const Expr& expr, Terms& frame) {
    const auto value = x_.constant(x_.expand(expr, frame));
    return value ? value->number : 0;
  }

  void numbers(Terms& frame) {
    t_.takes = op_.takes;
    t_.cost = op_.cost;
    if (action_.timeout && applies(action_.timeout->when, frame)) t_.timeout = number(action_.timeout->value, frame);
    if (action_.retry_times > 0) t_.retry = plan::Retry{action_.retry_times, action_.retry_every};
    for (const task::TimedDisruption& d : op_.disrupts) t_.disrupts.push_back({shape_.path(d.whose), d.lasts});
  }

  void say(const program::Part& part) {
    Terms frame = x_.frame(part.locals, op_.arguments);
    auto add = [&](std::vector<std::string>& texts, const std::vector<program::Conditional>& all) {
      for (const program::Conditional& one : all)
        if (applies(one.when, frame)) texts.push_back(words_.text(one.value, frame));
    };
    add(t_.confirm, part.confirms);
    add(t_.privileges, part.privileges);
    add(t_.notices, part.notices);
    for (const program::Conditional& one : part.irreversible) t_.irreversible = t_.irreversible || applies(one.when, frame);
    for (const program::Conditional& one : part.lease)
      if (applies(one.when, frame)) lease_ = number(one.value, frame);
  }

  /// Nothing for the step's own host.
  std::string from(bool controller, const std::optional<Expr>& where, Terms& frame, const std::string& language) {
    Id<program::Object> object = controller ? Id<program::Object>() : where ? words_.object(*where, frame) : host_;
    if (object) drafts_.places.hosts.insert(object);
    if (language != "person") drafts_.places.languages.insert({language, object ? program_.kinds[program_.objects[object].kind].name : ""});
    if (controller) return "controller";
    return object && object != host_ ? shape_.path(object) : "";
  }

  void command(const program::Run& run, Terms& frame) {
    plan::Command command;
    command.from = from(run.from_controller, run.from, frame, run.language);
    command.command = words_.command(run.text, frame);
    t_.run[run.language] = std::move(command);
  }

  /// Of all that the step requires, reads or assigns, each once, where it can be observed.
  void probes() {
    std::vector<Id<task::Variable>> variables;
    for (const task::Requirement& r : op_.requires_) task::collect_variables(task_, r.formula, variables);
    for (Id<task::Variable> read : op_.reads)
      if (std::find(variables.begin(), variables.end(), read) == variables.end()) variables.push_back(read);
    std::vector<task::Assignment> assignments = op_.during;
    task::collect_assignments(op_.effects, assignments);
    for (const task::Assignment& a : assignments) {
      task::collect_variables(task_, a.to, variables);
      if (a.when) task::collect_variables(task_, a.when, variables);
      if (std::find(variables.begin(), variables.end(), a.variable) == variables.end()) variables.push_back(a.variable);
    }
    for (Id<task::Variable> v : variables) probes_of(v);
  }

  void probes_of(Id<task::Variable> id) {
    const task::Variable& variable = task_.variables[id];
    for (const program::Probe& probe : program_.kinds[program_.objects[variable.object].kind].probes) {
      if (probe.state != variable.state) continue;
      Terms frame = x_.frame(probe.locals, {task::object_value(variable.object)});
      plan::Probe made{shape_.variable(id), probe.language, {}, {}, probe.every};
      made.command.from = from(probe.from_controller, probe.from ? probe.from : probe.on, frame, probe.language);
      made.command.command = words_.command(probe.text, frame);
      made.as = plan_words(program_, probe);
      for (auto& [text, value] : made.as)
        if (value.type == plan::Value::Type::reference) value.text = escaped(value.text);
      t_.probes.push_back(std::move(made));
    }
  }

  void leases() {
    if (!lease_) return;
    std::vector<task::Assignment> assignments;
    task::collect_assignments(op_.effects, assignments);
    for (const task::Assignment& a : assignments) t_.lease[shape_.variable(a.variable)] = *lease_;
  }

  const program::Program& program_;
  const task::Task& task_;
  task::Expander& x_;
  const task::Assignments& state_;
  Drafts& drafts_;
  const task::Operator& op_;
  const program::Action& action_;
  Shape shape_;
  Words words_;
  plan::Template t_;
  Id<program::Object> host_;
  std::optional<std::int64_t> lease_;
};

/// Fallbacks: another action on objects that the step knows, from wherever the step has stopped.
class Fallbacks {
 public:
  Fallbacks(const program::Program& program, const task::Task& task) : program_(program), task_(task) {
    for (std::size_t i = 0; i < task.operators.size(); ++i) by_action_[task.operators.items()[i].action].push_back(i);
  }

  const task::Operator* of(const task::Operator& op, task::Expander& x, task::Assignments& state) const {
    const auto& call = program_.actions[op.action].fallback;
    if (!call) return nullptr;
    Terms frame = x.frame(static_cast<std::uint32_t>(op.arguments.size()), op.arguments);
    std::vector<program::Value> arguments;
    for (const Expr& argument : call->arguments) arguments.push_back(x.constant(x.expand(argument, frame)).value_or(program::Value{}));
    const auto all = by_action_.find(call->callee);
    if (all == by_action_.end()) return nullptr;
    for (std::size_t i : all->second) {
      const task::Operator& other = task_.operators.items()[i];
      if (other.arguments == arguments) return !other.forbidden && serves(op, other, state) ? &other : nullptr;
    }
    return nullptr;
  }

 private:
  bool may_begin(const task::Operator& op, const Changes& changes, const task::Assignments& state) const {
    auto holds = [&](const auto& change) { return state[change.first.index] == change.second; };
    auto met = [&](const task::Requirement& r) { return task::truth(task_, r.formula, state) == task::true_; };
    return std::all_of(changes.begin(), changes.end(), holds) || std::all_of(op.requires_.begin(), op.requires_.end(), met);
  }

  /// It may begin where the step has not begun, has begun or has ended, and ends where the step would have.
  bool serves(const task::Operator& op, const task::Operator& other, task::Assignments& state) const {
    Changes during;
    for (const task::Assignment& a : op.during) during[a.variable] = task::value(task_, a.to, state);
    const Changes done = changes(task_, op, state);
    Changes goal;  // of all that either touches
    for (const auto& [variable, value] : during) goal[variable] = state[variable.index];
    for (const auto& [variable, value] : changes(task_, other, state)) goal[variable] = state[variable.index];
    for (const auto& [variable, value] : done) goal[variable] = value;
    for (const Changes& phase : {Changes(), during, done}) {
      const Changes before = make_changes(phase, state);
      const Changes then = changes(task_, other, state);
      bool good = may_begin(other, then, state);
      const Changes prior = make_changes(then, state);
      for (const auto& [variable, value] : goal) good = good && state[variable.index] == value;
      make_changes(prior, state);
      make_changes(before, state);
      if (!good) return false;
    }
    return true;
  }

  const program::Program& program_;
  const task::Task& task_;
  std::map<Id<program::Action>, std::vector<std::size_t>> by_action_;
};

}  // namespace

Changes changes(const task::Task& task, const task::Operator& op, const task::Assignments& state) {
  std::vector<task::Assignment> assignments;
  task::collect_assignments(op.effects, assignments);
  Changes result;
  for (const task::Assignment& a : assignments) {
    const ValueId met = a.when ? task::truth(task, a.when, state) : task::true_;
    if (met == task::false_) continue;
    const ValueId to = task::value(task, a.to, state);
    const auto earlier = result.find(a.variable);
    const ValueId now = earlier == result.end() ? state[a.variable.index] : earlier->second;
    result[a.variable] = met == task::true_ || now == to ? to : task::unknown;
  }
  return result;
}

Changes make_changes(const Changes& changes, task::Assignments& state) {
  Changes before;
  for (const auto& [variable, value] : changes) {
    before[variable] = state[variable.index];
    state[variable.index] = value;
  }
  return before;
}

namespace {

/// The steps of ways back: most of them stand in the plan as well, or in another way back, and need no draft of their own.
class WaysBack {
 public:
  WaysBack(const program::Program& program, const task::Task& task, task::Expander& x, task::Assignments& state, Drafts& drafts)
      : program_(program), task_(task), x_(x), state_(state), drafts_(drafts) {}

  /// Of the step that is drafted in the state in hand.
  void note(Id<task::Operator> op, std::size_t draft) { known_.emplace(key(op), draft); }

  /// `state` is the start of the plan.
  void draft(const WayBack& way) {
    auto& steps = drafts_.ways_back.emplace_back();
    for (const BackStep& step : way.steps) {
      const Changes before = make_changes(Changes(step.begins.begin(), step.begins.end()), state_);
      const auto [at, is_new] = known_.emplace(key(step.op), drafts_.steps.size());
      if (is_new) drafts_.steps.push_back(Drafter(program_, task_, x_, state_, drafts_, task_.operators[step.op]).make());
      steps.push_back(at->second);
      make_changes(before, state_);
    }
  }

 private:
  /// The operator, and all that its host and its commands are made from.
  std::vector<std::uint32_t> key(Id<task::Operator> op) const {
    std::vector<std::uint32_t> out{op.index};
    for (Id<task::Variable> read : task_.operators[op].reads) out.push_back(state_[read.index].index);
    return out;
  }

  const program::Program& program_;
  const task::Task& task_;
  task::Expander& x_;
  task::Assignments& state_;
  Drafts& drafts_;
  std::map<std::vector<std::uint32_t>, std::size_t> known_;
};

}  // namespace

Drafts draft_steps(const program::Program& program, const task::Task& task, const Found& found, task::Assignments& end) {
  Drafts drafts;
  task::Task scratch;
  task::Builder builder(scratch);
  const task::World world = task::world_of(program, task);
  task::Assignments state = task::start_of(task);
  task::Expander x(world, builder, {task::Reading::Kind::state, &state}, unbounded);
  const Fallbacks fallbacks(program, task);
  WaysBack ways_back(program, task, x, state, drafts);
  for (const FoundStep& step : found.steps) {
    const task::Operator& op = task.operators[step.op];
    ways_back.note(step.op, drafts.steps.size());
    drafts.steps.push_back(Drafter(program, task, x, state, drafts, op).make());
    if (const task::Operator* other = fallbacks.of(op, x, state)) {
      drafts.steps.back().fallback = drafts.fallbacks.size();
      drafts.fallbacks.push_back(Drafter(program, task, x, state, drafts, *other).make());
    }
    make_changes(changes(task, op, state), state);
  }
  end = state;
  state = task::start_of(task);
  for (const FoundStep& step : found.steps) ways_back.draft(step.retreat.value_or(WayBack()));
  return drafts;
}

}  // namespace exm::lowering
