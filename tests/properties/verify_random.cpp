#include "tests/properties/verify_random.h"

#include <algorithm>
#include <random>
#include <set>

#include "runtime/plan/paths.h"
#include "runtime/verify/evaluate.h"
#include "tests/properties/verify_naive.h"

namespace exm::naive {
namespace {

using plan::Effect;
using plan::Expression;
using plan::Operator;
using plan::Value;

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : random_(seed) {}
  int below(int n) { return static_cast<int>(random_() % static_cast<std::uint64_t>(n)); }
  bool chance(int percent) { return below(100) < percent; }

 private:
  std::mt19937_64 random_;
};

struct Variable {
  std::string name;
  std::vector<Value> values;
};

class Maker {
 public:
  explicit Maker(std::uint64_t seed) : dice_(seed) {}

  plan::Plan make() {
    make_variables();
    make_steps();
    if (dice_.chance(15)) make_slots();
    if (dice_.chance(15)) plan_.limits.at_most = 1 + dice_.below(2);
    if (dice_.chance(20)) make_faults();
    make_rules();
    make_wishes();
    if (dice_.chance(15)) plan_.disrupts_when.push_back({formula(1), {}});
    make_free();
    if (dice_.chance(70))
      make_retreats();
    else
      plan_.limits.allow = {"act", "other"};
    return plan_;
  }

 private:
  void make_variables() {
    plan::Kind& kind = plan_.kinds["thing"];
    const int n = 2 + dice_.below(4);
    for (int i = 0; i < n; ++i) {
      plan::State state;
      Variable variable{"o.v" + std::to_string(i), {}};
      if (dice_.chance(60)) {
        variable.values = {plan::boolean(true), plan::boolean(false)};
      } else {
        state.type.kind = plan::Type::Kind::enumeration;
        state.type.names = {"a", "b", "c"};
        variable.values = {plan::text("a"), plan::text("b"), plan::text("c")};
      }
      state.default_value = dice_.chance(7) ? plan::unknown() : variable.values[0];
      state.lasting = dice_.chance(10);
      kind.states["v" + std::to_string(i)] = state;
      variables_.push_back(variable);
    }
    plan_.objects["o"].kind = "thing";
  }

  const Variable& variable() { return variables_[dice_.below(static_cast<int>(variables_.size()))]; }

  static Expression constant(const Value& v) { return {Operator::constant, v, "", 0, {}}; }
  static Expression named(const std::string& name) { return {Operator::variable, {}, name, 0, {}}; }
  static Expression make(Operator op, std::vector<Expression> operands) { return {op, {}, "", 0, std::move(operands)}; }

  Value value_for(const Variable& v) {
    return dice_.chance(10) ? plan::unknown() : v.values[dice_.below(static_cast<int>(v.values.size()))];
  }

  Expression atom() {
    const Variable& v = variable();
    if (dice_.chance(6)) return make(Operator::known, {named(v.name)});
    const Expression value = constant(v.values[dice_.below(static_cast<int>(v.values.size()))]);
    if (v.values.size() == 3 && dice_.chance(30)) {
      return make(Operator::in, {named(v.name), make(Operator::set, {value, constant(v.values[0])})});
    }
    if (v.values.size() == 2 && dice_.chance(40)) return named(v.name);
    return make(dice_.chance(70) ? Operator::equal : Operator::not_equal, {named(v.name), value});
  }

  Expression formula(int depth) {
    if (depth == 0 || dice_.chance(25)) return atom();
    switch (dice_.below(7)) {
      case 0:
        return make(Operator::not_, {formula(depth - 1)});
      case 1:
        return make(Operator::and_, {formula(depth - 1), formula(depth - 1)});
      case 2:
      case 3:
      case 6:
        return make(Operator::or_, {formula(depth - 1), formula(depth - 1)});
      case 4: {
        std::vector<Expression> terms;
        for (int i = 2 + dice_.below(2); i > 0; --i) terms.push_back(atom());
        return make(Operator::greater_equal,
                    {make(Operator::count, terms), constant(plan::integer(1 + dice_.below(2)))});
      }
      default: {
        std::vector<Expression> terms;
        for (int i = 2; i > 0; --i) {
          terms.push_back(
              make(Operator::if_, {atom(), constant(plan::integer(1 + dice_.below(3))), constant(plan::integer(0))}));
        }
        return make(Operator::less_equal, {make(Operator::sum, terms), constant(plan::integer(1 + dice_.below(4)))});
      }
    }
  }

  plan::Assignment assignment() {
    const Variable& v = variable();
    plan::Assignment a{v.name, constant(value_for(v)), std::nullopt};
    if (dice_.chance(12)) a.to = named(same_type(v).name);
    if (dice_.chance(20)) a.when = atom();
    return a;
  }

  const Variable& same_type(const Variable& v) {
    for (int i = 0; i < 4; ++i) {
      const Variable& other = variable();
      if (other.values == v.values) return other;
    }
    return v;
  }

  Effect effect(int depth) {
    Effect e;
    const int parts = 1 + dice_.below(depth == 0 ? 2 : 3);
    if (depth == 0 || dice_.chance(45)) {
      for (int i = 0; i < (dice_.chance(75) ? 1 : parts); ++i) e.assignments.push_back(assignment());
      return e;
    }
    e.kind = dice_.chance(60) ? Effect::Kind::sequence : Effect::Kind::any_order;
    for (int i = 0; i < parts; ++i) e.parts.push_back(effect(depth - 1));
    return e;
  }

  static void names_in(const Expression& e, std::set<std::string>& names) {
    if (e.op == Operator::variable) names.insert(e.text);
    for (const Expression& operand : e.operands) names_in(operand, names);
  }

  static void names_in(const Effect& e, std::set<std::string>& names) {
    for (const plan::Assignment& a : e.assignments) {
      names.insert(a.variable);
      names_in(a.to, names);
      if (a.when) names_in(*a.when, names);
    }
    for (const Effect& part : e.parts) names_in(part, names);
  }

  static bool shares(const plan::Template& a, const plan::Template& b) {
    std::set<std::string> mine, theirs;
    for (const auto& [shape, names] : {std::pair{&a, &mine}, std::pair{&b, &theirs}}) {
      names_in(shape->effects, *names);
      names_in(Effect{Effect::Kind::together, shape->during, {}}, *names);
      for (const plan::Requirement& r : shape->requires_) names_in(r.formula, *names);
    }
    return (!a.on.empty() && a.on == b.on) ||
           std::any_of(mine.begin(), mine.end(), [&](const std::string& name) { return theirs.count(name) > 0; });
  }

  void make_steps() {
    const int n = 2 + dice_.below(4);
    const int density = dice_.below(50);
    for (int i = 0; i < n; ++i) {
      plan::Template shape;
      shape.action = dice_.chance(20) ? "other" : "act";
      if (dice_.chance(15)) shape.on = "o";
      if (dice_.chance(15)) shape.uses = {"o"};
      shape.takes = 60 * dice_.below(4);
      if (dice_.chance(40)) shape.during.push_back(assignment());
      shape.effects = effect(2);
      if (dice_.chance(20)) shape.requires_.push_back({formula(1), ""});
      plan::Step step;
      step.id = std::string(1, static_cast<char>('a' + i));
      step.step_template = "t" + std::to_string(i);
      for (int j = 0; j < i; ++j) {
        if (dice_.chance(density)) step.after.push_back(std::string(1, static_cast<char>('a' + j)));
      }
      for (int j = 0; j < i; ++j) {
        const bool touch = shares(shape, plan_.templates["t" + std::to_string(j)]);
        if (touch && dice_.chance(92)) step.after.push_back(std::string(1, static_cast<char>('a' + j)));
      }
      plan_.templates[step.step_template] = shape;
      plan_.steps.push_back(step);
    }
  }

  void make_slots() {
    plan_.limits.slots["s"] = 1 + dice_.below(2);
    for (std::size_t i = 0; i + 1 < plan_.steps.size(); ++i) {
      if (dice_.chance(45)) continue;
      plan_.steps[i].acquires.push_back("s");
      if (dice_.chance(90)) plan_.steps[dice_.chance(50) ? i : i + 1].releases.push_back("s");
    }
  }

  void make_faults() {
    plan::Fault fault;
    fault.id = "lost";
    fault.effects.assignments.push_back(assignment());
    plan_.faults.push_back(fault);
    plan_.limits.withstand.push_back({"lost", 1 + dice_.below(2)});
    if (dice_.chance(50)) return;
    fault.effects.assignments = {assignment()};
    plan_.faults.push_back(fault);  // another instance by the same name
  }

  void make_rules() {
    const World start = plan::start_world(plan_);
    const int n = 1 + dice_.below(3);
    for (int i = 0; i < n; ++i) {
      plan::Rule rule;
      rule.id = "r" + std::to_string(i);
      rule.of_steps = dice_.chance(15);
      rule.repaired = dice_.chance(10);
      for (int attempt = 0; attempt < 6; ++attempt) {
        rule.formula.formula = formula(2);
        if (truth(rule.formula.formula, start) == Truth::yes || rule.of_steps || rule.repaired) break;
      }
      plan_.rules.push_back(rule);
    }
  }

  void make_wishes() {
    const auto end = end_of(plan_);
    if (!end || dice_.chance(40)) return;
    for (int attempt = 0; attempt < 4; ++attempt) {
      const Expression wish = formula(1);
      if (truth(wish, *end) != Truth::yes && !dice_.chance(5)) continue;
      plan_.achieve.push_back(wish);
      return;
    }
  }

  void make_free() {
    const auto end = end_of(plan_);
    if (!end) return;
    const World start = plan::start_world(plan_);
    using Why = plan::Free::Why;
    for (const auto& [name, value] : *end) {
      if (same(value, start.at(name)) || dice_.chance(2)) continue;
      const Why why = dice_.chance(75) ? Why::left : dice_.chance(70) ? Why::achieved : Why::lasting;
      plan_.free[name] = {why, dice_.chance(98) ? value : plan::unknown()};
    }
  }

  /// For each variable a step that puts it back, and some that do more.
  void make_ways_back() {
    const World start = plan::start_world(plan_);
    for (const Variable& v : variables_) {
      plan::Template shape;
      shape.action = "back";
      shape.effects.assignments.push_back({v.name, constant(start.at(v.name)), std::nullopt});
      if (dice_.chance(20)) shape.effects = {Effect::Kind::sequence, {}, {shape.effects, effect(1)}};
      if (dice_.chance(20)) shape.during.push_back(assignment());
      if (dice_.chance(20)) shape.requires_.push_back({formula(1), ""});
      if (dice_.chance(85)) add_probes(shape, shape.effects);
      plan_.templates["back " + v.name] = shape;
    }
    for (int i = 0; i < 2; ++i) {
      plan::Template shape;
      shape.action = dice_.chance(50) ? "act" : "back";
      shape.effects = effect(1);
      add_probes(shape, shape.effects);
      plan_.templates["some " + std::to_string(i)] = shape;
    }
  }

  void add_probes(plan::Template& shape, const Effect& effect) {
    for (const plan::Assignment& a : effect.assignments) {
      shape.probes.emplace_back();
      shape.probes.back().variable = a.variable;
      if (dice_.chance(5)) shape.probes.pop_back();
    }
    for (const Effect& part : effect.parts) add_probes(shape, part);
  }

  void make_retreats() {
    make_ways_back();
    if (dice_.chance(10)) plan_.limits.allow.push_back("other");
    if (dice_.chance(3)) plan_.limits.forbid.push_back("back");
    if (!end_of(plan_)) return;
    for (std::size_t s = 0; s < plan_.steps.size(); ++s) {
      if (dice_.chance(3)) continue;
      plan::Retreat retreat;
      for (int attempt = 0; attempt < 5; ++attempt) {
        retreat = way_back(s);
        const auto open = open_after(plan_, s, retreat);
        if (!open && dice_.chance(90)) continue;
        if (open) retreat.open = *open;
        break;
      }
      if (dice_.chance(3)) disturb(retreat);
      plan_.steps[s].retreat = plan_.steps[s].id;
      plan_.retreats[plan_.steps[s].id] = retreat;
    }
  }

  plan::Retreat way_back(std::size_t s) {
    plan::Retreat retreat;
    std::set<std::string> names;
    names_in(plan_.templates.at(plan_.steps[s].step_template).effects, names);
    for (const std::string& name : names) {
      if (dice_.chance(55)) retreat.steps.push_back({"back " + name, {}, {}, {}});
    }
    if (dice_.chance(20)) retreat.steps.push_back({"back " + variable().name, {}, {}, {}});
    if (dice_.chance(12)) retreat.steps.push_back({"some " + std::to_string(dice_.below(2)), {}, {}, {}});
    if (dice_.chance(3)) retreat.steps.push_back({plan_.steps[s].step_template, {}, {}, {}});
    return retreat;
  }

  void disturb(plan::Retreat& retreat) {
    const Variable& v = variable();
    if (retreat.open.erase(v.name) == 0) retreat.open[v.name] = value_for(v);
  }

  Dice dice_;
  plan::Plan plan_;
  std::vector<Variable> variables_;
};

}  // namespace

plan::Plan random_plan(std::uint64_t seed) {
  return Maker(seed).make();
}

}  // namespace exm::naive
