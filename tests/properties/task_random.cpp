#include "tests/properties/task_random.h"

#include <algorithm>
#include <random>

#include "compiler/ground/formulas.h"
#include "tests/properties/task_naive.h"

namespace exm::naive {

namespace {

using task::NodeId;
using task::NodeOp;
using program::Measure;
using Kind = task::Constraint::Kind;

class Maker {
 public:
  Maker(std::uint64_t seed, const Shape& shape) : random_(seed * 7919 + 17), shape_(shape), builder_(task_) {}

  task::Task make() {
    objects_ = 1 + below(3);
    hosts_ = 1 + below(shape_.hosts);
    make_variables();
    make_operators();
    make_rules();
    make_wishes();
    make_returns();
    make_limits();
    return std::move(task_);
  }

 private:
  int below(int n) { return static_cast<int>(random_() % static_cast<std::uint64_t>(n)); }
  bool chance(int percent) { return below(100) < percent; }
  template <class T>
  const T& any(const std::vector<T>& list) { return list[static_cast<std::size_t>(below(static_cast<int>(list.size())))]; }

  Id<task::Constraint> constraint(Kind kind, const std::string& name) {
    if (!chance(25)) place_ += 10;  // else another instance of the same place
    return task_.constraints.add({kind, name, name, name, Span{0, place_, place_ + 5}});
  }

  void make_variables() {
    const auto name = [&](const char* text) {
      program::Value v;
      v.tag = program::Value::Tag::enumerator;
      v.text = text;
      return builder_.value(v);
    };
    const std::vector<task::ValueId> letters{name("a"), name("b"), name("c")};
    const int n = shape_.variables - below(shape_.variables / 2);
    for (int i = 0; i < n; ++i) {
      values_.push_back(chance(60) ? std::vector<task::ValueId>{task::false_, task::true_} : letters);
      task::Variable v;
      const int object = below(objects_);
      v.name = "o" + std::to_string(object) + ".v" + std::to_string(i);
      v.object = Id<program::Object>(static_cast<std::uint32_t>(object));
      v.start = v.restore = chance(6) ? task::unknown : any(values_.back());
      if (v.start == task::unknown) v.free = task::Variable::Free::unknown_at_start;
      if (chance(12)) v.free = chance(50) ? task::Variable::Free::lasting : task::Variable::Free::left;
      if (shape_.strayed && v.free == task::Variable::Free::no && chance(35)) v.start = any(values_.back());
      v.restoration = constraint(Kind::restoration, v.name);
      task_.variables.add(v);
    }
  }

  Id<task::Variable> variable() { return Id<task::Variable>(static_cast<std::uint32_t>(below(static_cast<int>(values_.size())))); }
  NodeId var(Id<task::Variable> v) { return builder_.variable(v); }
  NodeId number(int n) {
    program::Value v;
    v.tag = program::Value::Tag::integer;
    v.number = n;
    return builder_.constant(v);
  }

  NodeId atom() {
    const auto v = variable();
    const auto& of = values_[v.index];
    if (chance(6)) return builder_.node(NodeOp::known, {var(v)});
    if (of.size() == 3 && chance(25))
      return builder_.node(NodeOp::in, {var(v), builder_.node(NodeOp::set, {builder_.constant(any(of)), builder_.constant(of[0])})});
    const NodeId plain = of.size() == 2 && chance(60) ? var(v) : builder_.node(NodeOp::equal, {var(v), builder_.constant(any(of))});
    return chance(30) ? builder_.not_(plain) : plain;
  }

  NodeId formula(int depth) {
    if (depth == 0 || chance(25)) return atom();
    switch (below(7)) {
      case 0: return builder_.not_(formula(depth - 1));
      case 1: return builder_.both(formula(depth - 1), formula(depth - 1));
      case 2: case 3: case 4: return builder_.node(NodeOp::or_, {formula(depth - 1), formula(depth - 1)});
      case 5: {
        std::vector<NodeId> terms;
        for (int i = 2 + below(2); i > 0; --i) terms.push_back(atom());
        return builder_.node(NodeOp::less_equal, {number(1 + below(2)), builder_.node(NodeOp::count, terms)});
      }
      default: {
        std::vector<NodeId> terms;
        for (int i = 2; i > 0; --i) terms.push_back(builder_.node(NodeOp::if_, {atom(), number(1 + below(3)), number(0)}));
        return builder_.node(NodeOp::less_equal, {builder_.node(NodeOp::sum, terms), number(1 + below(4))});
      }
    }
  }

  NodeId value_for(Id<task::Variable> v) {
    if (chance(8)) return builder_.constant(task::unknown);
    if (chance(8)) {
      const auto other = variable();
      if (values_[other.index] == values_[v.index]) return var(other);
    }
    return builder_.constant(any(values_[v.index]));
  }

  task::Assignment assignment(Id<task::Variable> v) {
    task::Assignment a{v, value_for(v), {}};
    if (chance(12)) a.when = atom();
    return a;
  }

  task::Effect one(task::Assignment a) { return {task::Effect::Kind::together, {std::move(a)}, {}}; }

  /// `v := to`, and perhaps more, each variable once.
  task::Effect effects(Id<task::Variable> v, NodeId to) {
    task::Assignment main{v, to, {}};
    if (chance(8)) main.when = atom();
    std::vector<task::Assignment> all{main};
    std::vector<bool> written(values_.size(), false);
    written[v.index] = true;
    for (int more = chance(40) ? 1 + below(2) : 0; more > 0; --more) {
      const auto w = variable();
      if (written[w.index]) continue;
      written[w.index] = true;
      all.insert(all.begin() + below(static_cast<int>(all.size()) + 1), assignment(w));
    }
    if (all.size() > 1 && chance(30)) return {task::Effect::Kind::together, all, {}};
    task::Effect out;
    out.kind = chance(65) ? task::Effect::Kind::sequence : task::Effect::Kind::any_order;
    for (auto& a : all) out.parts.push_back(one(a));
    if (out.kind == task::Effect::Kind::sequence && chance(10)) out.parts.push_back(one({v, to, {}}));
    return out;
  }

  void make_operators() {
    const int n = shape_.operators - below(shape_.operators / 2);
    Id<task::Variable> previous;
    for (int i = 0; i < n; ++i) {
      task::Operator op;
      op.action = Id<program::Action>(static_cast<std::uint32_t>(i));
      op.title = "p" + std::to_string(i);
      const bool back = previous && chance(65);  // the way back of the one before
      const auto v = back ? previous : variable();
      const auto start = task_.variables[v].restore;
      const NodeId to = back && start != task::unknown ? builder_.constant(start) : value_for(v);
      previous = back ? Id<task::Variable>() : v;
      op.effects = back && chance(75) ? one({v, to, {}}) : effects(v, to);
      if (made_.size() > 1 && !back && chance(60)) {  // what another one makes
        const auto& [w, made] = any(made_);
        if (w != v) op.requires_.push_back({builder_.node(NodeOp::equal, {var(w), made}), constraint(Kind::requirement, op.title)});
      }
      if (!back) made_.emplace_back(v, to);
      if (chance(90)) {
        program::Value host;
        host.tag = program::Value::Tag::object;
        host.object = Id<program::Object>(static_cast<std::uint32_t>(below(hosts_)));
        op.on = builder_.constant(host);
      }
      if (chance(12)) op.uses.push_back(Id<program::Object>(std::uint32_t{0}));
      for (int r = chance(35) ? 1 : 0; r > 0; --r) op.requires_.push_back({chance(70) ? atom() : formula(1), constraint(Kind::requirement, op.title)});
      if (chance(30)) op.during.push_back(chance(80) ? task::Assignment{v, value_for(v), {}} : assignment(variable()));
      if (chance(5)) op.reads.push_back(variable());
      op.takes = 1 + below(5);
      op.cost = chance(80) ? 1 : below(4);
      if (chance(8)) op.disrupts.push_back({Id<program::Object>(static_cast<std::uint32_t>(below(objects_))), 1 + below(4)});
      if (chance(7)) op.forbidden = constraint(Kind::forbid, op.title);
      task_.operators.add(std::move(op));
    }
  }

  bool holds_at_start(NodeId formula) const { return truth(task_, formula, start_of(task_)) == Truth::yes; }

  void make_rules() {
    for (int i = below(3); i > 0; --i) {
      task::Rule rule{};
      if (shape_.latent) rule.of_steps = chance(20);
      if (shape_.latent) rule.repaired = !rule.of_steps && chance(15);
      for (int attempt = 0; attempt < 8; ++attempt) {
        rule.formula = formula(2);
        if (holds_at_start(rule.formula) != (rule.of_steps || rule.repaired) || chance(10)) break;
      }
      if (!rule.of_steps && !rule.repaired && !holds_at_start(rule.formula)) continue;
      rule.constraint = constraint(chance(30) ? Kind::keep : Kind::rule, "r" + std::to_string(i));
      if (task_.constraints[rule.constraint].kind == Kind::rule) rule.rule = Id<program::Rule>(static_cast<std::uint32_t>(i));
      task_.rules.push_back(rule);
    }
    for (int i = below(3); i > 0; --i) {
      const auto object = Id<program::Object>(static_cast<std::uint32_t>(below(objects_)));
      task_.disrupts_when.push_back({chance(60) ? atom() : formula(1), object});
    }
  }

  void make_wishes() {
    const int n = chance(6) && shape_.latent ? 0 : 1 + below(3);
    int tries = 10;
    for (int i = n; i > 0; --i) {
      NodeId wish = formula(1);
      if (chance(90)) {
        const auto& op = task_.operators[Id<task::Operator>(static_cast<std::uint32_t>(below(static_cast<int>(task_.operators.size()))))];
        const task::Effect* effect = &op.effects;
        while (effect->assignments.empty()) effect = &effect->parts.front();
        const auto& a = effect->assignments.front();
        if (a.to == builder_.constant(task_.variables[a.variable].start) && chance(80)) {
          if (--tries > 0) ++i;
          continue;  // it holds already
        }
        if (a.to != builder_.constant(task::unknown)) wish = builder_.node(NodeOp::equal, {var(a.variable), a.to});
      }
      task_.wishes.push_back({wish, constraint(Kind::wish, "w" + std::to_string(i))});
    }
  }

  NodeId with(NodeId formula, Id<task::Variable> v, NodeId value) {
    const task::Node node = task_.formulas.nodes[formula.index];
    if (node.op == NodeOp::variable) return node.a == v.index ? value : formula;
    if (node.op == NodeOp::constant) return formula;
    std::vector<NodeId> operands;
    for (std::uint32_t i = 0; i < node.count; ++i) operands.push_back(with(task_.formulas.operands[node.first + i], v, value));
    return builder_.node(node.op, operands);
  }

  bool is_written(Id<task::Variable> v) const {
    return std::any_of(task_.operators.begin(), task_.operators.end(), [&](const task::Operator& op) { return assigns(op.effects, v); });
  }

  /// What is other than it is to be restored is to be put back, unless that alone would break a wish. What no step changes is left.
  void make_returns() {
    std::vector<NodeId> goals;
    for (const auto& wish : task_.wishes) goals.push_back(wish.formula);
    for (const auto& rule : task_.rules)
      if (rule.repaired) goals.push_back(rule.formula);
    for (std::uint32_t i = 0; i < task_.variables.size(); ++i) {
      const Id<task::Variable> v(i);
      const auto restore = task_.variables[v].restore;
      if (task_.variables[v].free != task::Variable::Free::no || task_.variables[v].start == restore) continue;
      if (!is_written(v)) {
        task_.variables[v].free = task::Variable::Free::left;
        task_.variables[v].restoration = {};
        continue;
      }
      std::vector<NodeId> ways{builder_.node(NodeOp::equal, {var(v), builder_.constant(restore)})};
      for (NodeId goal : goals) {
        const NodeId then = with(goal, v, builder_.constant(restore));
        ways.push_back(builder_.not_(builder_.both(builder_.node(NodeOp::known, {then}), then)));
      }
      const NodeId wish = builder_.node(NodeOp::or_, ways);
      if (!builder_.is(wish, task::true_)) task_.wishes.push_back({wish, task_.variables[v].restoration, v});
    }
  }

  void make_limits() {
    task_.minimize = {Measure::disruption, Measure::duration, Measure::cost, Measure::away};
    if (chance(50)) std::shuffle(task_.minimize.begin(), task_.minimize.end(), random_);
    if (chance(15)) {
      task_.at_most = 1 + below(2);
      task_.at_most_constraint = constraint(Kind::at_most, "at most");
    }
    if (!shape_.withstand || !chance(12)) return;
    task_.withstand.push_back({Id<program::Fault>(std::uint32_t{0}), 1 + below(2), constraint(Kind::keep, "withstand")});
    for (int i = 1 + below(2); i > 0; --i) task_.faults.push_back({Id<program::Fault>(std::uint32_t{0}), {}, one(assignment(variable()))});
    const World world(task_);
    if (const Values start = start_of(task_); !world.fine(start, world.binding(start))) task_.withstand.clear();
  }

  std::mt19937_64 random_;
  const Shape& shape_;
  task::Task task_;
  task::Builder builder_;
  int objects_ = 1, hosts_ = 1;
  std::uint32_t place_ = 0;
  std::vector<std::pair<Id<task::Variable>, NodeId>> made_;
  std::vector<std::vector<task::ValueId>> values_;
};

}  // namespace

bool assigns(const task::Effect& effect, Id<task::Variable> v) {
  return std::any_of(effect.assignments.begin(), effect.assignments.end(), [&](const task::Assignment& a) { return a.variable == v; }) ||
         std::any_of(effect.parts.begin(), effect.parts.end(), [&](const task::Effect& part) { return assigns(part, v); });
}

task::Task random_task(std::uint64_t seed, const Shape& shape) { return Maker(seed, shape).make(); }

}  // namespace exm::naive
