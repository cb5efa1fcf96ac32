#include "tests/properties/mutate.h"

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <utility>

#include "runtime/plan/instantiate.h"
#include "runtime/verify/words.h"

namespace exm::naive {
namespace {

using plan::Effect;
using plan::Plan;
using plan::Value;

/// Other values that a constant could have been written as.
std::vector<Value> others(const Plan& plan, const std::string& state, const Value& value) {
  if (value.type == Value::Type::boolean) return {plan::boolean(value.number == 0), plan::unknown()};
  std::vector<Value> found;
  if (value.type == Value::Type::text) {
    std::set<std::string> names;
    for (const auto& [name, kind] : plan.kinds) {
      const auto at = kind.states.find(state);
      if (at != kind.states.end()) names.insert(at->second.type.names.begin(), at->second.type.names.end());
    }
    for (const std::string& name : names) {
      if (name != value.text) found.push_back(plan::text(name));
    }
  }
  if (value.type == Value::Type::version) found.push_back({Value::Type::version, 0, "0.1", {}});
  if (value.type == Value::Type::integer) found.push_back(plan::integer(value.number + 1));
  if (value.type != Value::Type::unknown) found.push_back(plan::unknown());
  return found;
}

class Mutator {
 public:
  explicit Mutator(const Plan& plan) : plan_(plan) { plan_.digest.clear(); }

  std::vector<Mutation> all() {
    for (std::size_t s = 0; s < plan_.steps.size(); ++s) drop_step(s);
    for (std::size_t s = 0; s < plan_.steps.size(); ++s) {
      for (std::size_t e = 0; e < plan_.steps[s].after.size(); ++e) change_edge(s, e);
    }
    cut_between_hosts();
    for (const auto& [name, shape] : plan_.templates) change_template(name, shape);
    for (std::size_t s = 0; s < plan_.steps.size(); ++s) {
      if (plan_.steps[s].retreat.empty()) continue;
      add("retreat of " + plan_.steps[s].id + " dropped", [&](Plan& p) { p.steps[s].retreat.clear(); });
    }
    for (const auto& [name, retreat] : plan_.retreats) change_retreat(name, retreat);
    for (const auto& [name, free] : plan_.free) {
      const std::string variable = name;
      add("exception " + name + " dropped", [&](Plan& p) { p.free.erase(variable); });
    }
    return std::move(found_);
  }

 private:
  void add(const std::string& what, const std::function<void(Plan&)>& change) {
    found_.push_back({what, plan_});
    change(found_.back().plan);
  }

  /// Once with what came after it hanging on what came before it, once with its edges gone too.
  void drop_step(std::size_t s) {
    const plan::Step gone = plan_.steps[s];
    for (const bool keep_order : {true, false}) {
      add("step " + gone.id + " dropped" + (keep_order ? "" : " with its edges"), [&](Plan& p) {
        p.steps.erase(p.steps.begin() + static_cast<std::ptrdiff_t>(s));
        for (plan::Step& step : p.steps) {
          if (std::erase(step.after, gone.id) == 0 || !keep_order) continue;
          for (const std::string& id : gone.after) {
            if (std::find(step.after.begin(), step.after.end(), id) == step.after.end()) step.after.push_back(id);
          }
        }
      });
    }
  }

  void change_edge(std::size_t s, std::size_t e) {
    const std::string before = plan_.steps[s].after[e], id = plan_.steps[s].id;
    add("edge " + before + " to " + id + " removed", [&](Plan& p) { std::erase(p.steps[s].after, before); });
    add("steps " + before + " and " + id + " swapped", [&](Plan& p) {
      for (plan::Step& other : p.steps) {
        if (other.id != before) continue;
        std::swap(other.step_template, p.steps[s].step_template);
        std::swap(other.objects, p.steps[s].objects);
        std::swap(other.args, p.steps[s].args);
      }
    });
  }

  /// All hosts go at once.
  void cut_between_hosts() {
    std::map<std::string, std::string> host;
    for (const plan::Step& step : plan_.steps) host[step.id] = plan::instantiate(plan_, step).on;
    add("edges between hosts removed", [&](Plan& p) {
      for (plan::Step& step : p.steps) {
        std::erase_if(step.after, [&](const std::string& id) { return host[id] != host[step.id]; });
      }
    });
  }

  void change_template(const std::string& name, const plan::Template& shape) {
    for (std::size_t r = 0; r < shape.requires_.size(); ++r) {
      add("requirement " + words(shape.requires_[r].formula) + " of " + name + " deleted", [&](Plan& p) {
        auto& list = p.templates[name].requires_;
        list.erase(list.begin() + static_cast<std::ptrdiff_t>(r));
      });
    }
    for (std::size_t b = 0; b < shape.probes.size() && !plan_.retreats.empty(); ++b) {
      add("probe of " + shape.probes[b].variable + " of " + name + " deleted", [&](Plan& p) {
        auto& list = p.templates[name].probes;
        list.erase(list.begin() + static_cast<std::ptrdiff_t>(b));
      });
    }
    change_assignments(
        name, shape.during, [](plan::Template & t) -> auto& { return t.during; });
    change_effect(name, shape.effects, [](plan::Template& t) -> Effect& { return t.effects; });
  }

  void change_effect(const std::string& name, const Effect& effect, const std::function<Effect&(plan::Template&)>& at) {
    change_assignments(
        name, effect.assignments, [at](plan::Template & t) -> auto& { return at(t).assignments; });
    for (std::size_t i = 0; i < effect.parts.size(); ++i) {
      change_effect(name, effect.parts[i], [at, i](plan::Template& t) -> Effect& { return at(t).parts[i]; });
    }
    if (effect.kind == Effect::Kind::sequence) {
      add("effects of " + name + " in any order",
          [&](Plan& p) { at(p.templates[name]).kind = Effect::Kind::any_order; });
      add("effects of " + name + " turned round", [&](Plan& p) {
        auto& parts = at(p.templates[name]).parts;
        std::reverse(parts.begin(), parts.end());
      });
    }
  }

  void change_retreat(const std::string& name, const plan::Retreat& retreat) {
    for (std::size_t k = 0; k < retreat.steps.size(); ++k) {
      const std::string step = "step " + std::to_string(k + 1) + " of retreat " + name;
      const auto at = static_cast<std::ptrdiff_t>(k);
      add(step + " dropped", [&](Plan& p) { p.retreats[name].steps.erase(p.retreats[name].steps.begin() + at); });
      add(step + " twice", [&](Plan& p) {
        auto& steps = p.retreats[name].steps;
        steps.insert(steps.begin() + at, plan::RetreatStep(steps[k]));
      });
      if (k == 0) continue;
      add(step + " before the one before",
          [&](Plan& p) { std::swap(p.retreats[name].steps[k - 1], p.retreats[name].steps[k]); });
    }
    for (const auto& [variable, value] : retreat.open) {
      const std::string what = variable + " open after retreat " + name;
      add(what + " not listed", [&](Plan& p) { p.retreats[name].open.erase(variable); });
      for (const Value& other : others(plan_, variable.substr(variable.rfind('.') + 1), value)) {
        add(what + " made " + words(other), [&](Plan& p) { p.retreats[name].open[variable] = other; });
      }
    }
  }

  using Assignments = std::vector<plan::Assignment>;

  void change_assignments(const std::string& name, const Assignments& list,
                          const std::function<Assignments&(plan::Template&)>& at) {
    for (std::size_t i = 0; i < list.size(); ++i) {
      const std::string what = list[i].variable + " := " + words(list[i].to) + " of " + name;
      add(what + " dropped", [&](Plan& p) {
        auto& there = at(p.templates[name]);
        there.erase(there.begin() + static_cast<std::ptrdiff_t>(i));
      });
      if (list[i].to.op != plan::Operator::constant) continue;
      const std::string state = list[i].variable.substr(list[i].variable.rfind('.') + 1);
      for (const Value& value : others(plan_, state, list[i].to.value)) {
        add(what + " made " + words(value), [&](Plan& p) { at(p.templates[name])[i].to.value = value; });
      }
    }
  }

  Plan plan_;
  std::vector<Mutation> found_;
};

}  // namespace

std::vector<Mutation> mutations(const Plan& plan) {
  return Mutator(plan).all();
}

}  // namespace exm::naive
