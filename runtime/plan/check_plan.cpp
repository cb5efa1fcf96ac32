#include "runtime/plan/check_plan.h"

#include <algorithm>
#include <future>
#include <map>
#include <set>
#include <span>
#include <unordered_set>

#include "runtime/plan/instantiate.h"
#include "runtime/plan/paths.h"
#include "runtime/plan/slots.h"
#include "runtime/plan/types.h"

namespace exm::plan {

namespace {

/// Walks through a plan and reports the first thing that leads nowhere.
class Checker {
 public:
  Checker(const Plan& plan, Reading& reading) : plan_(plan), reading_(reading) {}

  void run() {
    check_kinds();
    check_objects();
    for (const auto& [variable, free] : plan_.free) check_constant("free." + variable, variable, free.ends);
    for (const auto& [name, host] : plan_.hosts) check_object("hosts." + name, name);
    check_ids();
    check_all_steps();
    check_order();
    check_formulas();
    check_limits();
    for (const auto& [id, retreat] : plan_.retreats)
      for (const auto& step : retreat.steps) check_template("retreats." + id, step.step_template);
  }

 private:
  void fail(const std::string& where, const std::string& message) { reading_.fail(where, message); }

  void check_kinds() {
    for (const auto& [name, kind] : plan_.kinds)
      for (const auto& [state, declared] : kind.states)
        if (declared.default_value && !fits(declared.type, *declared.default_value))
          fail("kinds." + name + ".states." + state + ".default", "the value does not fit the type");
  }

  void check_objects() {
    for (const auto& [path, object] : plan_.objects) {
      if (!plan_.kinds.contains(object.kind)) fail("objects." + path + ".kind", "there is no kind `" + object.kind + "`");
      for (const auto& [state, value] : object.start) check_constant("objects." + path + ".start." + state, path + "." + state, value);
      for (const auto& [state, value] : object.restore) check_constant("objects." + path + ".restore." + state, path + "." + state, value);
    }
  }

  void check_object(const std::string& where, const std::string& path) {
    if (!plan_.objects.contains(path)) fail(where, "there is no object `" + path + "`");
  }

  void check_constant(const std::string& where, const std::string& variable, const Value& value) {
    const auto type = type_of_variable(plan_, variable);
    if (!type)
      fail(where, "there is no variable `" + variable + "`");
    else if (!fits(*type, value))
      fail(where, "the value does not fit the type of `" + variable + "`");
  }

  void check_condition(const std::string& where, const Expression& e) {
    if (const auto wrong = wrong_condition(plan_, e); !wrong.empty()) fail(where, wrong);
  }

  void check_template(const std::string& where, const std::string& name) {
    if (!plan_.templates.contains(name)) fail(where, "there is no template `" + name + "`");
  }

  void check_assignment(const std::string& where, const Assignment& a) {
    const auto type = type_of_variable(plan_, a.variable);
    if (!type) return fail(where + ".set", "there is no variable `" + a.variable + "`");
    if (const auto wrong = wrong_value(plan_, *type, a.to); !wrong.empty()) fail(where + ".to", wrong);
    if (a.when) check_condition(where + ".when", *a.when);
  }

  void check_effect(const std::string& where, const Effect& effect) {
    for (const auto& a : effect.assignments) check_assignment(where, a);
    for (const auto& part : effect.parts) check_effect(where, part);
  }

  /// The template and what it gets of these objects and arguments: equal where there is no difference to it.
  std::string filling(const std::string& name, std::span<const std::string> objects, const Args& args) {
    const auto [uses, fresh] = uses_.try_emplace(name);
    if (fresh) uses->second = slots_in(plan_.templates.at(name));
    const std::size_t count = std::min(uses->second.objects, objects.size());
    std::string key = name + ' ' + std::to_string(count);
    for (std::size_t i = 0; i < count; ++i) (key += '\n') += objects[i];
    for (const auto& argument : uses->second.args)
      if (const auto given = args.find(argument); given != args.end()) {
        ((key += '\n') += argument) += '=';
        add_value(key, given->second);
      }
    return key;
  }

  static void add_value(std::string& key, const Value& value) {
    key += std::to_string(static_cast<int>(value.type)) + ' ' + std::to_string(value.number) + ' ' + std::to_string(value.text.size()) + ' ';
    key += value.text;
    for (const auto& element : value.elements) add_value(key, element);
    key += '.';
  }

  /// A template with its slots replaced, as far as it matters here. What it uses and whom it disrupts are names: such
  /// objects may have no states.
  void check_shape(const std::string& where, const std::string& name, std::span<const std::string> objects, const Args& args) {
    if (!checked_.insert(filling(name, objects, args)).second) return;
    const auto [logic, fresh] = logic_.try_emplace(name);
    if (fresh) logic->second = logic_of(plan_.templates.at(name));
    const Template t = instantiate(logic->second, objects, args);
    if (!t.on.empty()) check_object(where + ".on", t.on);
    for (const auto& r : t.requires_) check_condition(where + ".requires", r.formula);
    for (const auto& a : t.during) check_assignment(where + ".during", a);
    check_effect(where + ".effects", t.effects);
    const Template& shape = plan_.templates.at(name);
    for (const auto& p : shape.probes) check_probe(where + ".probes", p, objects, args);
    for (const auto& [language, command] : shape.run) check_command(where + ".run", command, objects, args);
    if (!t.fallback) return;
    check_template(where + ".fallback", t.fallback->step_template);
    for (const auto& object : t.fallback->objects) check_object(where + ".fallback", object);
  }

  void check_probe(const std::string& where, const Probe& probe, std::span<const std::string> objects, const Args& args) {
    const std::string variable = fill(probe.variable, objects, args);
    const auto type = type_of_variable(plan_, variable);
    if (!type) fail(where, "there is no variable `" + variable + "`");
    for (const auto& [text, value] : probe.as)
      if (type && !fits(*type, instantiate({Operator::constant, value, "", 0, {}}, objects, args).value))
        fail(where, "`" + text + "` stands for a value that `" + variable + "` can't have");
    check_command(where, probe.command, objects, args);
  }

  void check_command(const std::string& where, const Command& command, std::span<const std::string> objects, const Args& args) {
    const std::string from = fill(command.from, objects, args);
    if (!from.empty() && from != "controller") check_object(where, from);
    for (const auto& piece : command.command) {
      if (piece.kind == Piece::Kind::object && static_cast<std::size_t>(piece.slot) >= objects.size())
        fail(where, "there is no object for slot " + std::to_string(piece.slot));
      if (piece.kind == Piece::Kind::argument && !args.contains(piece.text)) fail(where, "the argument `" + piece.text + "` is not given");
    }
  }

  void check_ids() {
    std::set<std::string> ids;
    for (std::size_t i = 0; i < plan_.steps.size(); ++i)
      if (const std::string& id = plan_.steps[i].id; id.empty() || !ids.insert(id).second)
        return fail("steps[" + std::to_string(i) + "].id", "`" + id + "` is empty or stands twice");
  }

  /// Of a large plan one half beside the other: steps are looked at each by itself.
  void check_all_steps() {
    constexpr std::size_t many = 2000;
    const std::size_t all = plan_.steps.size();
    if (all < many) return check_steps(0, all);
    Reading reading;
    auto second = std::async(std::launch::async, [&] { Checker(plan_, reading).check_steps(all / 2, all); });
    check_steps(0, all / 2);
    second.get();
    if (!reading.ok()) fail("", reading.error());
  }

  void check_steps(std::size_t first, std::size_t end) {
    for (std::size_t i = first; i < end && reading_.ok(); ++i) {
      const Step& step = plan_.steps[i];
      const std::string where = "steps[" + std::to_string(i) + "]";
      for (const auto& object : step.objects) check_object(where + ".objects", object);
      check_template(where + ".template", step.step_template);
      if (!step.retreat.empty() && !plan_.retreats.contains(step.retreat)) return fail(where + ".retreat", "there is no retreat `" + step.retreat + "`");
      if (reading_.ok()) check_step(where, step);
    }
  }

  /// The step itself, what it falls back on, and its way back.
  void check_step(const std::string& where, const Step& step) {
    check_shape(where, step.step_template, step.objects, step.args);
    const auto& fallback = plan_.templates.at(step.step_template).fallback;
    if (reading_.ok() && fallback)
      check_shape(where + ".fallback", fallback->step_template, filled(fallback->objects, step.objects, step.args), step.args);
    if (step.retreat.empty()) return;
    const Retreat& retreat = plan_.retreats.at(step.retreat);
    for (std::size_t i = 0; i < retreat.steps.size() && reading_.ok(); ++i) {
      const std::string at = "retreats." + step.retreat + ".steps[" + std::to_string(i) + "]";
      for (const auto& object : filled(retreat.steps[i].objects, step.objects)) check_object(at + ".objects", object);
      check_template(at, retreat.steps[i].step_template);
      for (const auto& [name, theirs] : retreat.steps[i].given)
        if (!step.args.contains(theirs)) return fail(at + ".args." + name, "step `" + step.id + "`, whose way back it is, has no argument `" + theirs + "`");
      if (reading_.ok()) check_shape(at, retreat.steps[i].step_template, filled(retreat.steps[i].objects, step.objects), completed(retreat.steps[i], step).args);
    }
    for (const auto& [variable, value] : retreat.open) check_constant("retreats." + step.retreat + ".open", fill(variable, step.objects), value);
  }

  static std::vector<std::string> filled(std::vector<std::string> objects, std::span<const std::string> by, const Args& args = {}) {
    for (auto& object : objects) object = fill(object, by, args);
    return objects;
  }

  void check_order() {
    std::map<std::string, std::size_t> index;
    for (std::size_t i = 0; i < plan_.steps.size(); ++i) index.emplace(plan_.steps[i].id, i);
    std::vector<std::size_t> waits(plan_.steps.size(), 0);
    std::vector<std::vector<std::size_t>> next(plan_.steps.size());
    for (std::size_t i = 0; i < plan_.steps.size(); ++i)
      for (const auto& a : plan_.steps[i].after) {
        const auto it = index.find(a);
        if (it == index.end()) return fail("steps[" + std::to_string(i) + "].after", "there is no step `" + a + "`");
        ++waits[i];
        next[it->second].push_back(i);
      }
    std::vector<std::size_t> ready;
    for (std::size_t i = 0; i < waits.size(); ++i)
      if (waits[i] == 0) ready.push_back(i);
    std::size_t seen = 0;
    for (; seen < ready.size(); ++seen)
      for (std::size_t n : next[ready[seen]])
        if (--waits[n] == 0) ready.push_back(n);
    if (seen == plan_.steps.size()) return;
    const auto stuck = std::find_if(waits.begin(), waits.end(), [](std::size_t w) { return w > 0; }) - waits.begin();
    fail("steps[" + std::to_string(stuck) + "].after", "the order is a circle: `" + plan_.steps[static_cast<std::size_t>(stuck)].id + "` waits for itself");
  }

  void check_instances(const std::string& where, const Formula& formula) {
    for (const auto& objects : formula.instances)
      for (const auto& object : objects) check_object(where + ".instances", object);
    if (reading_.ok())
      for (const auto& e : instances(formula)) check_condition(where + ".formula", e);
  }

  void check_formulas() {
    for (std::size_t i = 0; i < plan_.rules.size(); ++i) check_instances("rules[" + std::to_string(i) + "]", plan_.rules[i].formula);
    for (std::size_t i = 0; i < plan_.disrupts_when.size(); ++i) check_instances("disrupts_when[" + std::to_string(i) + "]", plan_.disrupts_when[i]);
    for (std::size_t i = 0; i < plan_.achieve.size(); ++i) check_condition("achieve[" + std::to_string(i) + "]", plan_.achieve[i]);
    for (std::size_t i = 0; i < plan_.faults.size() && reading_.ok(); ++i) {
      const Fault& fault = plan_.faults[i];
      const std::string where = "faults[" + std::to_string(i) + "]";
      for (const auto& objects : fault.instances)
        for (const auto& object : objects) check_object(where + ".instances", object);
      if (!reading_.ok()) return;
      if (fault.instances.empty()) check_effect(where, fault.effects);
      for (const auto& objects : fault.instances) check_effect(where, instantiate(fault.effects, objects));
    }
  }

  void check_limits() {
    const Limits& l = plan_.limits;
    if (l.at_most && (*l.at_most < 1 || *l.at_most > 1'000'000)) fail("limits.at_most", "expected at least 1");
    if (l.tolerate < 0) fail("limits.tolerate", "can't be negative");
    for (const auto& [name, n] : l.slots)
      if (n < 1) fail("limits.slots." + name, "expected at least 1");
    for (const auto& w : l.withstand) {
      const bool there = std::any_of(plan_.faults.begin(), plan_.faults.end(), [&](const Fault& f) { return f.id == w.fault; });
      if (!there || w.n < 1) fail("limits.withstand", "there is no fault `" + w.fault + "` to withstand");
    }
    for (const auto& step : plan_.steps)
      for (const auto* names : {&step.acquires, &step.releases})
        for (const auto& name : *names)
          if (!l.slots.contains(name)) fail("steps", "`" + step.id + "` names the slot `" + name + "`, which limits.slots lacks");
    std::set<std::string> ids;
    for (const auto& c : l.confirms)
      if (c.id.empty() || !ids.insert(c.id).second) fail("limits.confirms", "`" + c.id + "` is empty or stands twice");
  }

  const Plan& plan_;
  Reading& reading_;
  std::map<std::string, Template> logic_;  // by template
  std::map<std::string, SlotUse> uses_;    // by template
  std::unordered_set<std::string> checked_;  // fillings: ways back repeat them
};

}  // namespace

void check_plan(const Plan& plan, Reading& reading) { Checker(plan, reading).run(); }

}  // namespace exm::plan
