// Clause 7: from each phase of each step, cut off there, its retreat is right; a fallback gives what its step would have given.
// Where the step can be cut off in too many ways, what it changes is taken as unknown: what then holds, holds in each of these
// ways, but for what asks whether something is `known`; what does not is not known.
#include <fmt/format.h>

#include <algorithm>

#include "runtime/plain/check.h"

namespace exm::plain {

namespace {

constexpr std::size_t most_cases = 2'000;

struct Refused {
  std::string why;
  bool not_known = false;
};

class WayBack {
 public:
  WayBack(const Played& plan, int step) : plan_(plan) {
    const Run& run = plan.runs[at(step)];
    World world = plan.begins[at(step)];
    std::set<int> changed;
    for (const auto& [variable, shown] : run.begun) changed.insert(variable);
    const auto worlds_in = [&](const std::set<int>& variables) {
      const auto places = course(run, variables, CutOffs::looked_at);
      std::set<World> worlds;
      for (std::size_t p = 1; places && p + 1 < places->size(); ++p) {
        for (const auto& [variable, value] : (*places)[p].values) world[at(variable)] = value;
        worlds.insert(world);
      }
      return worlds;
    };
    worlds_ = worlds_in(changed);
    doubtful_ = worlds_.empty();
    if (!doubtful_) return;
    for (const int v : changed) {
      for (const World& one : worlds_in({v})) could_be_[v].insert(one[at(v)]);
      if (!could_be_.contains(v)) refuse("it has too many phases");
    }
    for (const int v : changed) world[at(v)] = unknown();
    worlds_.insert(world);
  }

  /// Takes these steps from each world in which the step can be cut off; gives the worlds in which that ends.
  const std::set<World>& take(const std::vector<const Action*>& back) {
    for (const Action* action : back) {
      std::set<World> next;
      for (const World& world : worlds_) next.insert(after(*action, world));
      worlds_ = std::move(next);
    }
    return worlds_;
  }

  /// Whether it is known not to hold, whatever is taken as unknown.
  bool never(const Formula& f, const World& world) const { return truth(f, world) == Truth::no && !asks(f, world); }

  /// What a variable can be there.
  std::set<Value> values(int v, const World& world) const { return is_doubtful(v, world) ? could_be_.at(v) : std::set<Value>{world[at(v)]}; }

  [[noreturn]] void refuse(const std::string& why) const { throw Refused{why, doubtful_}; }

 private:
  World after(const Action& action, World world) {
    const Run run = begin(action, world);
    const bool already = holds_already(action, run, world);
    if (doubtful_) check_doubt(action, run, already, world);
    if (already) return world;
    for (const Formula& f : action.needs)
      if (!holds(f, world)) refuse(action.name + " may begin where what it requires is not known to hold: " + seen(plan_.model, f, world));
    if (run.conflict >= 0) refuse(action.name + " gives " + plan_.model.names[at(run.conflict)] + " two different values");
    for (const Rule& rule : plan_.model.rules) keep(action, run, rule, world);
    if (doubtful_) note_doubt(action, world);
    for (const auto& [variable, value] : run.ended) world[at(variable)] = value;
    return world;
  }

  /// All that its effects make known is so already, and is probed: then it does nothing.
  static bool holds_already(const Action& action, const Run& run, const World& world) {
    bool some = false;
    for (const auto& [changes, waits] : run.moments)
      for (const Change& change : changes) {
        if (change.to == unknown()) continue;
        some = true;
        if (!action.probed.contains(change.variable) || world[at(change.variable)] != change.to) return false;
      }
    return some;
  }

  /// A rule binds from when it first holds.
  void keep(const Action& action, const Run& run, const Rule& rule, const World& world) const {
    if (std::none_of(rule.variables.begin(), rule.variables.end(), [&](int v) { return run.begun.contains(v); })) return;
    const auto places = course(run, rule.variables, CutOffs::left_out);
    if (!places) throw Refused{action.name + " has too many phases", true};
    std::vector<bool> binds(places->size());
    for (std::size_t p = 0; p < places->size(); ++p) {
      World now = world;
      for (const auto& [variable, value] : (*places)[p].values) now[at(variable)] = value;
      const Truth holds = truth(rule.formula, now);
      if (binds[p] && holds != Truth::yes) refuse(action.name + " breaks " + rule.id + ": " + seen(plan_.model, rule.formula, now));
      if (doubtful_ && (holds == Truth::unknown || asks(rule.formula, now))) refuse(action.name + " may break " + rule.id);
      for (const int next : (*places)[p].next) binds[at(next)] = binds[at(next)] || holds == Truth::yes;
    }
  }

  // What is only taken as unknown.
  bool is_doubtful(int v, const World& world) const { return world[at(v)] == unknown() && could_be_.contains(v); }

  /// Whether the formula asks if something is known that is only taken as unknown.
  bool asks(const Formula& f, const World& world) const {
    std::set<int> variables;
    if (f.op == Op::known) variables_in(f, variables);
    return std::any_of(variables.begin(), variables.end(), [&](int v) { return is_doubtful(v, world); }) ||
           std::any_of(f.parts.begin(), f.parts.end(), [&](const Formula& part) { return asks(part, world); });
  }

  /// The world with each value that those of the variables can have that are only taken as unknown.
  std::vector<World> cases(const std::set<int>& variables, const World& world) const {
    std::vector<World> all{world};
    for (const int v : variables) {
      if (!is_doubtful(v, world)) continue;
      for (std::size_t i = all.size(); i-- > 0;)
        for (const Value value : could_be_.at(v)) {
          all.push_back(all[i]);
          all.back()[at(v)] = value;
        }
      if (all.size() > most_cases) refuse("there is too much that may be known or not");
    }
    return all;
  }

  bool holds(const Formula& f, const World& world) const {
    if (f.op == Op::all) return std::all_of(f.parts.begin(), f.parts.end(), [&](const Formula& part) { return holds(part, world); });
    std::set<int> variables;
    if (asks(f, world)) variables_in(f, variables);
    const auto all = cases(variables, world);
    return std::all_of(all.begin(), all.end(), [&](const World& one) { return truth(f, one) == Truth::yes; });
  }

  /// Where what an action does may hang on it: whether its effects hold already, or conflict, or happen.
  void check_doubt(const Action& action, const Run& run, bool already, const World& world) const {
    bool asked = false;
    for (const Assignment& a : action.assignments) asked = asked || asks(a.to, world) || (a.when && asks(*a.when, world));
    const bool reads = std::any_of(action.reads.begin(), action.reads.end(), [&](int v) { return is_doubtful(v, world); });
    if (asked || (already ? reads : run.gives_twice)) refuse(action.name + " may do this or that");
  }

  /// What it leaves may be made of it: then that can be one thing or another, too.
  void note_doubt(const Action& action, const World& world) {
    for (const Assignment& a : action.assignments) {
      std::set<int> read{a.variable};
      variables_in(a.to, read);
      if (a.when) variables_in(*a.when, read);
      for (const World& one : cases(read, world)) {
        const Truth when = a.when ? truth(*a.when, one) : Truth::yes;
        if (when != Truth::no) could_be_[a.variable].insert(evaluate(a.to, one));
        if (when != Truth::yes) could_be_[a.variable].insert(one[at(a.variable)]);
      }
    }
  }

  const Played& plan_;
  std::set<World> worlds_;                   // in which it can be
  bool doubtful_ = false;                    // there are too many: what the step changes is taken as unknown
  std::map<int, std::set<Value>> could_be_;  // then: what that may be
};

/// Whether a variable that ends so is left different from what is to be restored. What a wish has changed is no difference.
bool differs(const Model& model, int v, Value ends) {
  const Value restore = model.restore[at(v)];
  if (model.lasting[at(v)] || model.planned[at(v)] || restore == unknown() || ends == restore) return false;
  const auto free = model.free.find(v);
  return free == model.free.end() || (free->second.why != "left" && (free->second.why != "achieved" || free->second.ends != ends));
}

void check_retreat(const Played& plan, int s) {
  const Model& model = plan.model;
  const Step& step = model.steps[at(s)];
  for (const Action* back : step.retreat->steps)
    if (back->name == step.action->name && back->effect == step.action->effect && back->during == step.action->during)
      throw Refused{"it repeats the step"};
  WayBack way(plan, s);
  const std::set<World>& ends = way.take(step.retreat->steps);
  for (const Formula& disrupts : model.disruptions) {
    if (truth(disrupts, model.start) != Truth::no) continue;  // what users feel before the plan they may feel after it
    for (const World& world : ends)
      if (!way.never(disrupts, world)) way.refuse("users feel it at the end: " + seen(model, disrupts, world));
  }
  for (int v = 0; at(v) < model.names.size(); ++v) {
    std::set<Value> values;
    for (const World& world : ends) values.merge(way.values(v, world));
    const bool open = std::any_of(values.begin(), values.end(), [&](Value value) { return differs(model, v, value); });
    const Value value = values.size() == 1 ? *values.begin() : unknown();
    const auto listed = step.retreat->open.find(v);
    if (listed == step.retreat->open.end() ? open : !open || listed->second != value)
      way.refuse(fmt::format("{} ends as {}, {}, and the plan says otherwise", model.names[at(v)], words(value), open ? "open" : "not open"));
  }
}

void check_fallback(const Played& plan, int s) {
  World wanted = plan.begins[at(s)];
  for (const auto& [variable, value] : plan.runs[at(s)].ended) wanted[at(variable)] = value;
  WayBack way(plan, s);
  if (way.take({plan.model.steps[at(s)].fallback}) != std::set<World>{wanted}) way.refuse("it does not end as the step would have");
}

}  // namespace

void check_ways_back(const Played& plan, Report& report) {
  std::set<std::string> allowed;
  for (const Json& action : under(under(plan.json, "limits"), "allow")) allowed.insert(action.get<std::string>());
  for (const int s : plan.model.order) {
    const Step& step = plan.model.steps[at(s)];
    if (!step.retreat && !allowed.contains(step.action->name)) report.broken.push_back("clause 7: there is no retreat from step " + step.id);
    const auto judge = [&](const char* what, void (*check)(const Played&, int)) {
      try {
        check(plan, s);
      } catch (const Refused& refused) {
        (refused.not_known ? report.open : report.broken).push_back(fmt::format("clause 7: the {} from step {}: {}", what, step.id, refused.why));
      }
    };
    if (step.retreat) judge("retreat", check_retreat);
    if (step.fallback) judge("fallback", check_fallback);
  }
  if (report.valid()) report.holds.push_back("clause 7: each retreat is right from each phase of its step");
}

}  // namespace exm::plain
