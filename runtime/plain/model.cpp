#include "runtime/plain/model.h"

#include <algorithm>

namespace exm::plain {

namespace {

using Texts = std::vector<std::string>;

Texts texts(const Json& json, const char* key, const Slots& slots = {}) {
  Texts out;
  for (const Json& text : under(json, key)) out.push_back(fill(text, slots));
  return out;
}

class Builder {
 public:
  Builder(const Json& plan, Model& model) : plan_(plan), model_(model) {}

  void build() {
    with_keys(plan_, "format digest maintenance ?title ?sources ?kinds ?disrupts_when ?objects ?hosts ?preludes ?free ?templates ?steps ?rules "
                     "?achieve ?limits ?faults ?minimize ?notices ?retreats ?summary");
    need(plan_["format"] == "exm-plan/1", "the format is not exm-plan/1: this program reads no other");
    for (const auto& [path, object] : under(plan_, "objects").items()) add_object(path, object);
    for (const Json& step : under(plan_, "steps")) add_step(step);
    sort();
    for (const Json& rule : under(plan_, "rules")) {
      with_keys(rule, "id kind formula ?instances ?title ?source ?repaired ?of_steps");
      need(rule["kind"] == "always" || rule["kind"] == "keep", "a rule is neither always nor keep");
      for (const Slots& slots : instances(rule)) {
        std::string id = rule["id"];
        for (const std::string& object : slots.objects) id += " " + object;
        model_.rules.push_back({id, formula(rule["formula"], slots), rule.value("repaired", false), rule.value("of_steps", false), {}});
        variables_in(model_.rules.back().formula, model_.rules.back().variables);
      }
    }
    for (const Json& one : under(plan_, "disrupts_when"))
      for (const Slots& slots : instances(with_keys(one, "formula ?instances"))) model_.disruptions.push_back(formula(one["formula"], slots));
    for (const Json& fault : under(plan_, "faults"))
      for (const Slots& slots : instances(with_keys(fault, "id effects ?title ?instances"))) {
        auto& all = model_.faults[fault["id"]];
        add_blocks(fault["effects"], {}, slots, all.emplace_back());
      }
    for (const Json& wish : under(plan_, "achieve")) model_.wishes.push_back(formula(wish, {}));
    for (const auto& [name, free] : under(plan_, "free").items())
      model_.free[number_of(variables_, name)] = {with_keys(free, "why ends")["why"], read_constant(free["ends"])};
  }

 private:
  Formula formula(const Json& json, const Slots& slots) const { return read_formula(json, slots, variables_); }

  /// The slots of each instance; none where it has none.
  std::vector<Slots> instances(const Json& json) const {
    std::vector<Slots> all;
    for (const Json& objects : under(json, "instances")) all.push_back({objects.get<Texts>(), Json::object()});
    return all.empty() ? std::vector<Slots>(1) : all;
  }

  void add_object(const std::string& path, const Json& object) {
    with_keys(object, "kind ?start ?restore ?planned");
    const Json& states = with_keys(plan_.at("kinds").at(object["kind"].get<std::string>()), "states")["states"];
    const Json &start = under(object, "start"), &restore = under(object, "restore");
    const bool not_there = object.value("planned", false) || (start.contains("exists") && start["exists"] == false);
    const auto add = [&](const std::string& name, Value usual, bool lasting) {
      variables_[path + "." + name] = static_cast<int>(model_.names.size());
      model_.names.push_back(path + "." + name);
      model_.start.push_back(start.contains(name) ? read_constant(start[name]) : usual);
      model_.restore.push_back(restore.contains(name) ? read_constant(restore[name]) : model_.start.back());
      model_.lasting.push_back(lasting);
      model_.planned.push_back(not_there);
    };
    add("exists", boolean(!object.value("planned", false)), false);
    for (const auto& [name, state] : states.items()) {
      with_keys(state, "type ?default ?lasting");
      add(name, state.contains("default") ? read_constant(state["default"]) : unknown(), state.value("lasting", false));
    }
    for (const Json* given : {&start, &restore})
      for (const auto& [name, value] : given->items()) number_of(variables_, path + "." + name);
  }

  Assignment assignment(const Json& json, const Slots& slots) const {
    with_keys(json, "set to ?when");
    Assignment made{number_of(variables_, fill(json["set"], slots)), formula(json["to"], slots), std::nullopt};
    if (json.contains("when")) made.when = formula(json["when"], slots);
    return made;
  }

  /// Adds the blocks of an effect that begins after those; gives those after which whatever follows begins.
  std::set<int> add_blocks(const Json& json, const std::set<int>& after, const Slots& slots, Effect& effect) const {
    if (json.is_array()) {
      if (json.empty()) return after;
      Block block{{}, after};
      for (const Json& one : json) block.assignments.push_back(assignment(one, slots));
      for (const int a : after) block.after.insert(effect[at(a)].after.begin(), effect[at(a)].after.end());
      effect.push_back(std::move(block));
      return {static_cast<int>(effect.size()) - 1};
    }
    std::set<int> last = after, ends;
    const bool in_turn = json.contains("seq");
    for (const Json& part : with_keys(json, in_turn ? "seq" : "all").front()) {
      const auto done = add_blocks(part, in_turn ? last : after, slots, effect);
      ends.insert(done.begin(), done.end());
      last = done;
    }
    return in_turn || ends.empty() ? last : ends;
  }

  const Action* action(const std::string& name, const Slots& slots) {
    const auto [made, fresh] = model_.actions.try_emplace(Json{name, slots.objects, slots.args}.dump());
    Action& action = made->second;
    if (!fresh) return &action;
    const Json& shape = plan_.at("templates").at(name);
    with_keys(shape, "action title effects ?on ?uses ?requires ?during ?run ?probes ?takes ?timeout ?retry ?fallback ?confirm ?cost ?disrupts "
                     "?irreversible ?privileges ?notices ?lease");
    action.name = shape["action"];
    action.on = fill(shape.value("on", ""), slots);
    action.uses = texts(shape, "uses", slots);
    action.takes = shape.value("takes", std::int64_t{0});
    need(action.takes >= 0 && action.takes <= 100'000'000, "`takes` is out of all proportion");
    for (const Json& r : under(shape, "requires"))
      action.needs.push_back(formula(r.is_object() && r.contains("formula") ? with_keys(r, "formula else")["formula"] : r, slots));
    for (const Json& one : under(shape, "during")) action.during.push_back(assignment(one, slots));
    add_blocks(shape["effects"], {}, slots, action.effect);
    for (const Json& probe : under(shape, "probes"))
      action.probed.insert(number_of(variables_, fill(with_keys(probe, "var language command ?from ?every ?as")["var"], slots)));
    for (const Formula& need : action.needs) variables_in(need, action.reads);
    action.assignments = action.during;
    for (const Block& block : action.effect)
      action.assignments.insert(action.assignments.end(), block.assignments.begin(), block.assignments.end());
    for (const Assignment& a : action.assignments) {
      action.writes.insert(a.variable);
      variables_in(a.to, action.reads);
      if (a.when) variables_in(*a.when, action.reads);
    }
    return &action;
  }

  void add_step(const Json& json) {
    with_keys(json, "id template ?objects ?args ?after ?acquires ?releases ?why ?retreat");
    const Slots slots{texts(json, "objects"), json.value("args", Json::object())};
    Step step{json["id"], action(json["template"], slots), nullptr, texts(json, "acquires"), texts(json, "releases"), {}};
    need(!step.id.empty() && ids_.emplace(step.id, ids_.size()).second, "two steps have one id, or one has none");
    const Json& shape = plan_["templates"][json["template"].get<std::string>()];
    if (shape.contains("fallback"))
      step.fallback = action(with_keys(shape["fallback"], "template ?objects")["template"], {texts(shape["fallback"], "objects", slots), slots.args});
    if (json.contains("retreat")) step.retreat = retreat(plan_.at("retreats").at(json["retreat"].get<std::string>()), slots);
    model_.steps.push_back(std::move(step));
  }

  /// Its slots are the objects of the step. An argument that it does not give is that of the step.
  Retreat retreat(const Json& json, const Slots& step_slots) {
    Retreat out;
    const Slots from{step_slots.objects, {}};
    const Json& args = step_slots.args;
    for (const Json& step : under(with_keys(json, "?steps ?open"), "steps")) {
      Slots slots{texts(with_keys(step, "template ?objects ?args"), "objects", from), args};
      for (const auto& [name, value] : under(step, "args").items())
        slots.args[name] = value.is_object() && value.contains("arg") ? args.at(value["arg"].get<std::string>()) : value;
      out.steps.push_back(action(step["template"], slots));
    }
    for (const auto& [path, value] : under(json, "open").items()) out.open[number_of(variables_, fill(path, from))] = read_constant(value);
    return out;
  }

  /// One order of the steps, and who is before whom, directly or not.
  void sort() {
    const std::size_t n = model_.steps.size();
    model_.before.assign(n, std::vector<bool>(n));
    std::vector<bool> done(n);
    for (bool more = true; more;) {
      more = false;
      for (std::size_t s = 0; s < n; ++s) {
        const Texts after = texts(plan_["steps"][s], "after");
        if (done[s] || !std::all_of(after.begin(), after.end(), [&](const std::string& id) { return done[ids_.at(id)]; })) continue;
        for (const std::string& id : after)
          for (std::size_t p = 0; p < n; ++p)
            if (p == ids_[id] || model_.before[p][ids_[id]]) model_.before[p][s] = true;
        model_.order.push_back(static_cast<int>(s));
        done[s] = more = true;
      }
    }
    need(model_.order.size() == n, "the order of the steps is a circle");
  }

  const Json& plan_;
  Model& model_;
  Variables variables_;
  std::map<std::string, std::size_t> ids_;
};

}  // namespace

Model::Model(const Json& plan) { Builder(plan, *this).build(); }

void variables_in(const Formula& formula, std::set<int>& found) {
  if (formula.op == Op::variable) found.insert(formula.variable);
  for (const Formula& part : formula.parts) variables_in(part, found);
}

}  // namespace exm::plain
