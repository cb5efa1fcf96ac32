// A valid plan in a few lines: two servers of a cluster get a build one after the other, and one of them always serves.
#pragma once

#include <string>
#include <vector>

#include "runtime/plan/plan.h"

namespace exm::test {

using plan::Expression;
using plan::Operator;
using plan::Value;

inline Expression constant(const Value& v) {
  return {Operator::constant, v, "", 0, {}};
}
inline Expression word(const std::string& s) {
  return constant(plan::text(s));
}
inline Expression flag(bool b) {
  return constant(plan::boolean(b));
}
inline Expression number(std::int64_t n) {
  return constant(plan::integer(n));
}
inline Value version_value(const std::string& s) {
  return {Value::Type::version, 0, s, {}};
}
inline Expression var(const std::string& name) {
  return {Operator::variable, {}, name, 0, {}};
}
inline Expression make(Operator op, std::vector<Expression> operands) {
  return {op, {}, "", 0, std::move(operands)};
}
inline Expression is(const std::string& name, const Expression& value) {
  return make(Operator::equal, {var(name), value});
}
inline plan::Assignment set(const std::string& name, Expression to) {
  return {name, std::move(to), std::nullopt};
}

inline plan::Effect together(std::vector<plan::Assignment> assignments) {
  return {plan::Effect::Kind::together, std::move(assignments), {}};
}
inline plan::Effect sequence(std::vector<plan::Effect> parts) {
  return {plan::Effect::Kind::sequence, {}, std::move(parts)};
}
inline plan::Effect any_order(std::vector<plan::Effect> parts) {
  return {plan::Effect::Kind::any_order, {}, std::move(parts)};
}

inline plan::Step& add_step(plan::Plan& plan, const std::string& id, const std::string& shape,
                            std::vector<std::string> objects, std::vector<std::string> after) {
  plan::Step step;
  step.id = id;
  step.step_template = shape;
  step.objects = std::move(objects);
  step.after = std::move(after);
  plan.steps.push_back(step);
  return plan.steps.back();
}

inline plan::Template& add_template(plan::Plan& plan, const std::string& name, std::vector<Expression> requires_,
                                    std::vector<plan::Assignment> during, plan::Effect effects, plan::Seconds takes) {
  plan::Template& shape = plan.templates[name];
  shape.action = name;
  shape.title = name + " $0";
  shape.on = "$0";
  for (Expression& formula : requires_) shape.requires_.push_back({std::move(formula), ""});
  shape.during = std::move(during);
  shape.effects = std::move(effects);
  shape.takes = takes;
  return shape;
}

inline void add_rule(plan::Plan& plan, const std::string& id, Expression formula,
                     std::vector<std::vector<std::string>> instances = {}) {
  plan::Rule rule;
  rule.id = id;
  rule.formula = {std::move(formula), std::move(instances)};
  plan.rules.push_back(rule);
}

/// Steps a1..a4 on server A, then b1..b4 on server B: drain, install, check, start.
inline plan::Plan small_plan() {
  plan::Plan plan;
  plan.maintenance = "small";
  plan::Kind& server = plan.kinds["server"];
  const auto state = [&](const std::string& name, plan::Type::Kind type, const Value& value) {
    server.states[name] = {{type, {}, "", {}}, value, false};
  };
  state("mode", plan::Type::Kind::enumeration, plan::text("started"));
  server.states["mode"].type.names = {"started", "draining", "stopped"};
  state("good", plan::Type::Kind::boolean, plan::boolean(true));
  state("build", plan::Type::Kind::version, version_value("1.0"));
  plan.objects["A"].kind = plan.objects["B"].kind = "server";

  add_template(plan, "drain", {is("$0.mode", word("started"))}, {set("$0.mode", word("draining"))},
               together({set("$0.mode", word("stopped"))}), 900);
  add_template(plan, "install", {is("$0.mode", word("stopped"))}, {set("$0.build", constant(plan::unknown()))},
               sequence({together({set("$0.good", constant(plan::unknown()))}),
                         together({set("$0.build", constant(version_value("2.0")))})}),
               1800);
  add_template(plan, "check", {make(Operator::known, {var("$0.build")})}, {}, together({set("$0.good", flag(true))}),
               600);
  add_template(plan, "start", {is("$0.mode", word("stopped"))}, {}, together({set("$0.mode", word("started"))}), 60);
  const std::vector<std::string> shapes{"drain", "install", "check", "start"};
  std::string last;
  for (const std::string server_name : {"A", "B"}) {
    for (std::size_t i = 0; i < shapes.size(); ++i) {
      const std::string id = (server_name == "A" ? "a" : "b") + std::to_string(i + 1);
      add_step(plan, id, shapes[i], {server_name},
               last.empty() ? std::vector<std::string>{} : std::vector<std::string>{last});
      last = id;
    }
  }
  add_rule(plan, "one_serves",
           make(Operator::greater_equal,
                {make(Operator::count, {is("A.mode", word("started")), is("B.mode", word("started"))}), number(1)}));
  add_rule(plan, "serving_is_good",
           make(Operator::or_, {make(Operator::not_, {is("$0.mode", word("started"))}), var("$0.good")}),
           {{"A"}, {"B"}});
  for (const std::string server_name : {"A", "B"}) {
    plan.achieve.push_back(
        make(Operator::greater_equal, {var(server_name + ".build"), constant(version_value("2.0"))}));
    plan.free[server_name + ".build"] = {plan::Free::Why::achieved, version_value("2.0")};
  }
  plan.limits.allow = shapes;  // no way back from any; retreat_plan.h has them
  return plan;
}

}  // namespace exm::test
