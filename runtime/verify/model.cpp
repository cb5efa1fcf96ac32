#include "runtime/verify/model.h"

#include <algorithm>

#include "runtime/plan/instantiate.h"
#include "runtime/plan/paths.h"

namespace exm::model {
namespace {

using Number = std::function<int(const std::string&)>;

/// Adds the blocks of `effect`, which wait for `before`; gives those that whatever follows waits for.
std::vector<int> add_blocks(const plan::Effect& effect, const std::vector<int>& before, const Number& number,
                            std::vector<Block>& blocks) {
  std::vector<int> last = before;
  switch (effect.kind) {
    case plan::Effect::Kind::together: {
      if (effect.assignments.empty()) return before;
      Block block{{}, before};
      for (const plan::Assignment& a : effect.assignments) {
        block.assignments.push_back({number(a.variable), compile(a.to, number), std::nullopt});
        if (a.when) block.assignments.back().when = compile(*a.when, number);
      }
      blocks.push_back(std::move(block));
      return {static_cast<int>(blocks.size()) - 1};
    }
    case plan::Effect::Kind::sequence:
      for (const plan::Effect& part : effect.parts) last = add_blocks(part, last, number, blocks);
      return last;
    case plan::Effect::Kind::any_order: {
      if (effect.parts.empty()) return before;
      std::set<int> ends;
      for (const plan::Effect& part : effect.parts) {
        const auto end = add_blocks(part, before, number, blocks);
        ends.insert(end.begin(), end.end());
      }
      return {ends.begin(), ends.end()};
    }
  }
  return last;
}

std::vector<int> sorted(const std::set<int>& numbers) {
  return {numbers.begin(), numbers.end()};
}

class Numbering {
 public:
  Numbering(const plan::Plan& plan, const World& world, const std::set<std::string>& done,
            std::vector<Finding>& findings)
      : plan_(plan), done_(done), findings_(findings) {
    number_variables(world);
    number_steps();
    for (const plan::Rule& rule : plan.rules) add_rule(rule);
    for (const plan::Expression& wish : plan.achieve) model_.wishes.push_back(compile(wish, numbers("a wish")));
    for (const plan::Fault& fault : plan.faults) add_fault(fault);
    for (const plan::Formula& formula : plan.disrupts_when) add_disruption(formula);
    for (const auto& [name, free] : plan.free) numbers("`free`")(name);
  }

  Model take() { return std::move(model_); }

 private:
  void complain(const std::string& step, const std::string& rule, const std::string& message) {
    findings_.push_back(
        {std::string(code::malformed.id), std::string(code::malformed.clause), step, rule, message, {}});
  }

  /// The number of a variable; a name that no object has is said once for each place that uses it.
  Number numbers(const std::string& where, const std::string& step = "", const std::string& rule = "") {
    return [=, this](const std::string& name) {
      const auto at = model_.numbers.find(name);
      if (at != model_.numbers.end()) return at->second;
      complain(step, rule, where + " names `" + name + "`, which no object of the plan has");
      return -1;
    };
  }

  void number_variables(const World& world) {
    const World start = plan::start_world(plan_), restore = plan::restore_world(plan_);
    for (const auto& [name, value] : start) {
      model_.numbers.emplace(name, static_cast<int>(model_.names.size()));
      model_.names.push_back(name);
      const auto now = world.find(name), then = restore.find(name);
      model_.first.push_back(value);
      model_.start.push_back(now == world.end() ? plan::unknown() : now->second);
      model_.restore.push_back(then == restore.end() ? value : then->second);
      model_.object.push_back(object_number(plan::split_variable(name).object));
    }
    model_.from_start =
        done_.empty() && std::equal(model_.start.begin(), model_.start.end(), model_.first.begin(), same);
    model_.lasting.resize(model_.names.size());
    model_.planned.resize(model_.names.size());
    for (const auto& [path, object] : plan_.objects) note_object(path, object, start);
  }

  void note_object(const std::string& path, const plan::Object& object, const World& start) {
    const auto exists = start.find(path + ".exists");
    const bool planned = object.planned || (exists != start.end() && same(exists->second, plan::boolean(false)));
    const auto mark = [&](const std::string& state, std::vector<bool>& marks) {
      const auto at = model_.numbers.find(path + "." + state);
      if (at != model_.numbers.end()) marks[at->second] = true;
    };
    if (planned) mark("exists", model_.planned);
    const auto kind = plan_.kinds.find(object.kind);
    if (kind == plan_.kinds.end())
      return complain("", "", "object `" + path + "` is a `" + object.kind + "`, which is no kind of the plan");
    for (const auto& [name, state] : kind->second.states) {
      if (planned) mark(name, model_.planned);
      if (state.lasting) mark(name, model_.lasting);
    }
  }

  void number_steps() {
    std::map<std::string, int> ids;
    std::set<std::string> all;
    for (const plan::Step& step : plan_.steps) {
      if (!all.insert(step.id).second) complain(step.id, "", "two steps are called `" + step.id + "`");
      if (!done_.count(step.id)) ids.emplace(step.id, static_cast<int>(ids.size()));
    }
    for (const auto& [name, count] : plan_.limits.slots) {
      model_.slot_names.push_back(name);
      model_.slots.push_back(count);
      model_.held.push_back(0);
    }
    for (const plan::Step& step : plan_.steps) {
      if (done_.count(step.id))
        hold_slots(step);
      else
        add_step(step, ids, all);
    }
  }

  std::vector<int> slots(const plan::Step& step, const std::vector<std::string>& names) {
    std::vector<int> numbers;
    for (const std::string& name : names) {
      const auto at = std::find(model_.slot_names.begin(), model_.slot_names.end(), name);
      if (at == model_.slot_names.end())
        complain(step.id, "", "step " + step.id + " names the slot `" + name + "`, which the plan does not have");
      else
        numbers.push_back(static_cast<int>(at - model_.slot_names.begin()));
    }
    return numbers;
  }

  void hold_slots(const plan::Step& step) {
    for (const int slot : slots(step, step.acquires)) --model_.slots[slot], ++model_.held[slot];
    for (const int slot : slots(step, step.releases)) ++model_.slots[slot], --model_.held[slot];
  }

  void add_step(const plan::Step& source, const std::map<std::string, int>& ids, const std::set<std::string>& all) {
    Step step;
    step.source = &source;
    step.id = source.id;
    for (const std::string& id : source.after) {
      const auto at = ids.find(id);
      if (at != ids.end())
        step.after.push_back(at->second);
      else if (!all.count(id))
        complain(source.id, "", "step " + source.id + " comes after `" + id + "`, which is no step");
    }
    step.acquires = slots(source, source.acquires);
    step.releases = slots(source, source.releases);
    if (!plan_.templates.count(source.step_template)) {
      complain(source.id, "", "step " + source.id + " is a `" + source.step_template + "`, which is no template");
    } else {
      const auto [shape, fresh] = logic_.try_emplace(source.step_template);
      if (fresh) shape->second = plan::logic_of(plan_.templates.at(source.step_template));
      fill_step(step, plan::instantiate(shape->second, source.objects, source.args), numbers("step " + step.id, step.id));
    }
    model_.steps.push_back(std::move(step));
  }

  void add_rule(const plan::Rule& rule) {
    const Number number = numbers("rule " + rule.id, "", rule.id);
    const std::string title = rule.id + (rule.title.empty() ? "" : " (" + rule.title + ")");
    if (rule.formula.instances.empty()) {
      model_.rules.push_back({rule.id, title, compile(rule.formula.formula, number), rule.repaired, rule.of_steps});
    }
    for (const auto& objects : rule.formula.instances) {
      std::string of;
      for (const std::string& object : objects) of += (of.empty() ? "" : ", ") + object;
      const plan::Expression formula = plan::instantiate(rule.formula.formula, objects, {});
      model_.rules.push_back({rule.id, title + " of " + of, compile(formula, number), rule.repaired, rule.of_steps});
    }
  }

  void add_disruption(const plan::Formula& formula) {
    const Number number = numbers("`disrupts when`");
    if (formula.instances.empty()) model_.disruptions.push_back({-1, compile(formula.formula, number)});
    for (const auto& objects : formula.instances) {
      const int object = objects.empty() ? -1 : object_number(objects[0]);
      model_.disruptions.push_back({object, compile(plan::instantiate(formula.formula, objects, {}), number)});
    }
  }

  int object_number(const std::string& path) {
    return objects_.emplace(path, static_cast<int>(objects_.size())).first->second;
  }

  void add_fault(const plan::Fault& fault) {
    const Number number = numbers("fault " + fault.id);
    if (fault.instances.empty()) model_.faults.push_back({fault.id, fault.id, blocks_of(fault.effects, number)});
    for (const auto& objects : fault.instances) {
      std::string text = fault.id;
      for (const std::string& object : objects) text += " " + object;
      model_.faults.push_back({fault.id, text, blocks_of(plan::instantiate(fault.effects, objects, {}), number)});
    }
  }

  const plan::Plan& plan_;
  const std::set<std::string>& done_;
  std::vector<Finding>& findings_;
  std::map<std::string, int> objects_;
  std::map<std::string, plan::Template> logic_;  // by template
  Model model_;
};

}  // namespace

std::vector<Block> blocks_of(const plan::Effect& effect, const Number& number) {
  std::vector<Block> blocks;
  add_blocks(effect, {}, number, blocks);
  return blocks;
}

void fill_step(Step& step, const plan::Template& shape, const Number& number) {
  step.title = shape.title;
  step.action = shape.action;
  step.on = shape.on;
  step.uses = shape.uses;
  step.takes = shape.takes;
  step.cost = shape.cost;
  for (const plan::Disruption& blow : shape.disrupts) step.disrupts.push_back(blow.lasts);
  for (const plan::Requirement& r : shape.requires_) step.requires_.push_back(compile(r.formula, number));
  const auto begun = blocks_of({plan::Effect::Kind::together, shape.during, {}}, number);
  if (!begun.empty()) step.during = begun[0].assignments;
  step.blocks = blocks_of(shape.effects, number);
  std::set<int> reads, writes;
  const auto read = [&](int v) { reads.insert(v); };
  for (const Compiled& formula : step.requires_) each_variable(formula, read);
  const auto use = [&](const Assignment& a) {
    writes.insert(a.variable);
    each_variable(a.to, read);
    if (a.when) each_variable(*a.when, read);
  };
  for (const Assignment& a : step.during) use(a);
  for (const Block& block : step.blocks) {
    for (const Assignment& a : block.assignments) use(a);
  }
  step.reads = sorted(reads);
  step.writes = sorted(writes);
}

Model number_plan(const plan::Plan& plan, const World& world, const std::set<std::string>& done,
                  std::vector<Finding>& findings) {
  return Numbering(plan, world, done, findings).take();
}

}  // namespace exm::model
