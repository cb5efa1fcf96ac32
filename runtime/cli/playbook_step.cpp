#include "runtime/cli/playbook_step.h"

#include <algorithm>
#include <map>

#include "runtime/adapter/value_text.h"
#include "runtime/plan/instantiate.h"
#include "runtime/plan/paths.h"
#include "runtime/run/gates.h"
#include "runtime/run/judge.h"
#include "runtime/run/probes.h"
#include "runtime/show/ansible_conditions.h"
#include "runtime/verify/evaluate.h"

namespace exm {
namespace {

using show::PlaybookLook;
using show::PlaybookStep;

plan::Value value_in(const plan::Expression& expression, const World& world) { return evaluate(expression, world); }

plan::Seconds time_of(const plan::Template& shape) { return shape.timeout > 0 ? shape.timeout : std::max<plan::Seconds>(60, 4 * shape.takes); }

void read_by(const plan::Effect& effect, std::vector<std::string>& variables) {
  for (const auto& assignment : effect.assignments) {
    reads(assignment.to, variables);
    if (assignment.when) reads(*assignment.when, variables);
  }
  for (const auto& part : effect.parts) read_by(part, variables);
}

/// What is not looked at is what the plan says.
plan::Expression with_constants(plan::Expression e, const World& world, const PlaybookStep& step) {
  for (auto& operand : e.operands) operand = with_constants(std::move(operand), world, step);
  if (e.op != plan::Operator::variable) return e;
  const bool looked = std::any_of(step.looks.begin(), step.looks.end(), [&](const auto& look) { return look.probe.variable == e.text; });
  return looked ? e : plan::Expression{plan::Operator::constant, value_of(world, e.text), {}, 0, {}};
}

class Details {
 public:
  explicit Details(const plan::Plan& plan) : plan_(plan), probes_(plan) {}

  PlaybookStep step(const plan::Step& source, const World& before) const {
    const plan::Template shape = plan::instantiate(plan_, source);
    PlaybookStep made;
    made.id = source.id;
    made.title = shape.title;
    made.why = source.why;
    made.act = command(shape);
    made.host = made.act.language == "person" || shape.on.empty() || plan_.hosts.count(shape.on) == 0 ? "controller" : shape.on;
    if (const auto object = plan_.objects.find(shape.on); object != plan_.objects.end()) made.kind = object->second.kind;
    if (shape.retry) made.retry = *shape.retry;
    made.goes_away = goes_away(shape);
    if (!shape.probes.empty()) made.every = shape.probes.front().every;
    for (const auto& probe : shape.probes) made.every = std::max<plan::Seconds>(1, std::min(made.every, probe.every));
    look(shape, before, made);
    want(shape, before, made);
    fall_back(shape, source, made);
    return made;
  }

 private:
  show::PlaybookCommand command(const plan::Template& shape) const {
    show::PlaybookCommand made;
    made.timeout = time_of(shape);
    made.at = shape.on.empty() ? "controller" : shape.on;
    if (shape.run.empty()) return made;
    made.language = show::playbook_language(shape);
    const bool for_person = made.language == "person" && shape.run.count("person") == 0;
    const auto& [language, found] = for_person ? *shape.run.begin() : *shape.run.find(made.language);
    made.command = found.command;
    if (!found.from.empty()) made.at = found.from;
    if (for_person) made.command.insert(made.command.begin(), {plan::Piece::Kind::text, "Run this (" + language + ") on " + made.at + ": ", {}, 0});
    return made;
  }

  /// A state of the host's own changes and goes back without an effect that says so: it is away meanwhile.
  static bool goes_away(const plan::Template& shape) {
    std::vector<std::string> set;
    for (const auto& group : resolve(shape.effects, {}, value_in))
      for (const auto& change : group) set.push_back(change.variable);
    return std::any_of(shape.during.begin(), shape.during.end(), [&](const auto& assignment) {
      return plan::split_variable(assignment.variable).object == shape.on && std::find(set.begin(), set.end(), assignment.variable) == set.end();
    });
  }

  void look(const plan::Template& shape, const World& before, PlaybookStep& made) const {
    const std::string language = show::playbook_language(shape) == "powershell" ? "powershell" : "shell";
    std::map<std::string, plan::Value> goals;
    for (const auto& goal : goals_of(shape, before)) goals[goal.variable] = goal.value;
    std::vector<std::string> bound = written(shape);  // what else than the plan says stops the run
    read_by(shape.effects, bound);
    made.skips = !goals.empty();
    for (const auto& variable : concerned(shape)) {
      const auto question = probes_.question(variable, shape);
      const auto goal = goals.find(variable);
      if (!question || question->probe->language != language) {
        if (goal != goals.end() && equal(value_of(before, variable), goal->second) != Truth::yes) made.skips = false;
        continue;
      }
      PlaybookLook look{*question->probe, question->host.empty() ? "controller" : question->host, type_of(plan_, variable).value_or(plan::Type{}), {}, {}};
      if (goal != goals.end()) look.goal = goal->second;
      const auto& planned = value_of(before, variable);
      if (planned.type != plan::Value::Type::unknown && std::find(bound.begin(), bound.end(), variable) != bound.end()) look.expected = planned;
      made.looks.push_back(std::move(look));
    }
  }

  void want(const plan::Template& shape, const World& before, PlaybookStep& made) const {
    for (const auto& requirement : shape.requires_) {
      plan::Requirement left = requirement;
      left.formula = with_constants(requirement.formula, before, made);
      std::vector<std::string> variables;
      reads(left.formula, variables);
      if (variables.empty() && truth(left.formula, {}) == Truth::yes) continue;
      if (!variables.empty() && !show::condition(left.formula, made)) {
        // Ansible can't tell whether it holds: then each state that it reads is to be as the plan says, from which it follows.
        for (auto& look : made.looks)
          if (std::find(variables.begin(), variables.end(), look.probe.variable) != variables.end()) look.expected = value_of(before, look.probe.variable);
        continue;
      }
      made.wanted.push_back(std::move(left));
    }
  }

  void fall_back(const plan::Template& shape, const plan::Step& source, PlaybookStep& made) const {
    if (!shape.fallback || plan_.templates.count(shape.fallback->step_template) == 0) return;
    const plan::Template other = plan::instantiate(plan_, *shape.fallback, source.args);
    const auto& forbidden = plan_.limits.forbid;
    if (std::find(forbidden.begin(), forbidden.end(), other.action) != forbidden.end()) return;
    show::PlaybookCommand instead = command(other);
    if (instead.language == made.act.language) made.fallback = std::move(instead);
  }

  const plan::Plan& plan_;
  Probes probes_;
};

void take(const plan::Plan& plan, const plan::Step& step, World& world) {
  take_effect(resolve(plan::instantiate(plan, step).effects, world, value_in), world);
}

/// The way back from a step, from the world in which all of its wave and before it is over but itself.
show::PlaybookWayBack way_back(const plan::Plan& plan, const Details& details, const plan::Step& from, World world) {
  show::PlaybookWayBack way{{from.id}, {}, {}};
  cut_off(plan::instantiate(plan, from), world);
  const auto& retreat = plan.retreats.at(from.retreat);
  for (const auto& back : retreat.steps) {
    plan::Step step = plan::step_back(back, from);
    step.id = "back/" + std::to_string(way.steps.size() + 1);
    way.steps.push_back(details.step(step, world));
    take(plan, step, world);
  }
  for (const auto& [variable, value] : retreat.open)
    way.open.push_back(plan::fill(variable, from.objects) + " is " + value_text(value));
  return way;
}

void ask(const plan::Plan& plan, const plan::Step& step, PlaybookStep& made, std::set<std::string>& asked) {
  for (const auto& gate : gates_of(plan, plan::instantiate(plan, step), asked.empty()))
    if (asked.insert(gate.key()).second) made.gates.push_back({gate.id, gate.question});
  asked.insert("");  // the first step has been
}

}  // namespace

show::Playbook in_detail(const plan::Plan& plan, const show::Waves& waves, const std::set<std::string>& ways_back) {
  const Details details(plan);
  show::Playbook playbook;
  World world = plan::start_world(plan);
  std::set<std::string> asked;
  for (const auto& wave : waves) {
    show::PlaybookWave made;
    for (const plan::Step* step : wave) {
      made.push_back(details.step(*step, world));
      ask(plan, *step, made.back(), asked);
      made.back().has_way_back = ways_back.count(step->id) != 0;
    }
    for (const plan::Step* step : wave) {
      if (ways_back.count(step->id) == 0) continue;
      World others = world;
      for (const plan::Step* other : wave)
        if (other != step) take(plan, *other, others);
      playbook.ways_back.push_back(way_back(plan, details, *step, std::move(others)));
    }
    for (const plan::Step* step : wave) take(plan, *step, world);
    playbook.waves.push_back(std::move(made));
  }
  return playbook;
}

}  // namespace exm
