// Clause 7: from each phase of each step, cut off there, its retreat is right; a fallback gives what its step would have given.
// Where the step can be cut off in too many ways, what it changes is taken as unknown: what then holds, holds in each of these
// ways, but for what asks whether something is `known`; what does not is not known.
#include <fmt/format.h>

#include <algorithm>

#include "runtime/plain/check.h"

namespace exm::plain {

namespace {

struct Refused {
  std::string why;
  bool not_known = false;
};

class WayBack {
 public:
  WayBack(const Played& plan, int step) : plan_(plan), run_(plan.runs[at(step)]) {
    std::set<int> changed;
    World world = plan.begins[at(step)];
    for (const auto& [variable, shown] : run_.begun) changed.insert(variable);
    const auto places = course(run_, changed, CutOffs::looked_at);
    doubtful_ = !places;
    for (const int v : changed) world[at(v)] = unknown();
    if (doubtful_) worlds_.insert(world);
    for (std::size_t p = 1; places && p + 1 < places->size(); ++p) {
      for (const auto& [variable, value] : (*places)[p].values) world[at(variable)] = value;
      worlds_.insert(world);
    }
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
  bool never(const Formula& f, const World& world) const { return truth(f, world) == Truth::no && doubtful_in(f, world, {}) < 0; }

  [[noreturn]] void refuse(const std::string& why) const { throw Refused{why, doubtful_}; }

 private:
  World after(const Action& action, World world) const {
    const Run run = begin(action, world);
    const bool already = holds_already(action, run, world);
    if (doubtful_) check_doubt(action, run, already, world);
    if (already) return world;
    for (const Formula& f : action.needs)
      if (!holds(f, world, {})) refuse(action.name + " may begin where what it requires is not known to hold: " + seen(plan_.model, f, world));
    if (run.conflict >= 0) refuse(action.name + " gives " + plan_.model.names[at(run.conflict)] + " two different values");
    for (const Rule& rule : plan_.model.rules) keep(action, run, rule, world);
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
      if (doubtful_ && (holds == Truth::unknown || doubtful_in(rule.formula, now, {}) >= 0)) refuse(action.name + " may break " + rule.id);
      for (const int next : (*places)[p].next) binds[at(next)] = binds[at(next)] || holds == Truth::yes;
    }
  }

  // What is only taken as unknown.
  bool is_doubtful(int v, const World& world) const { return doubtful_ && world[at(v)] == unknown() && run_.begun.contains(v); }

  /// A variable of which the formula asks whether it is known, and which is only taken as unknown; or -1.
  int doubtful_in(const Formula& f, const World& world, const std::set<int>& decided) const {
    std::set<int> variables;
    if (f.op == Op::known) variables_in(f, variables);
    for (const int v : variables)
      if (is_doubtful(v, world) && !decided.contains(v)) return v;
    for (const Formula& part : f.parts)
      if (const int v = doubtful_in(part, world, decided); v >= 0) return v;
    return -1;
  }

  /// Whether it holds with each value that the cut-off step can have left there, and with none of them known.
  bool holds(const Formula& f, const World& world, std::set<int> decided) const {
    if (f.op == Op::all) return std::all_of(f.parts.begin(), f.parts.end(), [&](const Formula& part) { return holds(part, world, decided); });
    const int v = doubtful_in(f, world, decided);
    if (v < 0) return truth(f, world) == Truth::yes;
    decided.insert(v);
    const auto places = course(run_, {v}, CutOffs::looked_at);
    if (!places) refuse("too many phases");
    World there = world;
    for (std::size_t p = 0; p + 1 < places->size(); ++p) {
      there[at(v)] = p == 0 ? unknown() : (*places)[p].values.at(v);
      if (!holds(f, there, decided)) return false;
    }
    return true;
  }

  /// Where what an action does may hang on it: whether its effects hold already, or conflict, or happen.
  void check_doubt(const Action& action, const Run& run, bool already, const World& world) const {
    std::set<int> read;
    bool asked = false;
    Effect all = action.effect;
    all.push_back({action.during, {}});
    for (const Block& block : all)
      for (const Assignment& a : block.assignments) {
        for (const Formula* f : {&a.to, a.when ? &*a.when : &a.to}) {
          variables_in(*f, read);
          asked = asked || doubtful_in(*f, world, {}) >= 0;
        }
      }
    const bool reads = std::any_of(read.begin(), read.end(), [&](int v) { return is_doubtful(v, world); });
    if (asked || (already ? reads : run.gives_twice)) refuse(action.name + " may do this or that");
  }

  const Played& plan_;
  const Run& run_;
  std::set<World> worlds_;  // in which it can be
  bool doubtful_ = false;   // there are too many: what the step changes is taken as unknown
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
    Value value = (*ends.begin())[at(v)];
    bool open = false;
    for (const World& world : ends) {
      value = either(value, world[at(v)]);
      open = open || differs(model, v, world[at(v)]);
    }
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
