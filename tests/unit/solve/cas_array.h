// Seed 0 by hand: hosts behind NLB, grounded without the language, so that the planner is tested alone.
#pragma once

#include <string>
#include <vector>

#include "compiler/ground/formulas.h"
#include "compiler/ground/task.h"

namespace exm::testing {

/// Variables of one host of the array.
struct Host {
  Id<task::Variable> mode, initial, up, health, reboot_pending, build, forefront, maintenance;
};

class CasArray {
 public:
  explicit CasArray(int hosts, int needed) : builder(task) {
    task.minimize = {program::Measure::disruption, program::Measure::duration, program::Measure::cost, program::Measure::away};
    for (int i = 0; i < hosts; ++i) add_host(i);
    for (std::size_t i = 0; i < all.size(); ++i) add_operators(static_cast<std::uint32_t>(i));
    add_rules(needed);
  }

  task::Task task;
  task::Builder builder;
  std::vector<Host> all;

  task::NodeId value(const std::string& name) { return builder.constant(text(name)); }
  task::NodeId var(Id<task::Variable> v) { return builder.variable(v); }
  task::NodeId is(Id<task::Variable> v, const std::string& name) { return node(task::NodeOp::equal, {var(v), value(name)}); }
  task::NodeId not_(task::NodeId a) { return node(task::NodeOp::not_, {a}); }
  task::NodeId node(task::NodeOp op, std::vector<task::NodeId> operands) { return builder.node(op, operands); }
  task::NodeId serving(const Host& h) { return node(task::NodeOp::and_, {is(h.mode, "started"), var(h.up)}); }
  Id<task::Constraint> constraint(task::Constraint::Kind kind, const std::string& name) {
    places += 10;
    return task.constraints.add({kind, name, name, name, Span{0, places, places + 5}});
  }
  void rule(const std::string& name, task::NodeId formula, bool of_steps = false) {
    task::Rule r{};
    r.formula = formula;
    r.constraint = constraint(task::Constraint::Kind::rule, name);
    r.of_steps = of_steps;
    task.rules.push_back(r);
  }
  void keep(const std::string& name, task::NodeId formula) {
    task::Rule r{};
    r.formula = formula;
    r.constraint = constraint(task::Constraint::Kind::keep, name);
    task.rules.push_back(r);
  }
  task::NodeId serving_at_least(int n) {
    std::vector<task::NodeId> terms;
    for (const auto& h : all) terms.push_back(serving(h));
    return node(task::NodeOp::less_equal, {integer(n), node(task::NodeOp::count, terms)});
  }

 private:
  std::uint32_t places = 0;

  task::ValueId text(const std::string& name) {
    program::Value v;
    v.tag = program::Value::Tag::enumerator;
    v.text = name;
    return builder.value(v);
  }
  task::ValueId boolean(bool b) { return b ? task::true_ : task::false_; }
  task::NodeId integer(int n) {
    program::Value v;
    v.tag = program::Value::Tag::integer;
    v.number = n;
    return builder.constant(builder.value(v));
  }
  Id<task::Variable> variable(const std::string& name, std::uint32_t object, task::ValueId start) {
    task::Variable v;
    v.name = name;
    v.object = Id<program::Object>(object);
    v.start = v.restore = start;
    v.restoration = constraint(task::Constraint::Kind::restoration, name);
    return task.variables.add(v);
  }

  void add_host(int i) {
    const std::string s = "EX" + std::to_string(i + 3), h = "casnlb.hosts." + s;
    const auto o = static_cast<std::uint32_t>(i * 4);
    Host host;
    host.up = variable(s + ".up", o, task::true_);
    host.health = variable(s + ".health", o, text("good"));
    host.reboot_pending = variable(s + ".reboot_pending", o, task::false_);
    host.build = variable(s + ".build", o, text("SP1"));
    host.forefront = variable(s + ".forefront.enabled", o + 1, task::true_);
    host.maintenance = variable(s + ".scom.maintenance", o + 2, task::false_);
    host.mode = variable(h + ".mode", o + 3, text("started"));
    host.initial = variable(h + ".initial", o + 3, text("started"));
    all.push_back(host);
    task.wishes.push_back({is(host.build, "UR5"), constraint(task::Constraint::Kind::wish, s + " has UR5")});
    task.disrupts_when.push_back({node(task::NodeOp::and_, {is(host.mode, "started"), not_(var(host.up))}), Id<program::Object>(o + 3)});
  }

  using Set = std::pair<Id<task::Variable>, task::NodeId>;

  void add(std::uint32_t server, const std::string& name, task::Seconds takes, std::vector<task::NodeId> needs, std::vector<Set> during,
           std::vector<Set> effects, bool uses_nlb = false, task::Seconds disrupts = 0) {
    task::Operator op;
    op.title = name + " EX" + std::to_string(server / 4 + 3);
    program::Value host;
    host.tag = program::Value::Tag::object;
    host.object = Id<program::Object>(server);
    op.on = builder.constant(builder.value(host));
    if (uses_nlb) op.uses.push_back(Id<program::Object>(1000u));
    for (auto n : needs) op.requires_.push_back({n, constraint(task::Constraint::Kind::requirement, name)});
    for (auto& [v, n] : during) op.during.push_back({v, n, {}});
    op.effects.kind = task::Effect::Kind::sequence;
    for (auto& [v, n] : effects) op.effects.parts.push_back({task::Effect::Kind::together, {{v, n, {}}}, {}});
    op.takes = takes;
    if (disrupts > 0) op.disrupts.push_back({Id<program::Object>(server), disrupts});
    task.operators.add(std::move(op));
  }

  void add_operators(std::uint32_t i) {
    const Host& h = all[i];
    const std::uint32_t s = i * 4;
    const auto yes = builder.constant(task::true_), no = builder.constant(task::false_), doubtful = builder.constant(task::unknown);
    const auto not_pending = node(task::NodeOp::equal, {var(h.reboot_pending), no});
    const auto known_build = node(task::NodeOp::known, {var(h.build)});
    add(s, "drain", 900, {is(h.mode, "started")}, {{h.mode, value("draining")}}, {{h.mode, value("stopped")}}, true);
    add(s, "stop", 60, {var(h.up)}, {}, {{h.mode, value("stopped")}}, true, 1);
    add(s, "start", 60, {var(h.up), node(task::NodeOp::or_, {is(h.mode, "draining"), is(h.mode, "stopped")}), var(h.forefront)}, {},
        {{h.mode, value("started")}}, true);
    add(s, "hold", 60, {var(h.up)}, {}, {{h.initial, value("stopped")}}, true);
    add(s, "release", 60, {var(h.up)}, {}, {{h.initial, value("started")}}, true);
    add(s, "silence", 60, {}, {}, {{h.maintenance, yes}});
    add(s, "speak", 60, {}, {}, {{h.maintenance, no}});
    add(s, "forefront_off", 120, {var(h.up), is(h.mode, "stopped")}, {}, {{h.forefront, no}});
    add(s, "forefront_on", 120, {var(h.up), is(h.health, "good"), not_pending}, {}, {{h.forefront, yes}});
    add(s, "install", 1800, {var(h.up), not_(var(h.forefront)), is(h.mode, "stopped")}, {{h.build, doubtful}},
        {{h.health, doubtful}, {h.reboot_pending, doubtful}, {h.build, value("UR5")}});
    add(s, "reboot", 480, {var(h.up), known_build}, {{h.up, no}}, {{h.health, doubtful}, {h.reboot_pending, no}, {h.mode, var(h.initial)}});
    add(s, "verify", 600, {var(h.up), not_pending, known_build}, {}, {{h.health, value("good")}});
  }

  void add_rules(int needed) {
    rule("enough_hosts_serve", serving_at_least(needed));
    for (const auto& h : all) {
      rule("no_unverified_server_serves", node(task::NodeOp::or_, {not_(serving(h)), is(h.health, "good")}));
      rule("no_unverified_server_rejoins", node(task::NodeOp::or_, {not_(is(h.initial, "started")), is(h.health, "good")}));
      rule("no_false_alarms", node(task::NodeOp::or_, {var(h.maintenance), node(task::NodeOp::and_, {var(h.up), is(h.health, "good")})}), true);
      rule("forefront_off_in_maintenance", node(task::NodeOp::or_, {var(h.forefront), var(h.maintenance)}));
    }
  }
};

}  // namespace exm::testing
