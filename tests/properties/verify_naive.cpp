#include "tests/properties/verify_naive.h"

#include <algorithm>
#include <deque>
#include <set>

#include "runtime/plan/instantiate.h"
#include "runtime/plan/paths.h"
#include "runtime/verify/evaluate.h"
#include "runtime/verify/words.h"

namespace exm::naive {
namespace {

using plan::Assignment;
using plan::Effect;
using plan::Value;

/// One way in which the conditions that nobody knows may be decided.
using Guess = std::vector<bool>;

/// A step under way, in one guess: what it shows, and what it would leave if it ended now.
struct Shadow {
  std::map<std::string, Value> running, before;
};

struct Ready {  // an assignment with its value; `guess` is the number of its unknown condition, or -1
  std::string variable;
  Value to;
  int guess = -1;
};

/// The effect as read when the step begins: leaves without a change are gone.
struct Tree {
  Effect::Kind kind = Effect::Kind::together;
  std::vector<Ready> changes;
  std::vector<Tree> parts;
  bool done = false;
};

enum class Status { waiting, running, ended, cut_off };

struct StepState {
  Status status = Status::waiting;
  Tree tree;
  std::vector<Shadow> shadows;         // one a guess
  std::map<std::string, Value> shows;  // of a step that was cut off: what it left
};

struct State {
  World world;
  std::vector<StepState> steps;
  std::vector<bool> bound;  // by rule instance
};

struct RuleInstance {
  const plan::Rule* rule;
  plan::Expression formula;
};

void flatten(const Tree& tree, std::string& text) {
  text += tree.done ? '1' : '0';
  for (const Tree& part : tree.parts) flatten(part, text);
}

std::string key(const State& state) {
  std::string text;
  for (const auto& [name, value] : state.world) text += words(value) + ",";
  for (const StepState& step : state.steps) {
    text += "|" + std::to_string(static_cast<int>(step.status));
    if (step.status != Status::running) continue;
    flatten(step.tree, text);
    for (const Shadow& shadow : step.shadows) {
      for (const auto& [name, value] : shadow.running) text += words(value) + ";";
      for (const auto& [name, value] : shadow.before) text += words(value) + ";";
    }
  }
  for (const bool b : state.bound) text += b ? 'b' : '-';
  return text;
}

/// Leaves of the tree that may happen next.
void ready(Tree& tree, std::vector<Tree*>& found) {
  if (tree.done) return;
  if (tree.kind == Effect::Kind::together) return found.push_back(&tree);
  for (Tree& part : tree.parts) {
    if (part.done) continue;
    ready(part, found);
    if (tree.kind == Effect::Kind::sequence) return;
  }
}

bool settle(Tree& tree) {
  if (tree.kind == Effect::Kind::together) return tree.done = tree.done || tree.changes.empty();
  bool all = true;
  for (Tree& part : tree.parts) all = settle(part) && all;
  return tree.done = all;
}

class Stage {
 public:
  Stage(const plan::Plan& plan) : plan_(plan) {
    for (const plan::Step& step : plan.steps) shapes_.push_back(plan::instantiate(plan, step));
    for (const plan::Rule& rule : plan.rules) {
      if (rule.formula.instances.empty()) rules.push_back({&rule, rule.formula.formula});
      for (const auto& objects : rule.formula.instances) {
        rules.push_back({&rule, plan::instantiate(rule.formula.formula, objects, {})});
      }
    }
    const std::size_t n = plan.steps.size();
    before.assign(n, std::vector<bool>(n));
    for (std::size_t i = 0; i < n; ++i) {
      for (const std::string& id : plan.steps[i].after) {
        for (std::size_t j = 0; j < n; ++j) before[j][i] = before[j][i] || plan.steps[j].id == id;
      }
    }
    for (std::size_t k = 0; k < n; ++k) {
      for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t j = 0; j < n; ++j) before[i][j] = before[i][j] || (before[i][k] && before[k][j]);
      }
    }
  }

  State start() const {
    State state{plan::start_world(plan_), std::vector<StepState>(shapes_.size()), {}};
    for (const RuleInstance& r : rules) state.bound.push_back(truth(r.formula, state.world) == Truth::yes);
    return state;
  }

  // What may happen next, and to what it leads.
  bool may_begin(const State& state, std::size_t s, bool look_at_slots = true) const {
    if (state.steps[s].status != Status::waiting) return false;
    for (std::size_t p = 0; p < shapes_.size(); ++p) {
      if (before[p][s] && state.steps[p].status != Status::ended) return false;
    }
    if (!look_at_slots) return true;
    auto left = slots(state);
    for (const std::string& slot : plan_.steps[s].acquires) {
      if (--left[slot] < 0) return false;
    }
    return true;
  }

  std::map<std::string, int> slots(const State& state) const {
    auto left = plan_.limits.slots;
    for (std::size_t s = 0; s < shapes_.size(); ++s) {
      if (state.steps[s].status != Status::waiting) {
        for (const std::string& slot : plan_.steps[s].acquires) --left[slot];
      }
      if (state.steps[s].status == Status::ended) {
        for (const std::string& slot : plan_.steps[s].releases) ++left[slot];
      }
    }
    return left;
  }

  /// Why the step may not begin here, or nothing.
  std::string obstacle(const State& state, std::size_t s) const {
    for (const plan::Requirement& r : shapes_[s].requires_) {
      if (truth(r.formula, state.world) != Truth::yes) return "requirement of " + plan_.steps[s].id;
    }
    std::vector<Assignment> during = shapes_[s].during, effects;
    all_assignments(shapes_[s].effects, effects);
    for (const auto* list : {&during, &effects}) {
      for (const Assignment& a : *list) {
        for (const Assignment& b : *list) {
          if (a.variable == b.variable && holds(a, state) == Truth::yes && holds(b, state) == Truth::yes &&
              !same(evaluate(a.to, state.world), evaluate(b.to, state.world))) {
            return "conflict in " + plan_.steps[s].id;
          }
        }
      }
    }
    return "";
  }

  State begun(State state, std::size_t s) const {
    StepState& step = state.steps[s];
    step.status = Status::running;
    int guesses = 0;
    const World world = state.world;
    std::vector<Ready> during;
    for (const Assignment& a : shapes_[s].during) add_ready(a, world, during, guesses);
    step.tree = read(shapes_[s].effects, world, guesses);
    settle(step.tree);
    std::vector<Assignment> named = shapes_[s].during;
    all_assignments(shapes_[s].effects, named);
    for (int g = 0; g < (1 << guesses); ++g) {
      Shadow shadow;
      for (const Assignment& a : named) shadow.before[a.variable] = shadow.running[a.variable] = world.at(a.variable);
      for (const Ready& r : during) {
        if (r.guess < 0 || ((g >> r.guess) & 1)) shadow.running[r.variable] = r.to;
      }
      step.shadows.push_back(std::move(shadow));
    }
    show(state, s);
    return state;
  }

  std::vector<State> effects(const State& state, std::size_t s) const {
    std::vector<State> next;
    std::vector<Tree*> leaves;
    State copy = state;
    ready(copy.steps[s].tree, leaves);
    for (std::size_t i = 0; i < leaves.size(); ++i) {
      State moved = state;
      std::vector<Tree*> mine;
      ready(moved.steps[s].tree, mine);
      mine[i]->done = true;
      for (std::size_t g = 0; g < moved.steps[s].shadows.size(); ++g) {
        Shadow& shadow = moved.steps[s].shadows[g];
        std::map<std::string, Value> given;  // two different values at once: nobody knows which
        for (const Ready& r : mine[i]->changes) {
          if (r.guess >= 0 && !((g >> r.guess) & 1)) continue;
          const auto [at, fresh] = given.emplace(r.variable, r.to);
          if (!fresh && !same(at->second, r.to)) at->second = plan::unknown();
        }
        for (const auto& [name, value] : given) shadow.running[name] = shadow.before[name] = value;
      }
      settle(moved.steps[s].tree);
      show(moved, s);
      next.push_back(std::move(moved));
    }
    return next;
  }

  std::optional<State> ended(State state, std::size_t s) const {
    if (!state.steps[s].tree.done) return std::nullopt;
    for (Shadow& shadow : state.steps[s].shadows) shadow.running = shadow.before;
    show(state, s);
    state.steps[s].status = Status::ended;
    return state;
  }

  std::vector<State> cut_offs(const State& state, std::size_t s) const {
    std::vector<std::string> open;
    const auto running = joined(state.steps[s], &Shadow::running), left = joined(state.steps[s], &Shadow::before);
    for (const auto& [name, value] : running) {
      if (!same(value, left.at(name))) open.push_back(name);
    }
    std::vector<State> next;
    for (std::size_t choice = 0; choice < std::size_t{1} << open.size(); ++choice) {
      State moved = state;
      moved.steps[s].status = Status::cut_off;
      for (std::size_t i = 0; i < open.size(); ++i) {
        if ((choice >> i) & 1) moved.world[open[i]] = left.at(open[i]);
      }
      next.push_back(std::move(moved));
    }
    return next;
  }

  /// Marks the rules that hold; gives those that are broken.
  std::vector<std::size_t> broken(State& state) const {
    std::vector<std::size_t> found;
    for (std::size_t r = 0; r < rules.size(); ++r) {
      const bool holds = truth(rules[r].formula, state.world) == Truth::yes;
      if (state.bound[r] && !holds) found.push_back(r);
      if (holds && (rules[r].rule->of_steps || rules[r].rule->repaired)) state.bound[r] = true;
    }
    return found;
  }

  /// Whether up to `n` faults can break a rule that binds here.
  bool hurt(const World& world, const std::vector<bool>& bound, const plan::Withstand& limit,
            std::set<int> used) const {
    if (static_cast<int>(used.size()) >= limit.n) return false;
    int number = 0;
    for (const plan::Fault& fault : plan_.faults) {
      auto instances = fault.instances;
      if (instances.empty()) instances.push_back({});
      for (const auto& objects : instances) {
        ++number;
        if (fault.id != limit.fault || used.count(number)) continue;
        World after = world;
        std::vector<Assignment> assignments;
        all_assignments(plan::instantiate(fault.effects, objects, {}), assignments);
        for (const Assignment& a : assignments) {
          const Truth when = a.when ? truth(*a.when, world) : Truth::yes;
          const Value to = evaluate(a.to, world);
          if (when == Truth::yes)
            after[a.variable] = to;
          else if (when == Truth::unknown && !same(after[a.variable], to))
            after[a.variable] = plan::unknown();
        }
        for (std::size_t r = 0; r < rules.size(); ++r) {
          if (bound[r] && !rules[r].rule->of_steps && truth(rules[r].formula, after) != Truth::yes) return true;
        }
        auto more = used;
        more.insert(number);
        if (hurt(after, bound, limit, more)) return true;
      }
    }
    return false;
  }

  std::string race() const {
    for (std::size_t a = 0; a < shapes_.size(); ++a) {
      for (std::size_t b = 0; b < shapes_.size(); ++b) {
        if (a == b || before[a][b] || before[b][a]) continue;
        if (!shapes_[a].on.empty() && shapes_[a].on == shapes_[b].on) return "same host";
        std::set<std::string> writes = written(shapes_[a]), touched = written(shapes_[b]), read = named(shapes_[b]);
        touched.insert(read.begin(), read.end());
        for (const std::string& v : writes) {
          if (touched.count(v)) return "race on " + v;
        }
      }
    }
    return "";
  }

  std::vector<RuleInstance> rules;
  std::vector<std::vector<bool>> before;

 private:
  static void all_assignments(const Effect& effect, std::vector<Assignment>& found) {
    found.insert(found.end(), effect.assignments.begin(), effect.assignments.end());
    for (const Effect& part : effect.parts) all_assignments(part, found);
  }

  static Truth holds(const Assignment& a, const State& state) {
    return a.when ? truth(*a.when, state.world) : Truth::yes;
  }

  static void add_ready(const Assignment& a, const World& world, std::vector<Ready>& list, int& guesses) {
    const Truth when = a.when ? truth(*a.when, world) : Truth::yes;
    if (when != Truth::no) list.push_back({a.variable, evaluate(a.to, world), when == Truth::yes ? -1 : guesses++});
  }

  static Tree read(const Effect& effect, const World& world, int& guesses) {
    Tree tree{effect.kind, {}, {}, false};
    for (const Assignment& a : effect.assignments) add_ready(a, world, tree.changes, guesses);
    for (const Effect& part : effect.parts) tree.parts.push_back(read(part, world, guesses));
    return tree;
  }

  static std::map<std::string, Value> joined(const StepState& step, std::map<std::string, Value> Shadow::*which) {
    std::map<std::string, Value> all = step.shadows[0].*which;
    for (const Shadow& shadow : step.shadows) {
      for (const auto& [name, value] : shadow.*which) {
        if (!same(all[name], value)) all[name] = plan::unknown();
      }
    }
    return all;
  }

  static void show(State& state, std::size_t s) {
    for (const auto& [name, value] : joined(state.steps[s], &Shadow::running)) state.world[name] = value;
  }

  static std::set<std::string> written(const plan::Template& shape) {
    std::vector<Assignment> all = shape.during;
    all_assignments(shape.effects, all);
    std::set<std::string> names;
    for (const Assignment& a : all) names.insert(a.variable);
    return names;
  }

  static void variables(const plan::Expression& e, std::set<std::string>& names) {
    if (e.op == plan::Operator::variable) names.insert(e.text);
    for (const plan::Expression& operand : e.operands) variables(operand, names);
  }

  static std::set<std::string> named(const plan::Template& shape) {
    std::set<std::string> names;
    for (const plan::Requirement& r : shape.requires_) variables(r.formula, names);
    std::vector<Assignment> all = shape.during;
    all_assignments(shape.effects, all);
    for (const Assignment& a : all) {
      variables(a.to, names);
      if (a.when) variables(*a.when, names);
    }
    return names;
  }

  const plan::Plan& plan_;
  std::vector<plan::Template> shapes_;
};

void fail(Judgement& judgement, const std::string& why) {
  if (judgement.valid) judgement.why = why;
  judgement.valid = false;
}

bool lasting(const plan::Plan& plan, const std::string& name) {
  for (const auto& [path, object] : plan.objects) {
    for (const auto& [state, about] : plan.kinds.at(object.kind).states) {
      if (path + "." + state == name) return about.lasting;
    }
  }
  return false;
}

bool planned(const plan::Plan& plan, const std::string& name) {
  const auto at = plan.objects.find(name.substr(0, name.rfind('.')));
  return at != plan.objects.end() && at->second.planned;
}

bool wishes_hold(const plan::Plan& plan, const Stage& world, const World& end) {
  for (const plan::Expression& wish : plan.achieve) {
    if (truth(wish, end) != Truth::yes) return false;
  }
  for (const RuleInstance& r : world.rules) {
    if (r.rule->repaired && truth(r.formula, end) != Truth::yes) return false;
  }
  return true;
}

void judge_end(const plan::Plan& plan, const Stage& world, const World& end, Judgement& judgement) {
  if (!wishes_hold(plan, world, end)) fail(judgement, "wish");
  const World restore = plan::restore_world(plan);
  for (const auto& [name, value] : end) {
    const auto listed = plan.free.find(name);
    if (listed != plan.free.end() && !same(listed->second.ends, value)) fail(judgement, "ends of " + name);
    if (same(value, restore.at(name))) continue;
    if (listed == plan.free.end()) {
      fail(judgement, "not listed: " + name);
      continue;
    }
    World back = end;
    back[name] = restore.at(name);
    bool fine = false;
    switch (listed->second.why) {
      case plan::Free::Why::left:
        fine = true;
        break;
      case plan::Free::Why::lasting:
        fine = lasting(plan, name);
        break;
      case plan::Free::Why::planned:
        fine = planned(plan, name);
        break;
      case plan::Free::Why::unknown:
        fine = restore.at(name).type == Value::Type::unknown;
        break;
      case plan::Free::Why::achieved:
        fine = wishes_hold(plan, world, end) && !wishes_hold(plan, world, back);
        break;
    }
    if (!fine) fail(judgement, "not free: " + name);
  }
}

}  // namespace

Judgement judge(const plan::Plan& plan, std::size_t most_states) {
  Judgement judgement;
  const Stage world(plan);
  for (std::size_t s = 0; s < plan.steps.size(); ++s) {
    if (world.before[s][s]) return fail(judgement, "circle"), judgement;
  }
  if (const auto race = world.race(); !race.empty()) {
    judgement.races = true;
    return fail(judgement, race), judgement;
  }
  State first = world.start();
  for (std::size_t r = 0; r < world.rules.size(); ++r) {
    const plan::Rule& rule = *world.rules[r].rule;
    if (!first.bound[r] && !rule.of_steps && !rule.repaired) fail(judgement, "at start: " + rule.id);
  }
  std::optional<World> end;
  std::deque<std::pair<State, std::size_t>> queue{{first, 0}};
  std::set<std::string> seen{key(first)};
  const auto push = [&](State next, std::size_t events) {
    for (const std::size_t r : world.broken(next)) {
      fail(judgement, "rule " + world.rules[r].rule->id);
      judgement.shortest.emplace(world.rules[r].rule->id, events);  // breadth first: the first is the shortest
    }
    if (seen.insert(key(next)).second) queue.emplace_back(std::move(next), events);
  };
  while (!queue.empty()) {
    const auto [state, events] = std::move(queue.front());
    queue.pop_front();
    if (++judgement.states > most_states) {
      judgement.gave_up = true;
      return judgement;
    }
    for (const plan::Withstand& limit : plan.limits.withstand) {
      if (world.hurt(state.world, state.bound, limit, {})) fail(judgement, "withstand");
    }
    bool busy = false, waiting = false, moves = false, all_ended = true;
    for (std::size_t s = 0; s < plan.steps.size(); ++s) {
      const Status status = state.steps[s].status;
      all_ended = all_ended && status == Status::ended;
      busy = busy || status == Status::running || status == Status::cut_off;
      waiting = waiting || status == Status::waiting;
      if (status == Status::waiting && world.may_begin(state, s)) {
        moves = true;
        if (const auto obstacle = world.obstacle(state, s); !obstacle.empty())
          fail(judgement, obstacle);
        else
          push(world.begun(state, s), events + 1);
      } else if (status == Status::running) {
        for (State& next : world.effects(state, s)) push(std::move(next), events + 1);
        if (auto next = world.ended(state, s)) push(std::move(*next), events + 1);
        for (State& next : world.cut_offs(state, s)) push(std::move(next), events + 1);
      }
    }
    if (waiting && !busy && !moves) fail(judgement, "deadlock");
    for (const auto& [slot, left] : world.slots(state)) {
      if (left > plan.limits.slots.at(slot)) fail(judgement, "slot given back too often");
    }
    if (!all_ended) continue;
    if (end && *end != state.world) judgement.several_ends = true;
    end = state.world;
    judge_end(plan, world, state.world, judgement);
  }
  return judgement;
}

namespace {

bool shows(const World& world, const Event& event) {
  return std::all_of(event.assignments.begin(), event.assignments.end(),
                     [&](const auto& a) { return same(world.at(a.first), a.second); });
}

/// The states to which this event leads from that one.
std::vector<State> follow(const plan::Plan& plan, const Stage& world, const State& state, const Event& event) {
  std::vector<State> next;
  for (std::size_t s = 0; s < plan.steps.size(); ++s) {
    if (plan.steps[s].id != event.step) continue;
    const bool running = state.steps[s].status == Status::running;
    if (event.what == Event::What::begins && world.may_begin(state, s) && world.obstacle(state, s).empty()) {
      next.push_back(world.begun(state, s));
    }
    if (event.what == Event::What::effect && running) next = world.effects(state, s);
    if (event.what == Event::What::is_cut_off && running) next = world.cut_offs(state, s);
    if (event.what == Event::What::ends && running) {
      if (auto ended = world.ended(state, s)) next.push_back(std::move(*ended));
    }
  }
  std::erase_if(next, [&](const State& there) { return !shows(there.world, event); });
  return next;
}

}  // namespace

std::optional<std::string> replay(const plan::Plan& plan, const std::vector<Event>& trace, const std::string& rule) {
  const Stage world(plan);
  std::vector<State> states{world.start()};
  bool broken = false;
  for (std::size_t i = 0; i < trace.size(); ++i) {
    std::vector<State> next;
    broken = false;
    for (const State& state : states) {
      for (State& there : follow(plan, world, state, trace[i])) {
        for (const std::size_t r : world.broken(there)) broken = broken || world.rules[r].rule->id == rule;
        next.push_back(std::move(there));
      }
    }
    if (next.empty()) return "event " + std::to_string(i) + " (" + trace[i].step + ") cannot happen";
    states = std::move(next);
  }
  if (!broken) return "the rule is not broken at the end";
  return std::nullopt;
}

std::optional<std::map<std::string, Value>> end_of(const plan::Plan& plan) {
  const Stage world(plan);
  State state = world.start();
  for (std::size_t done = 0; done < plan.steps.size(); ++done) {
    std::size_t s = 0;
    while (s < plan.steps.size() && !world.may_begin(state, s, false)) ++s;
    if (s == plan.steps.size()) return std::nullopt;
    state = world.begun(std::move(state), s);
    for (auto next = world.effects(state, s); !next.empty(); next = world.effects(state, s)) state = next[0];
    state = *world.ended(std::move(state), s);
  }
  return state.world;
}

}  // namespace exm::naive
