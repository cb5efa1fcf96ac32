// Ways back, shared by all steps that are equal but for names.
#include <algorithm>
#include <map>

#include "compiler/lower/parts.h"
#include "compiler/lower/values.h"

namespace exm::lowering {

namespace {

/// A value that a step of a way back gives for one of its arguments.
struct Argument {
  std::size_t step = 0;
  std::string name;
  plan::Value value;
};

/// A way back in terms of its step: with slots, or with all objects written out.
struct Form {
  plan::Retreat retreat;
  std::vector<Id<program::Object>> objects;  // for its slots; the first are those of the step itself
  std::vector<Argument> arguments;           // that its steps give and the step itself does not have
  std::string key;                           // equal for those that are equal but for objects and the values of arguments
};

class Retreats {
 public:
  Retreats(const Lowering& l, const Drafts& drafts, const std::vector<plan::Step>& made, plan::Plan& plan)
      : l_(l), drafts_(drafts), made_(made), plan_(plan) {}

  void run() {
    std::vector<Form> forms(plan_.steps.size());
    std::map<std::string, std::vector<std::size_t>> alike;  // steps, by key
    for (std::size_t s = 0; s < forms.size(); ++s) {
      if (!l_.found.steps[s].retreat) continue;
      forms[s] = form(s, Shape::Objects::slots);
      alike[forms[s].key].push_back(s);
    }
    for (const auto& [key, steps] : alike)
      if (steps.size() > 1) share(steps, forms);
    for (std::size_t s = 0; s < forms.size(); ++s) {
      if (!l_.found.steps[s].retreat) continue;
      if (alike[forms[s].key].size() == 1) forms[s] = form(s, Shape::Objects::written_out);
      name(s, std::move(forms[s].retreat));
    }
  }

 private:
  const plan::Step& step(std::size_t draft) const { return draft < plan_.steps.size() ? plan_.steps[draft] : made_[draft - plan_.steps.size()]; }

  Form form(std::size_t s, Shape::Objects objects) const {
    Shape shape(l_.program, l_.task, Shape::Constants::written_out, objects);
    for (Id<program::Object> object : drafts_.steps[s].objects) shape.slot(object);
    Form out;
    for (std::size_t draft : drafts_.ways_back[s]) {
      plan::RetreatStep back{step(draft).step_template, {}, {}, {}};
      for (Id<program::Object> object : drafts_.steps[draft].objects)
        back.objects.push_back(objects == Shape::Objects::slots ? shape.path(object) : escaped(l_.program.objects[object].path));
      for (const auto& [name, value] : step(draft).args) {
        const auto same = plan_.steps[s].args.find(name);
        if (same != plan_.steps[s].args.end() && same->second == value) continue;
        back.args[name] = value;
        out.arguments.push_back({out.retreat.steps.size(), name, value});
      }
      out.retreat.steps.push_back(std::move(back));
    }
    for (const Open& open : l_.found.steps[s].retreat->open)
      out.retreat.open[shape.variable(open.variable)] = plan_value(l_.program, l_.task.values[open.value.index]);
    out.objects = shape.objects();
    out.key = key_of(out.retreat, Values::by_place);
    return out;
  }

  /// The steps' ways back are equal but for objects and arguments: what differs becomes an object or an argument of the step.
  void share(const std::vector<std::size_t>& steps, std::vector<Form>& forms) {
    for (const std::size_t s : steps)
      for (std::size_t i = plan_.steps[s].objects.size(); i < forms[s].objects.size(); ++i)
        plan_.steps[s].objects.push_back(l_.program.objects[forms[s].objects[i]].path);
    const std::vector<Argument> arguments = forms[steps.front()].arguments;
    std::map<std::string, std::string> known;  // the name that a value of the first step's way back got
    for (std::size_t a = 0; a < arguments.size(); ++a) {
      const auto& [at, argument, value] = arguments[a];
      const bool same = std::all_of(steps.begin(), steps.end(), [&](std::size_t s) { return forms[s].arguments[a].value == value; });
      if (same) continue;
      auto& own = known[lowering::key_of(value)];
      if (own.empty()) own = unused(argument, steps);
      for (const std::size_t s : steps) {
        plan_.steps[s].args[own] = forms[s].arguments[a].value;
        forms[s].retreat.steps[at].args.erase(argument);
        forms[s].retreat.steps[at].given[argument] = own;
      }
    }
  }

  /// A name like that one, which none of the steps has an argument of.
  std::string unused(const std::string& argument, const std::vector<std::size_t>& steps) const {
    for (int n = 2;; ++n) {
      const std::string name = argument + "_" + std::to_string(n);
      if (std::none_of(steps.begin(), steps.end(), [&](std::size_t s) { return plan_.steps[s].args.contains(name); })) return name;
    }
  }

  enum class Values { themselves, by_place };

  /// `by_place`: values of arguments are told apart, and no more.
  static std::string key_of(const plan::Retreat& retreat, Values values) {
    std::map<std::string, std::size_t> places;
    std::string key;
    for (const plan::RetreatStep& back : retreat.steps) {
      key += back.step_template;
      for (const std::string& object : back.objects) key += "\n" + object;
      for (const auto& [name, value] : back.args) {
        const std::string own = lowering::key_of(value);
        key += "\n" + name + "=" + (values == Values::themselves ? own : std::to_string(places.emplace(own, places.size()).first->second));
      }
      for (const auto& [name, theirs] : back.given) key += "\n" + name + "=$" + theirs;
      key += "\n\n";
    }
    for (const auto& [variable, value] : retreat.open) key += "\n" + variable + "=" + lowering::key_of(value);
    return key;
  }

  /// By the action of the first step that has it.
  void name(std::size_t s, plan::Retreat retreat) {
    const auto [at, is_new] = ids_.try_emplace(key_of(retreat, Values::themselves));
    if (is_new) {
      const std::string& action = plan_.templates.at(plan_.steps[s].step_template).action;
      at->second = action;
      for (int n = 2; plan_.retreats.contains(at->second); ++n) at->second = action + "_" + std::to_string(n);
      plan_.retreats[at->second] = std::move(retreat);
    }
    plan_.steps[s].retreat = at->second;
  }

  const Lowering& l_;
  const Drafts& drafts_;
  const std::vector<plan::Step>& made_;
  plan::Plan& plan_;
  std::map<std::string, std::string> ids_;  // by key
};

}  // namespace

void lower_retreats(const Lowering& l, const Drafts& drafts, const std::vector<plan::Step>& made, plan::Plan& plan) { Retreats(l, drafts, made, plan).run(); }

}  // namespace exm::lowering
