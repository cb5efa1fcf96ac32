#include "runtime/verify/join.h"

#include <algorithm>
#include <map>
#include <set>

#include "runtime/plan/paths.h"
#include "runtime/verify/clauses.h"
#include "runtime/verify/observed.h"
#include "runtime/verify/words.h"

namespace exm::model {
namespace {

bool same_type(const plan::State& a, const plan::State& b) {
  return a.type == b.type && a.lasting == b.lasting;
}

class Joining {
 public:
  Joining(std::span<const NamedPlan> plans, std::vector<Finding>& findings) : plans_(plans), findings_(findings) {}

  plan::Plan join() {
    for (const NamedPlan& named : plans_) {
      name_ = named.name;
      add_environment(*named.plan);
      add_steps(*named.plan);
      for (const plan::Rule& rule : named.plan->rules) add_rule(rule);
      add_faults(*named.plan);
      const plan::Plan& p = *named.plan;
      plan_.achieve.insert(plan_.achieve.end(), p.achieve.begin(), p.achieve.end());
      plan_.disrupts_when.insert(plan_.disrupts_when.end(), p.disrupts_when.begin(), p.disrupts_when.end());
    }
    add_ends();
    return std::move(plan_);
  }

 private:
  std::string own(const std::string& id) const { return name_ + ":" + id; }

  void differ(const std::string& what) {
    findings_.push_back(finding(code::other_world, "", "", "the plans do not begin in the same world: " + what));
  }

  // Where they begin: kinds, objects, addresses, values.
  void add_environment(const plan::Plan& p) {
    for (const auto& [name, kind] : p.kinds) add_kind(name, kind);
    for (const auto& [path, host] : p.hosts) {
      const auto [at, fresh] = plan_.hosts.emplace(path, host);
      if (fresh) host_of_[path] = name_;
      else if (at->second.address != host.address)
        differ("`" + path + "` is reached by \"" + at->second.address + "\" in " + host_of_[path] + " and by \"" +
               host.address + "\" in " + name_);
    }
    for (const auto& [path, object] : p.objects) add_object(path, object);
    for (const auto& [variable, value] : plan::start_world(p)) add_start(variable, value);
  }

  void add_kind(const std::string& name, const plan::Kind& kind) {
    for (const auto& [state, about] : kind.states) {
      const auto [at, fresh] = plan_.kinds[name].states.emplace(state, about);
      if (!fresh && !same_type(at->second, about))
        differ("the state `" + state + "` of a `" + name + "` is not the same in " + name_ + " as in a plan before it");
    }
  }

  void add_object(const std::string& path, const plan::Object& object) {
    const auto [at, fresh] = plan_.objects.emplace(path, plan::Object{object.kind, {}, {}, object.planned});
    if (fresh) object_of_[path] = name_;
    else if (at->second.kind != object.kind)
      differ("`" + path + "` is a `" + at->second.kind + "` in " + object_of_[path] + " and a `" + object.kind +
             "` in " + name_);
  }

  /// A plan that was made for an unknown value is as good for each value.
  void add_start(const std::string& variable, const plan::Value& value) {
    const auto [path, state] = plan::split_variable(variable);
    if (state == "exists") return add_existence(variable, value);
    const auto [at, fresh] = plan_.objects[path].start.emplace(state, value);
    plan::Value& known = at->second;
    if (fresh || known.type == plan::Value::Type::unknown) {
      start_of_[variable] = name_;
      known = value;
    } else if (value.type != plan::Value::Type::unknown && equal(known, value) != Truth::yes) {
      differ_in(variable, known, value);
    }
  }

  void add_existence(const std::string& variable, const plan::Value& value) {
    const auto [at, fresh] = exists_.emplace(variable, value);
    if (fresh) start_of_[variable] = name_;
    else if (!same(at->second, value)) differ_in(variable, at->second, value);
  }

  void differ_in(const std::string& variable, const plan::Value& one, const plan::Value& other) {
    differ("`" + variable + "` is " + words(one) + " in " + start_of_[variable] + " and " + words(other) + " in " +
           name_);
  }

  // What they do.
  void add_steps(const plan::Plan& p) {
    for (auto [name, shape] : p.templates) {
      if (shape.fallback) shape.fallback->step_template = own(shape.fallback->step_template);
      plan_.templates.emplace(own(name), std::move(shape));
    }
    for (plan::Step step : p.steps) {
      for (std::string* id : {&step.id, &step.step_template}) *id = own(*id);
      if (!step.retreat.empty()) step.retreat = own(step.retreat);
      for (auto* ids : {&step.after, &step.acquires, &step.releases}) {
        for (std::string& id : *ids) id = own(id);
      }
      plan_.steps.push_back(std::move(step));
    }
    for (auto [id, retreat] : p.retreats) {
      for (plan::RetreatStep& step : retreat.steps) step.step_template = own(step.step_template);
      plan_.retreats.emplace(own(id), std::move(retreat));
    }
    for (const auto& [slot, n] : p.limits.slots) plan_.limits.slots.emplace(own(slot), n);
  }

  // What they keep.
  void add_rule(plan::Rule rule) {
    const auto alike = [&](const plan::Rule& other) {
      return other.kind == rule.kind && other.repaired == rule.repaired && other.of_steps == rule.of_steps &&
             other.formula.formula == rule.formula.formula &&
             other.formula.instances.empty() == rule.formula.instances.empty();
    };
    for (const std::size_t r : rules_[rule.id]) {
      if (alike(plan_.rules[r])) return add_instances(rule.formula.instances, plan_.rules[r].formula.instances);
    }
    rules_[rule.id].push_back(plan_.rules.size());
    if (rules_[rule.id].size() > 1) rule.id = own(rule.id);
    plan_.rules.push_back(std::move(rule));
  }

  static void add_instances(const std::vector<std::vector<std::string>>& more,
                            std::vector<std::vector<std::string>>& all) {
    std::set<std::vector<std::string>> known(all.begin(), all.end());
    for (const auto& instance : more) {
      if (known.insert(instance).second) all.push_back(instance);
    }
  }

  void add_faults(const plan::Plan& p) {
    std::map<std::string, std::string> called;
    for (plan::Fault fault : p.faults) {
      const auto at = std::find_if(plan_.faults.begin(), plan_.faults.end(), [&](const plan::Fault& other) {
        return other.id == fault.id && other.effects == fault.effects;
      });
      if (at != plan_.faults.end()) {
        add_instances(fault.instances, at->instances);
        continue;
      }
      const bool taken = std::any_of(plan_.faults.begin(), plan_.faults.end(),
                                     [&](const plan::Fault& other) { return other.id == fault.id; });
      if (taken) called[fault.id] = own(fault.id);
      if (taken) fault.id = own(fault.id);
      plan_.faults.push_back(std::move(fault));
    }
    for (plan::Withstand limit : p.limits.withstand) {
      if (const auto at = called.find(limit.fault); at != called.end()) limit.fault = at->second;
      plan_.limits.withstand.push_back(std::move(limit));
    }
  }

  // How a state ends, and what it is to be again, is for the plan to say that changes it; of another it is no word on
  // what it does.
  void add_ends() {
    for (const NamedPlan& named : plans_) {
      const World restore = plan::restore_world(*named.plan);
      for (const std::string& variable : written(*named.plan)) {
        const auto free = named.plan->free.find(variable);
        if (free != named.plan->free.end()) plan_.free.insert_or_assign(variable, free->second);
        const auto [path, state] = plan::split_variable(variable);
        const auto then = restore.find(variable);
        if (state != "exists" && then != restore.end()) plan_.objects[path].restore[state] = then->second;
      }
    }
  }

  const std::span<const NamedPlan> plans_;
  std::vector<Finding>& findings_;
  std::string name_;
  plan::Plan plan_;
  std::map<std::string, std::string> host_of_, object_of_, start_of_;  // the plan that said it
  std::map<std::string, plan::Value> exists_;
  std::map<std::string, std::vector<std::size_t>> rules_;  // by id in their files
};

}  // namespace

plan::Plan joined(std::span<const NamedPlan> plans, std::vector<Finding>& findings) {
  return Joining(plans, findings).join();
}

}  // namespace exm::model
