// Drafts that are equal but for objects and constants become one template.
#include <algorithm>
#include <map>

#include "compiler/lower/parts.h"

namespace exm::lowering {

namespace {

struct Group {
  std::vector<Draft*> drafts;
  std::string name;
  Filling filling;
};

/// What tells templates apart: the shape, and of each hole the type.
std::string key_of_draft(const Draft& draft, const std::string& more) {
  std::string key = key_of(draft.shape) + more;
  for (const Hole& hole : draft.holes) key += "/" + std::to_string(static_cast<int>(hole.value.type));
  return key;
}

bool same_column(const Group& group, std::size_t a, std::size_t b) {
  return std::all_of(group.drafts.begin(), group.drafts.end(), [&](const Draft* d) { return d->holes[a].value == d->holes[b].value; });
}

std::string free_name(const std::string& wanted, const std::vector<std::string>& taken) {
  std::string name = wanted;
  for (int n = 2; std::find(taken.begin(), taken.end(), name) != taken.end(); ++n) name = wanted + "_" + std::to_string(n);
  return name;
}

/// Holes that are filled alike in all steps hold the value; others an argument, one for all that always agree.
Filling filling_of(const Group& group) {
  const std::vector<Hole>& first = group.drafts[0]->holes;
  Filling filling;
  filling.arguments.resize(first.size());
  for (std::size_t h = 0; h < first.size(); ++h) {
    filling.values.push_back(first[h].value);
    auto same = [&](const Draft* d) { return d->holes[h].value == first[h].value; };
    if (std::all_of(group.drafts.begin(), group.drafts.end(), same)) continue;
    for (std::size_t g = 0; g < h && filling.arguments[h].empty(); ++g)
      if (!filling.arguments[g].empty() && same_column(group, g, h)) filling.arguments[h] = filling.arguments[g];
    if (filling.arguments[h].empty()) filling.arguments[h] = free_name(first[h].name, filling.arguments);
  }
  return filling;
}

class Sharer {
 public:
  Sharer(const Lowering& l, Drafts& drafts, plan::Plan& plan) : l_(l), drafts_(drafts), plan_(plan) {}

  void run() {
    std::map<std::string, std::size_t> by_key;
    std::vector<std::size_t> group_of_fallback, group_of_step;
    for (Draft& draft : drafts_.fallbacks) group_of_fallback.push_back(place(draft, key_of_draft(draft, "fallback"), by_key));
    for (std::size_t s = 0; s < drafts_.steps.size(); ++s) {
      Draft& draft = drafts_.steps[s];
      if (draft.fallback) draft.shape.fallback = fallback(draft, group_of_fallback[*draft.fallback]);
      group_of_step.push_back(place(draft, key_of_draft(draft, "step"), by_key));
    }
    name(group_of_step, group_of_fallback);
    for (Group& group : groups_) group.filling = filling_of(group);
    for (std::size_t s = 0; s < drafts_.steps.size(); ++s)
      if (const auto f = drafts_.steps[s].fallback) set_apart(groups_[group_of_step[s]], drafts_.steps[s], groups_[group_of_fallback[*f]], drafts_.fallbacks[*f]);
    for (Group& group : groups_) {
      plan::Template shape = group.drafts[0]->shape;
      fill(shape, group.filling);
      if (shape.fallback) shape.fallback->step_template = groups_[std::stoul(shape.fallback->step_template)].name;
      plan_.templates[group.name] = std::move(shape);
    }
    for (std::size_t s = 0; s < drafts_.steps.size(); ++s) {
      const auto f = drafts_.steps[s].fallback;
      add_step(s, groups_[group_of_step[s]], f ? &groups_[group_of_fallback[*f]] : nullptr);
    }
    // those beyond the plan's own were made for ways back
    std::vector<plan::Step> made(plan_.steps.begin() + static_cast<std::ptrdiff_t>(l_.found.steps.size()), plan_.steps.end());
    plan_.steps.resize(l_.found.steps.size());
    lower_retreats(l_, drafts_, made, plan_);
  }

 private:
  std::size_t place(Draft& draft, const std::string& key, std::map<std::string, std::size_t>& by_key) {
    const auto [found, is_new] = by_key.emplace(key, groups_.size());
    if (is_new) groups_.emplace_back();
    groups_[found->second].drafts.push_back(&draft);
    return found->second;
  }

  /// A fallback reads the arguments of its step: one that means something else there gets another name.
  static void set_apart(const Group& step_group, const Draft& step, Group& group, const Draft& fallback) {
    for (std::size_t f = 0; f < fallback.holes.size(); ++f) {
      std::string& name = group.filling.arguments[f];
      if (name.empty() || name.starts_with("fallback_")) continue;
      for (std::size_t h = 0; h < step.holes.size(); ++h)
        if (step_group.filling.arguments[h] == name && !(step.holes[h].value == fallback.holes[f].value)) {
          const std::string other = "fallback_" + name;
          std::replace(group.filling.arguments.begin(), group.filling.arguments.end(), std::string(name), other);
          break;
        }
    }
  }

  /// The group's number stands for its name until all have one.
  plan::Fallback fallback(const Draft& step, std::size_t group) const {
    plan::Fallback result{std::to_string(group), {}};
    for (Id<program::Object> object : drafts_.fallbacks[*step.fallback].objects) {
      const auto slot = std::find(step.objects.begin(), step.objects.end(), object);
      result.objects.push_back(slot == step.objects.end() ? l_.program.objects[object].path : "$" + std::to_string(slot - step.objects.begin()));
    }
    return result;
  }

  /// By the action, in the order in which steps need them.
  void name(const std::vector<std::size_t>& of_steps, const std::vector<std::size_t>& of_fallbacks) {
    std::vector<std::string> taken;
    for (const auto* order : {&of_steps, &of_fallbacks})
      for (std::size_t g : *order) {
        Group& group = groups_[g];
        if (!group.name.empty()) continue;
        group.name = free_name(group.drafts[0]->shape.action, taken);
        taken.push_back(group.name);
      }
  }

  void add_step(std::size_t s, const Group& group, const Group* fallback_group) {
    const Draft& draft = drafts_.steps[s];
    plan::Step step;
    step.step_template = group.name;
    for (Id<program::Object> object : draft.objects) step.objects.push_back(l_.program.objects[object].path);
    give(step, group, draft);
    if (fallback_group) give(step, *fallback_group, drafts_.fallbacks[*draft.fallback]);
    if (s >= l_.found.steps.size()) return plan_.steps.push_back(std::move(step));
    step.id = l_.ids[s];
    for (std::uint32_t before : l_.found.steps[s].after) step.after.push_back(l_.ids[before]);
    step.why = why(l_, s);
    plan_.steps.push_back(std::move(step));
  }

  static void give(plan::Step& step, const Group& group, const Draft& draft) {
    for (std::size_t h = 0; h < draft.holes.size(); ++h)
      if (!group.filling.arguments[h].empty()) step.args[group.filling.arguments[h]] = draft.holes[h].value;
  }

  const Lowering& l_;
  Drafts& drafts_;
  plan::Plan& plan_;
  std::vector<Group> groups_;
};

}  // namespace

void share(const Lowering& l, Drafts& drafts, plan::Plan& plan) { Sharer(l, drafts, plan).run(); }

}  // namespace exm::lowering
