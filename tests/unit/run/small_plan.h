// A plan for the tests of the runtime: hosts a and b are, one after the other, taken out, updated and brought back.
// out(h): mode started -> draining -> stopped; update(h): health unknown, then build 2; check(h): health good, no command;
// in(h): mode started. Every state but `marked` has a probe.
#pragma once

#include "runtime/plan/plan.h"

namespace exm::test {

using namespace plan;

inline Expression var(const std::string& path) { return {Operator::variable, {}, path, 0, {}}; }
inline Expression constant(Value value) { return {Operator::constant, std::move(value), {}, 0, {}}; }
inline Expression is(const std::string& path, Value value) {
  return {Operator::equal, {}, {}, 0, {var(path), constant(std::move(value))}};
}
inline Effect set(const std::string& path, Value value) {
  return {Effect::Kind::together, {{path, constant(std::move(value)), std::nullopt}}, {}};
}
inline Effect sequence(std::vector<Effect> parts) { return {Effect::Kind::sequence, {}, std::move(parts)}; }
inline Value version(const std::string& number) { return {Value::Type::version, 0, number, {}}; }
inline Probe probe(const std::string& path) {
  return {path, "shell", {{{Piece::Kind::text, "show " + path, {}, 0}}, {}}, {}, 5};
}

inline Template step_template(const std::string& action, Seconds takes) {
  Template shape;
  shape.action = action;
  shape.title = action + " $0";
  shape.on = "$0";
  shape.takes = takes;
  shape.run["shell"] = {{{Piece::Kind::text, action + " ", {}, 0}, {Piece::Kind::object, {}, {}, 0}}, {}};
  return shape;
}

inline Plan small_plan() {
  Plan plan;
  plan.maintenance = "small";
  const Type mode{Type::Kind::enumeration, {"started", "draining", "stopped"}, {}, {}};
  const Type health{Type::Kind::enumeration, {"good", "bad"}, {}, {}};
  auto& server = plan.kinds["server"];
  server.states["mode"] = {mode, text("started"), false};
  server.states["health"] = {health, text("good"), false};
  server.states["build"] = {Type{Type::Kind::version, {}, {}, {}}, version("1"), true};
  server.states["marked"] = {Type{}, boolean(false), true};

  auto out = step_template("out", 60);
  out.requires_ = {{is("$0.mode", text("started")), "it serves"}};
  out.during = {{"$0.mode", constant(text("draining")), std::nullopt}};
  out.effects = set("$0.mode", text("stopped"));
  out.probes = {probe("$0.mode")};
  plan.templates["out"] = out;

  auto update = step_template("update", 600);
  update.requires_ = {{is("$0.mode", text("stopped")), {}}};
  update.effects = sequence({set("$0.health", unknown()), set("$0.build", version("2"))});
  update.probes = {probe("$0.mode"), probe("$0.build")};
  plan.templates["update"] = update;

  auto check = step_template("check", 120);
  check.run.clear();
  check.effects = set("$0.health", text("good"));
  check.probes = {probe("$0.health")};
  plan.templates["check"] = check;

  auto in = step_template("in", 60);
  in.requires_ = {{is("$0.health", text("good")), {}}, {is("$0.mode", text("stopped")), {}}};
  in.effects = set("$0.mode", text("started"));
  in.probes = {probe("$0.mode"), probe("$0.health")};
  plan.templates["in"] = in;

  for (const std::string host : {"a", "b"}) {
    plan.objects[host].kind = "server";
    plan.hosts[host].address = host + ".example";
    std::string before = host == "b" ? "a4" : "";
    int n = 0;
    for (const std::string action : {"out", "update", "check", "in"}) {
      Step step;
      step.id = host + std::to_string(++n);
      step.step_template = action;
      step.objects = {host};
      if (!before.empty()) step.after = {before};
      before = step.id;
      plan.steps.push_back(step);
    }
    plan.achieve.push_back(is(host + ".build", version("2")));
    plan.free[host + ".build"] = {Free::Why::lasting, version("2")};
  }
  Rule rule;
  rule.id = "one_serves";
  rule.title = "One host serves";
  rule.formula.formula = {Operator::or_, {}, {}, 0, {is("a.mode", text("started")), is("b.mode", text("started"))}};
  plan.rules.push_back(rule);
  plan.limits.allow = {"out", "update", "check", "in"};
  return plan;
}

}  // namespace exm::test
