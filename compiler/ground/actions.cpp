// Actions with their objects: the operators, each of which may become a step.
#include <algorithm>

#include "compiler/ground/grounding.h"

namespace exm::task {

namespace {

using program::Expr;
using program::Value;

constexpr Seconds usual_length = 60;

class OperatorMaker {
 public:
  OperatorMaker(Grounding& g, Id<program::Action> id, Id<Constraint> forbidden)
      : g_(g), b_(g.b), x_(g.x), effects_(g, g.x), id_(id), action_(g.program.actions[id]), forbidden_(forbidden) {}

  /// Nothing where it can never be a step, or changes nothing.
  std::optional<Operator> make(const std::vector<Value>& arguments) {
    Operator made;
    made.action = id_;
    made.arguments = arguments;
    made.forbidden = forbidden_;
    pending_.clear();
    for (const program::Part& part : action_.parts) {
      Terms frame = x_.frame(part.locals, arguments);
      if (!require(part, frame)) return {};
    }
    if (!make_effects(arguments, made)) return {};
    require_existence(arguments, made);
    Terms frame = x_.frame(static_cast<std::uint32_t>(action_.parameters.size()), arguments);
    if (!place(frame, made)) return {};
    measure(arguments, frame, made);
    for (Pending& p : pending_) made.requires_.push_back({p.formula, constraint_of(p, arguments)});
    return made;
  }

 private:
  struct Pending {
    NodeId formula;
    const program::Requirement* requirement;  // nothing: implicit
    std::uint32_t locals;
    std::string text;
  };

  /// What a step is about exists when it begins, but for what the step itself makes.
  void require_existence(const std::vector<Value>& arguments, const Operator& made) {
    std::vector<Assignment> assignments;
    collect_assignments(made.effects, assignments);
    const auto is_made = [&](Id<Variable> exists) {
      return std::any_of(assignments.begin(), assignments.end(), [&](const Assignment& a) { return a.variable == exists && !a.when && b_.is(a.to, true_); });
    };
    for (const Value& argument : arguments) {
      if (argument.tag != Value::Tag::object) continue;
      const auto exists = g_.world.existence_variable(argument.object);
      if (exists && !is_made(exists)) pending_.push_back({b_.variable(exists), nullptr, 0, g_.program.objects[argument.object].path + " exists"});
    }
  }

  bool require(const program::Part& part, Terms& frame) {
    for (const program::Requirement& requirement : part.requires_) {
      NodeId formula = b_.yes();
      if (requirement.when) {
        const NodeId when = x_.formula(*requirement.when, frame);
        if (b_.is(when, false_)) continue;
        formula = b_.implies(when, x_.formula(requirement.condition, frame));
      } else {
        formula = x_.formula(requirement.condition, frame);
      }
      const bool never = b_.is(formula, false_) || b_.is(formula, unknown);
      if (never && !(g_.limits.ruled_out && requirement.otherwise)) return false;
      if (!b_.is(formula, true_)) pending_.push_back({formula, &requirement, part.locals, {}});
    }
    return true;
  }

  /// One constraint per clause and what it says: instances of the action that differ elsewhere share it.
  Id<Constraint> constraint_of(const Pending& p, const std::vector<Value>& arguments) {
    // what facts rule out differs in what it says, and not in its formula
    const bool never = b_.is(p.formula, false_) || b_.is(p.formula, unknown);
    const auto [place, is_new] = constraints_.try_emplace({p.requirement, p.formula}, Id<Constraint>());
    if (!is_new && !never) return place->second;
    Constraint constraint{Constraint::Kind::requirement, action_.name, p.text, p.text, action_.span};
    if (p.requirement) {
      Terms frame = x_.frame(p.locals, arguments);
      constraint.formula = x_.written(p.requirement->condition, frame);
      constraint.sentence = p.requirement->otherwise ? x_.words(*p.requirement->otherwise, frame) : constraint.formula;
      constraint.span = p.requirement->span;
    }
    return place->second = g_.task.constraints.add(std::move(constraint));
  }

  bool make_effects(const std::vector<Value>& arguments, Operator& made) {
    std::vector<Effect> parts;
    for (const program::Part& part : action_.parts) {
      Terms frame = x_.frame(part.locals, arguments);
      collect_assignments(effects_.sequence(part.during, frame), made.during);
      parts.push_back(effects_.sequence(part.effects, frame));
    }
    made.effects = join(Effect::Kind::any_order, std::move(parts));
    if (made.during.empty() && is_empty(made.effects)) return false;
    std::vector<Assignment> assignments;
    collect_assignments(made.effects, assignments);
    return agree(assignments, arguments);
  }

  /// Two effects that give one variable different values: an error, or, under conditions, a requirement that they don't meet.
  bool agree(const std::vector<Assignment>& assignments, const std::vector<Value>& arguments) {
    std::map<Id<Variable>, std::vector<const Assignment*>> by_variable;
    for (const Assignment& assignment : assignments) {
      auto& same = by_variable[assignment.variable];
      for (const Assignment* other : same)
        if (other->to != assignment.to && !agree(*other, assignment, arguments)) return false;
      same.push_back(&assignment);
    }
    return true;
  }

  bool agree(const Assignment& a, const Assignment& b, const std::vector<Value>& arguments) {
    const auto x = b_.constant_value(a.to), y = b_.constant_value(b.to);
    const std::string& name = g_.task.variables[a.variable].name;
    if (!a.when && !b.when && x && y) {
      if (g_.report_once(&action_))
        g_.diagnostics.report(action_.span, diag::effects_conflict, title(arguments), name, written(a.to), written(b.to))
            .hint("the effects of a step, its extensions' included, are one change: let one of them say it");
      return false;
    }
    const NodeId same = x && y ? b_.no() : b_.node(NodeOp::equal, {a.to, b.to});
    const NodeId formula = b_.node(NodeOp::or_, {a.when ? b_.not_(a.when) : b_.no(), b.when ? b_.not_(b.when) : b_.no(), same});
    if (b_.is(formula, false_)) return false;
    if (!b_.is(formula, true_)) pending_.push_back({formula, nullptr, 0, fmt::format("its effects agree on {}", name)});
    return true;
  }

  std::string written(NodeId node) const {
    const auto value = b_.constant_value(node);
    return value ? program::to_text(g_.program, g_.task.values[value->index]) : "another value";
  }

  std::string title(const std::vector<Value>& arguments) const {
    std::string text = action_.name + "(";
    for (std::size_t i = 0; i < arguments.size(); ++i) text += (i ? ", " : "") + program::to_text(g_.program, arguments[i]);
    return text + ")";
  }

  /// Title, host, what it uses, and what its command reads; false where these can never be known.
  bool place(Terms& frame, Operator& made) {
    made.title = action_.title ? x_.words(*action_.title, frame) : title(made.arguments);
    const Expr* unknown_part = nullptr;
    if (action_.on) {
      made.on = x_.formula(*action_.on, frame);
      if (b_.is(made.on, none)) made.on = {};
      else if (b_.is(made.on, unknown)) unknown_part = &*action_.on;
      else collect_variables(g_.task, made.on, made.reads);
    }
    if (action_.title) x_.collect_reads(*action_.title, frame, made.reads, unknown_part);
    for (const program::Run& run : action_.run) {
      x_.collect_reads(run.text, frame, made.reads, unknown_part);
      if (run.from) x_.collect_reads(*run.from, frame, made.reads, unknown_part);
    }
    if (!unknown_part) return true;
    if (g_.report_once(unknown_part)) {
      g_.diagnostics.report(unknown_part->span, diag::never_known, title(made.arguments), x_.written(*unknown_part, frame));
    }
    return false;
  }

  void measure(const std::vector<Value>& arguments, Terms& action_frame, Operator& made) {
    made.takes = usual_length;
    if (action_.takes && applies(action_.takes->when, action_frame)) made.takes = std::max<Seconds>(0, number(action_.takes->value, action_frame, usual_length));
    for (const program::Part& part : action_.parts) {
      Terms frame = x_.frame(part.locals, arguments);
      for (const program::Conditional& cost : part.cost)
        if (applies(cost.when, frame)) made.cost = std::max<std::int64_t>(0, number(cost.value, frame, 1));
      for (const program::TimedDisruption& disrupts : part.disrupts) {
        if (!applies(disrupts.when, frame)) continue;
        const auto lasts = number(disrupts.lasts, frame, 0);
        for (Id<program::Object> whose : objects(disrupts.whose, frame)) made.disrupts.push_back({whose, lasts});
      }
      for (const program::Conditional& uses : part.uses)
        if (applies(uses.when, frame))
          for (Id<program::Object> used : objects(uses.value, frame)) made.uses.push_back(used);
    }
    std::sort(made.uses.begin(), made.uses.end());
    made.uses.erase(std::unique(made.uses.begin(), made.uses.end()), made.uses.end());
  }

  bool applies(const std::optional<Expr>& when, Terms& frame) { return !when || b_.is(x_.formula(*when, frame), true_); }

  std::int64_t number(const Expr& expr, Terms& frame, std::int64_t otherwise) {
    const auto value = x_.constant(x_.expand(expr, frame));
    return value && value->tag != Value::Tag::unknown && value->tag != Value::Tag::none ? value->number : otherwise;
  }

  /// An object, each that it may be, or the elements of a collection.
  std::vector<Id<program::Object>> objects(const Expr& expr, Terms& frame) {
    const Term term = x_.expand(expr, frame);
    std::vector<Id<program::Object>> result;
    for (const Member& member : term.collection ? term.members : x_.alternatives(term.node)) {
      const auto value = b_.constant_value(member.value);
      if (value && g_.task.values[value->index].tag == Value::Tag::object) result.push_back(g_.task.values[value->index].object);
    }
    return result;
  }

  Grounding& g_;
  Builder& b_;
  Expander& x_;
  EffectMaker effects_;
  Id<program::Action> id_;
  const program::Action& action_;
  Id<Constraint> forbidden_;
  std::vector<Pending> pending_;
  std::map<std::pair<const program::Requirement*, NodeId>, Id<Constraint>> constraints_;
};

Id<Constraint> forbidden(Grounding& g, Id<program::Action> action) {
  for (const auto& forbid : g.demands.forbid) {
    if (forbid.what != action) continue;
    const std::string text = fmt::format("forbid {}", g.program.actions[action].name);
    return g.task.constraints.add({Constraint::Kind::forbid, g.program.actions[action].name, text, text, forbid.span});
  }
  return {};
}

}  // namespace

void ground_actions(Grounding& g) {
  for (std::size_t i = 0; i < g.program.actions.size(); ++i) {
    const Id<program::Action> id = g.program.actions.id(i);
    OperatorMaker maker(g, id, forbidden(g, id));
    bool too_many = false;
    each_binding(g, g.program.actions[id], [&](const std::vector<Value>& arguments) {
      if (auto made = maker.make(arguments)) g.task.operators.add(std::move(*made));
      too_many = g.task.operators.size() > g.limits.operators;
      return !too_many && !g.x.exhausted();
    });
    if (too_many) {
      g.diagnostics.report(g.program.actions[id].span, diag::task_too_big, g.limits.operators, "instances of actions")
          .hint("each action is tried with all objects of its parameters' kinds: let its requirements on facts exclude more of them");
      return;
    }
  }
}

}  // namespace exm::task
