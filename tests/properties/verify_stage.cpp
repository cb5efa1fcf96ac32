#include "tests/properties/verify_stage.h"

#include <algorithm>

#include "runtime/plan/instantiate.h"
#include "runtime/plan/paths.h"
#include "runtime/verify/words.h"

namespace exm::naive {
namespace {

void flatten(const Tree& tree, std::string& text) {
  text += tree.done ? '1' : '0';
  for (const Tree& part : tree.parts) flatten(part, text);
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

}  // namespace

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

Stage::Stage(const plan::Plan& plan) : plan_(plan) {
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

State Stage::start() const {
  State state{plan::start_world(plan_), std::vector<StepState>(shapes_.size()), {}};
  for (const RuleInstance& r : rules) state.bound.push_back(truth(r.formula, state.world) == Truth::yes);
  return state;
}

bool Stage::may_begin(const State& state, std::size_t s, bool look_at_slots) const {
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

std::map<std::string, int> Stage::slots(const State& state) const {
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

std::string Stage::obstacle(const State& state, std::size_t s) const {
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

State Stage::begun(State state, std::size_t s) const {
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

std::vector<State> Stage::effects(const State& state, std::size_t s) const {
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

std::optional<State> Stage::ended(State state, std::size_t s) const {
  if (!state.steps[s].tree.done) return std::nullopt;
  for (Shadow& shadow : state.steps[s].shadows) shadow.running = shadow.before;
  show(state, s);
  state.steps[s].status = Status::ended;
  return state;
}

std::vector<State> Stage::cut_offs(const State& state, std::size_t s) const {
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

std::vector<std::size_t> Stage::broken(State& state) const {
  std::vector<std::size_t> found;
  for (std::size_t r = 0; r < rules.size(); ++r) {
    const bool holds = truth(rules[r].formula, state.world) == Truth::yes;
    if (state.bound[r] && !holds) found.push_back(r);
    if (holds && (rules[r].rule->of_steps || rules[r].rule->repaired)) state.bound[r] = true;
  }
  return found;
}

bool Stage::hurt(const World& world, const std::vector<bool>& bound, const plan::Withstand& limit,
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

std::string Stage::race() const {
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

void Stage::all_assignments(const Effect& effect, std::vector<Assignment>& found) {
  found.insert(found.end(), effect.assignments.begin(), effect.assignments.end());
  for (const Effect& part : effect.parts) all_assignments(part, found);
}

Truth Stage::holds(const Assignment& a, const State& state) {
  return a.when ? truth(*a.when, state.world) : Truth::yes;
}

void Stage::add_ready(const Assignment& a, const World& world, std::vector<Ready>& list, int& guesses) {
  const Truth when = a.when ? truth(*a.when, world) : Truth::yes;
  if (when != Truth::no) list.push_back({a.variable, evaluate(a.to, world), when == Truth::yes ? -1 : guesses++});
}

Tree Stage::read(const Effect& effect, const World& world, int& guesses) {
  Tree tree{effect.kind, {}, {}, false};
  for (const Assignment& a : effect.assignments) add_ready(a, world, tree.changes, guesses);
  for (const Effect& part : effect.parts) tree.parts.push_back(read(part, world, guesses));
  return tree;
}

std::map<std::string, Value> Stage::joined(const StepState& step, std::map<std::string, Value> Shadow::*which) {
  std::map<std::string, Value> all = step.shadows[0].*which;
  for (const Shadow& shadow : step.shadows) {
    for (const auto& [name, value] : shadow.*which) {
      if (!same(all[name], value)) all[name] = plan::unknown();
    }
  }
  return all;
}

void Stage::show(State& state, std::size_t s) {
  for (const auto& [name, value] : joined(state.steps[s], &Shadow::running)) state.world[name] = value;
}

std::set<std::string> Stage::written(const plan::Template& shape) {
  std::vector<Assignment> all = shape.during;
  all_assignments(shape.effects, all);
  std::set<std::string> names;
  for (const Assignment& a : all) names.insert(a.variable);
  return names;
}

void Stage::variables(const plan::Expression& e, std::set<std::string>& names) {
  if (e.op == plan::Operator::variable) names.insert(e.text);
  for (const plan::Expression& operand : e.operands) variables(operand, names);
}

std::set<std::string> Stage::named(const plan::Template& shape) {
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

}  // namespace exm::naive
