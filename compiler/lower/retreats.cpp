// Ways back, shared by all steps that are equal but for names.
#include <algorithm>
#include <map>

#include "compiler/lower/parts.h"
#include "compiler/lower/values.h"

namespace exm::lowering {

namespace {

/// A way back in terms of its step: with slots, or with all objects written out.
struct Form {
  plan::Retreat retreat;
  std::vector<Id<program::Object>> objects;  // for its slots; the first are those of the step itself
};

class Retreats {
 public:
  Retreats(const Lowering& l, const Drafts& drafts, const std::vector<plan::Step>& made, plan::Plan& plan)
      : l_(l), drafts_(drafts), made_(made), plan_(plan) {}

  void run() {
    std::vector<std::pair<std::string, Form>> forms(plan_.steps.size());
    std::map<std::string, std::size_t> steps_with;
    for (std::size_t s = 0; s < forms.size(); ++s) {
      if (!l_.found.steps[s].retreat) continue;
      forms[s].second = form(s, Shape::Objects::slots);
      forms[s].first = key_of(forms[s].second.retreat);
      ++steps_with[forms[s].first];
    }
    for (std::size_t s = 0; s < forms.size(); ++s) {
      auto& [key, shared] = forms[s];
      if (!l_.found.steps[s].retreat) continue;
      if (steps_with[key] > 1) {
        for (std::size_t i = plan_.steps[s].objects.size(); i < shared.objects.size(); ++i)
          plan_.steps[s].objects.push_back(l_.program.objects[shared.objects[i]].path);
        name(s, key, std::move(shared.retreat));
      } else {
        plan::Retreat own = form(s, Shape::Objects::written_out).retreat;
        const std::string own_key = key_of(own);
        name(s, own_key, std::move(own));
      }
    }
  }

 private:
  const plan::Step& step(std::size_t draft) const { return draft < plan_.steps.size() ? plan_.steps[draft] : made_[draft - plan_.steps.size()]; }

  Form form(std::size_t s, Shape::Objects objects) const {
    Shape shape(l_.program, l_.task, Shape::Constants::written_out, objects);
    for (Id<program::Object> object : drafts_.steps[s].objects) shape.slot(object);
    Form out;
    for (std::size_t draft : drafts_.ways_back[s]) {
      plan::RetreatStep back{step(draft).step_template, {}, {}};
      for (Id<program::Object> object : drafts_.steps[draft].objects)
        back.objects.push_back(objects == Shape::Objects::slots ? shape.path(object) : escaped(l_.program.objects[object].path));
      for (const auto& [name, value] : step(draft).args) {
        const auto same = plan_.steps[s].args.find(name);
        if (same == plan_.steps[s].args.end() || !(same->second == value)) back.args[name] = value;
      }
      out.retreat.steps.push_back(std::move(back));
    }
    for (const Open& open : l_.found.steps[s].retreat->open)
      out.retreat.open[shape.variable(open.variable)] = plan_value(l_.program, l_.task.values[open.value.index]);
    out.objects = shape.objects();
    return out;
  }

  static std::string key_of(const plan::Retreat& retreat) {
    std::string key;
    for (const plan::RetreatStep& back : retreat.steps) {
      key += back.step_template;
      for (const std::string& object : back.objects) key += "\n" + object;
      for (const auto& [name, value] : back.args) key += "\n" + name + "=" + lowering::key_of(value);
      key += "\n\n";
    }
    for (const auto& [variable, value] : retreat.open) key += "\n" + variable + "=" + lowering::key_of(value);
    return key;
  }

  /// By the action of the first step that has it.
  void name(std::size_t s, const std::string& key, plan::Retreat retreat) {
    const auto [at, is_new] = ids_.try_emplace(key);
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
