#include "compiler/solve/relevance.h"

#include <algorithm>
#include <deque>
#include <functional>
#include <map>
#include <set>
#include <utility>

#include "compiler/solve/literal.h"

namespace exm::planning {

using task::NodeOp;

namespace {

class Closure {
 public:
  Closure(const Model& model, const State& from, bool narrow)
      : model_(model), task_(model.task), from_(from), scratch_(from), narrow_(narrow), taken_(model.operators.size(), false), shaken_(model.start.size(), false), given_at_(model.start.size(), 0), gives_(1) {}

  void want_any(NodeId formula) {
    for (Var v : variables_of(task_, formula)) add({v, Literal::Kind::any, 0});
  }

  /// What is to hold at the end.
  void wish(NodeId formula) {
    want(formula, true);
    find_either_or(formula);
  }

  /// The way back from where the variables may have these values.
  Relevant go_back(std::span<const Strayed> strayed, std::uint32_t never, const State& end) {
    never_ = never;
    end_ = &end;
    for (const auto& s : strayed) {
      gives(s.variable).insert(s.values.begin(), s.values.end());
      shaken_[s.variable] = true;
    }
    for (const auto& s : strayed) {
      for (std::uint32_t r : model_.rules_of[s.variable]) want_kept(r);
      want_back(s.variable);
    }
    return run();
  }

  /// What a fault reads decides about the rules that are to withstand it, and what it writes does not stay.
  void want_what_faults_read() {
    for (const auto& fault : task_.faults)
      each_assignment(fault.effects, [&](const task::Assignment& a) {
        shaken_[a.variable.index] = true;
        if (a.when) want_any(a.when);
        want_any(a.to);
      });
  }

  void want(NodeId formula, bool yes) {
    if (!formula || (model_.evaluate.truth(formula, from_) != Truth::unknown && constant(formula))) return;
    if (model_.evaluate.truth(formula, from_) == (yes ? Truth::yes : Truth::no) && untouched(formula)) {
      alternatives_.emplace(formula.index, yes);
      return;
    }
    const auto& n = task_.formulas.nodes[formula.index];
    const auto operand = [&](std::uint32_t i) { return task_.formulas.operands[n.first + i]; };
    switch (n.op) {
      case NodeOp::not_: return want(operand(0), !yes);
      case NodeOp::and_: case NodeOp::or_:
        if ((n.op == NodeOp::or_) == yes && stays(formula, yes)) return (void)alternatives_.emplace(formula.index, yes);
        for (std::uint32_t i = 0; i < n.count; ++i) want(operand(i), yes);
        return;
      case NodeOp::variable: return add({n.a, Literal::Kind::is, yes ? 2u : 1u});
      case NodeOp::known:
        if (is_variable(operand(0))) return add({node(operand(0)).a, yes ? Literal::Kind::is_known : Literal::Kind::is_unknown, 0});
        return want_any(operand(0));
      case NodeOp::equal: return want_equal(operand(0), operand(1), yes, formula);
      case NodeOp::in: return want_in(operand(0), operand(1), yes);
      case NodeOp::less: case NodeOp::less_equal:
        if (narrow_ && node(operand(0)).op != NodeOp::count && node(operand(1)).op != NodeOp::count) return want_made(formula, yes);
        return want_order(operand(0), operand(1), yes);
      case NodeOp::if_:
        if (const Truth now = model_.evaluate.truth(operand(0), from_); narrow_ && now != Truth::unknown && untouched(operand(0))) {
          alternatives_.emplace(formula.index, yes);
          return want(operand(now == Truth::yes ? 1 : 2), yes);
        }
        want(operand(0), true);
        want(operand(0), false);
        want(operand(1), yes);
        return want(operand(2), yes);
      default: return want_any(formula);
    }
  }

  Relevant run() {
    for (bool changed = true; changed;) {
      changed = false;
      for (const auto& literal : std::vector<Literal>(wanted_.begin(), wanted_.end()))
        if (!served_.contains(literal) && needs_help(literal)) {
          served_.insert(literal);
          serve(literal);
          changed = true;
        }
      for (const auto& [formula, yes] : std::set<std::pair<std::uint32_t, bool>>(std::exchange(alternatives_, {}))) want(NodeId(formula), yes);
      for (const std::uint32_t number : std::exchange(choices_, {})) want_numbers(NodeId(number));
      given_more_ = false;
      for (const task::Assignment* a : std::vector<const task::Assignment*>(copies_.begin(), copies_.end())) give(*a);
      changed = changed || given_more_ || wanted_.size() != seen_;
      seen_ = wanted_.size();
    }
    Relevant out;
    std::set<Var> variables;
    for (std::uint32_t o = 0; o < taken_.size(); ++o) {
      if (!taken_[o]) continue;
      out.operators.push_back(o);
      variables.insert(model_.operators[o].writes.begin(), model_.operators[o].writes.end());
    }
    out.variables.assign(variables.begin(), variables.end());
    return out;
  }

 private:
  const task::Node& node(NodeId id) const { return task_.formulas.nodes[id.index]; }
  bool is_variable(NodeId id) const { return node(id).op == NodeOp::variable; }
  bool is_constant(NodeId id) const { return node(id).op == NodeOp::constant; }

  bool constant(NodeId formula) const {
    if (is_variable(formula)) return false;
    const auto& n = node(formula);
    for (std::uint32_t i = 0; i < n.count; ++i)
      if (!constant(task_.formulas.operands[n.first + i])) return false;
    return true;
  }

  void add(Literal literal) { wanted_.insert(literal); }

  /// One of several alternatives holds, and nothing found so far touches it: the others are of no use.
  bool stays(NodeId formula, bool yes) const {
    const auto* operands = &task_.formulas.operands[node(formula).first];
    return std::any_of(operands, operands + node(formula).count, [&](NodeId one) {
      return model_.evaluate.truth(one, from_) == (yes ? Truth::yes : Truth::no) && untouched(one);
    });
  }

  /// Nothing found so far writes what decides about the formula. Of an `if` that is the branch taken, as long as its condition stays.
  bool untouched(NodeId formula) const {
    const auto& n = node(formula);
    if (n.op == NodeOp::variable) return given_at_[n.a] == 0 && !shaken_[n.a];
    const auto operand = [&](std::uint32_t i) { return task_.formulas.operands[n.first + i]; };
    if (n.op == NodeOp::if_ && untouched(operand(0))) {
      const Truth now = model_.evaluate.truth(operand(0), from_);
      if (now != Truth::unknown) return untouched(operand(now == Truth::yes ? 1 : 2));
    }
    for (std::uint32_t i = 0; i < n.count; ++i)
      if (!untouched(operand(i))) return false;
    return true;
  }

  /// A part of a wish that can hold in several ways: a state need not be put back where no other way is left.
  struct EitherOr {
    NodeId formula;
    std::vector<Var> variables;
    bool wanted = false;
  };

  void find_either_or(NodeId wish) {
    const auto& n = node(wish);
    for (std::uint32_t i = 0; n.op == NodeOp::and_ && i < n.count; ++i) find_either_or(task_.formulas.operands[n.first + i]);
    auto variables = variables_of(task_, wish);
    if (n.op != NodeOp::and_ && variables.size() > 1) either_or_.push_back({wish, std::move(variables)});
  }

  void excuse(std::size_t i, Var v) {
    auto& part = either_or_[i];
    if (part.wanted || !std::binary_search(part.variables.begin(), part.variables.end(), v)) return;
    part.wanted = true;
    want_any(part.formula);
  }

  bool satisfies(const Literal& literal, Val value) const {
    if (literal.kind != Literal::Kind::makes && literal.kind != Literal::Kind::makes_not) return satisfies_plainly(literal, value);
    const Val was = std::exchange(scratch_[literal.variable], value);
    const Truth truth = model_.evaluate.truth(NodeId(literal.value), scratch_);
    scratch_[literal.variable] = was;
    return truth == (literal.kind == Literal::Kind::makes ? Truth::yes : Truth::no);
  }

  /// Each variable by itself is to make the comparison hold.
  void want_made(NodeId formula, bool yes) {
    for (Var v : variables_of(task_, formula)) add({v, yes ? Literal::Kind::makes : Literal::Kind::makes_not, formula.index});
  }

  void want_equal(NodeId a, NodeId b, bool yes, NodeId formula) {
    if (is_constant(a)) std::swap(a, b);
    if (node(a).op != NodeOp::if_ && node(b).op == NodeOp::if_) std::swap(a, b);
    if (node(a).op == NodeOp::if_) return want_equal_choice(a, b, yes, formula);
    if (is_variable(a) && is_constant(b)) return add({node(a).a, yes ? Literal::Kind::is : Literal::Kind::is_not, node(b).a});
    if (narrow_) return want_made(formula, yes);
    if (is_variable(a) && is_variable(b)) {
      want_any(a);
      return want_any(b);
    }
    want_numbers(a);
    want_numbers(b);
  }

  /// One of the branches is to be equal: each, where both conditions may come to hold.
  void want_equal_choice(NodeId choice, NodeId to, bool yes, NodeId formula) {
    const auto operand = [&](std::uint32_t i) { return task_.formulas.operands[node(choice).first + i]; };
    want(operand(0), true);
    want(operand(0), false);
    want_equal(operand(1), to, yes, formula);
    want_equal(operand(2), to, yes, formula);
  }

  void want_in(NodeId element, NodeId set, bool yes) {
    const auto& s = node(set);
    if (!is_variable(element) || s.op != NodeOp::set || !yes) {
      want_any(element);
      return want_any(set);
    }
    for (std::uint32_t i = 0; i < s.count; ++i) {
      const NodeId member = task_.formulas.operands[s.first + i];
      if (is_constant(member))
        add({node(element).a, Literal::Kind::is, node(member).a});
      else
        want_any(element);
    }
  }

  /// `a < b`: what b counts is wanted true, what a counts false; or the other way round.
  void want_order(NodeId a, NodeId b, bool yes) {
    want_count(a, !yes);
    want_count(b, yes);
  }

  void want_count(NodeId number, bool more) {
    const auto& n = node(number);
    if (n.op != NodeOp::count) return want_numbers(number);
    for (std::uint32_t i = 0; i < n.count; ++i) want(task_.formulas.operands[n.first + i], more);
  }

  void want_numbers(NodeId number) {
    const auto& n = node(number);
    if (n.op == NodeOp::variable) return add({n.a, Literal::Kind::any, 0});
    if (n.op == NodeOp::constant) return;
    if (narrow_ && n.op == NodeOp::if_) {
      const NodeId condition = task_.formulas.operands[n.first];
      if (const Truth now = model_.evaluate.truth(condition, from_); now != Truth::unknown && untouched(condition)) {
        choices_.insert(number.index);
        return want_numbers(task_.formulas.operands[n.first + (now == Truth::yes ? 1 : 2)]);
      }
    }
    if (n.op == NodeOp::count || n.op == NodeOp::if_) {
      for (std::uint32_t i = 0; i < (n.op == NodeOp::if_ ? 1 : n.count); ++i) {
        want(task_.formulas.operands[n.first + i], true);
        want(task_.formulas.operands[n.first + i], false);
      }
      if (n.op == NodeOp::count) return;
    }
    for (std::uint32_t i = n.op == NodeOp::if_ ? 1 : 0; i < n.count; ++i) want_numbers(task_.formulas.operands[n.first + i]);
  }

  /// A literal that holds, and that no operator found so far can break, needs none.
  bool needs_help(const Literal& literal) const {
    if (!satisfies(literal, from_[literal.variable])) return true;
    const auto& given = gives_[given_at_[literal.variable]];
    return std::any_of(given.begin(), given.end(), [&](Val v) { return !satisfies(literal, v); });
  }

  void serve(const Literal& literal) {
    for (std::uint32_t o : model_.writers_of[literal.variable]) {
      const auto& op = task_.operators[Id<task::Operator>(o)];
      if (o == never_ || (op.forbidden && model_.holds(op.forbidden))) continue;
      bool helps = false;
      const auto consider = [&](const task::Assignment& a) {
        if (a.variable.index != literal.variable) return;
        helps = helps || !is_constant(a.to) || literal.kind == Literal::Kind::any || satisfies(literal, node(a.to).a);
      };
      each_assignment(op, consider);
      if (helps && !taken_[o] && !(narrow_ && literal.kind == Literal::Kind::is_unknown)) take(o);
      if (!taken_[o]) continue;
      each_assignment(op, [&](const task::Assignment& a) {
        if (a.variable.index == literal.variable) pass_on(literal, a.to);
      });
    }
  }

  /// What is wanted of the left of an assignment is wanted of its right.
  void pass_on(const Literal& literal, NodeId to) {
    if (is_constant(to)) return;
    if (is_variable(to)) return add({node(to).a, literal.kind, literal.value});
    if (literal.kind == Literal::Kind::is || literal.kind == Literal::Kind::is_not) {
      if (literal.value == 1 || literal.value == 2) return want(to, (literal.value == 2) == (literal.kind == Literal::Kind::is));
    }
    want_any(to);
  }

  void take(std::uint32_t o) {
    taken_[o] = true;
    const auto& op = task_.operators[Id<task::Operator>(o)];
    for (const auto& r : op.requires_)
      if (model_.holds(r.constraint)) want(r.formula, true);
    for (auto v : op.reads) add({v.index, end_ && shaken_[v.index] ? Literal::Kind::any : Literal::Kind::is_known, 0});
    // On the way back it may also be passed over, where what it gives is there already.
    const bool may_be_passed_over = end_ && std::any_of(op.requires_.begin(), op.requires_.end(), [&](const auto& r) { return model_.holds(r.constraint) && !untouched(r.formula); });
    each_assignment(op, [&](const task::Assignment& a) {
      give(a);
      if (may_be_passed_over && is_constant(a.to)) add({a.variable.index, Literal::Kind::is, node(a.to).a});
      if (a.when) want_any(a.when);  // that it is not known can be of use as well
    });
    for (std::uint32_t r : model_.operators[o].rules) want_kept(r);
    for (Var v : model_.operators[o].writes) want_back(v);
  }

  void want_kept(std::uint32_t r) {
    if (!model_.holds(task_.rules[r].constraint)) return;
    want(task_.rules[r].formula, true);
    if (model_.rules[r].latent) want_any(task_.rules[r].formula);  // so that it does not bind too early
  }

  void want_back(Var v) {
    for (std::uint32_t d : model_.disrupts_of[v]) want(task_.disrupts_when[d].formula, false);
    if (!model_.restorable(v)) return;
    add({v, Literal::Kind::is, task_.variables[Id<task::Variable>(v)].restore.index});
    if (end_) add({v, Literal::Kind::is, (*end_)[v]});
    for (std::size_t i = 0; i < either_or_.size() && model_.wished[v]; ++i) excuse(i, v);
  }

  std::set<Val>& gives(Var v) {
    if (given_at_[v] == 0) {
      given_at_[v] = static_cast<std::uint32_t>(gives_.size());
      gives_.emplace_back();
    }
    return gives_[given_at_[v]];
  }

  /// The values that the variable may become: what is not a constant is as it is now while nothing touches it, and may be anything later.
  void give(const task::Assignment& a) {
    auto& given = gives(a.variable.index);
    const std::size_t before = given.size();
    if (a.when) given.insert(0);
    if (is_constant(a.to)) {
      given.insert(node(a.to).a);
    } else if (untouched(a.to)) {
      given.insert(model_.evaluate.value(a.to, from_));
      copies_.insert(&a);
    } else {
      given.insert(0);
      if (is_variable(a.to)) {
        const auto& of = gives_[given_at_[node(a.to).a]];
        given.insert(of.begin(), of.end());
      }
      copies_.insert(&a);
    }
    given_more_ = given_more_ || given.size() != before;
  }

  const Model& model_;
  const task::Task& task_;
  const State& from_;
  mutable State scratch_;
  const bool narrow_;
  std::vector<bool> taken_;
  std::vector<bool> shaken_;  // per variable: a fault that is to be withstood may change it
  std::vector<std::uint32_t> given_at_;  // per variable, its place in `gives_`; 0: nothing touches it
  std::deque<std::set<Val>> gives_;      // the values that operators may give it; the first is empty
  std::vector<EitherOr> either_or_;
  std::set<Literal> wanted_;
  std::set<Literal> served_;
  std::set<std::pair<std::uint32_t, bool>> alternatives_;  // formulas that hold as it is: looked at again when more is found
  std::set<const task::Assignment*> copies_;  // of operators that are taken; their right-hand sides are read
  bool given_more_ = false;
  std::set<std::uint32_t> choices_;  // likewise: an `if` whose condition is known
  std::size_t seen_ = 0;
  std::uint32_t never_ = ~0u;
  const State* end_ = nullptr;  // on the way back: the plan's
};

}  // namespace

Relevant relevant(const Model& model, std::span<const std::uint32_t> wishes, const State& from, bool narrow) {
  Closure closure(model, from, narrow);
  if (!model.task.withstand.empty()) closure.want_what_faults_read();
  for (std::uint32_t w : wishes)
    if (model.holds(model.task.wishes[w].constraint)) closure.wish(model.task.wishes[w].formula);
  for (std::uint32_t r = 0; r < model.task.rules.size(); ++r) {
    const auto& rule = model.task.rules[r];
    if (!rule.repaired || !model.holds(rule.constraint)) continue;
    closure.wish(rule.formula);
    if (model.rules[r].latent) closure.want_any(rule.formula);
  }
  return closure.run();
}

Relevant relevant_back(const Model& model, const State& from, std::span<const Strayed> strayed, std::uint32_t never, const State& end) {
  Closure closure(model, from, false);
  return closure.go_back(strayed, never, end);
}

}  // namespace exm::planning
