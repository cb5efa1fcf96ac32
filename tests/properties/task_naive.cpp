#include "tests/properties/task_naive.h"

#include <algorithm>

namespace exm::naive {

using task::NodeId;
using task::NodeOp;

namespace {

struct Number {
  bool known = false;
  std::int64_t low = 0, high = 0;
};

Truth inverse(Truth t) { return t == Truth::yes ? Truth::no : t == Truth::no ? Truth::yes : t; }
Truth from(bool b) { return b ? Truth::yes : Truth::no; }

/// What the random tasks are made of, and no more.
struct Reader {
  const task::Task& task;
  const Values& state;

  const task::Node& at(NodeId id) const { return task.formulas.nodes[id.index]; }
  NodeId operand(const task::Node& n, std::uint32_t i) const { return task.formulas.operands[n.first + i]; }

  bool counts(NodeId id) const {
    const auto op = at(id).op;
    return op == NodeOp::count || op == NodeOp::sum || (op == NodeOp::constant && task.values[at(id).a].tag == program::Value::Tag::integer);
  }

  Number number(NodeId id) const {
    const auto& n = at(id);
    Number sum{true, 0, 0};
    if (n.op == NodeOp::constant) return {true, task.values[n.a].number, task.values[n.a].number};
    for (std::uint32_t i = 0; i < n.count; ++i) {
      if (n.op == NodeOp::count) {
        const Truth t = truth(operand(n, i));
        sum.low += t == Truth::yes;
        sum.high += t != Truth::no;
      } else {
        const auto& term = at(operand(n, i));
        if (term.op == NodeOp::constant) {
          const Number c = number(operand(n, i));
          sum.low += c.low, sum.high += c.high;
          continue;
        }
        const Truth t = truth(operand(term, 0));
        const Number a = number(operand(term, 1)), b = number(operand(term, 2));
        sum.low += t == Truth::yes ? a.low : t == Truth::no ? b.low : std::min(a.low, b.low);
        sum.high += t == Truth::yes ? a.high : t == Truth::no ? b.high : std::max(a.high, b.high);
      }
    }
    return sum;
  }

  std::uint32_t value(NodeId id) const {
    const auto& n = at(id);
    if (n.op == NodeOp::constant) return n.a;
    if (n.op == NodeOp::variable) return state[n.a];
    const Truth t = truth(id);
    return t == Truth::yes ? 2 : t == Truth::no ? 1 : 0;
  }

  Truth truth(NodeId id) const {
    const auto& n = at(id);
    switch (n.op) {
      case NodeOp::not_: return inverse(truth(operand(n, 0)));
      case NodeOp::and_: case NodeOp::or_: {
        Truth least = Truth::yes, most = Truth::no;
        for (std::uint32_t i = 0; i < n.count; ++i) {
          least = std::min(least, truth(operand(n, i)));
          most = std::max(most, truth(operand(n, i)));
        }
        return n.op == NodeOp::and_ ? least : most;
      }
      case NodeOp::known: return from(value(operand(n, 0)) != 0);
      case NodeOp::equal: case NodeOp::less: case NodeOp::less_equal: {
        if (counts(operand(n, 0)) || counts(operand(n, 1))) return order(n, number(operand(n, 0)), number(operand(n, 1)));
        return same(value(operand(n, 0)), value(operand(n, 1)));
      }
      case NodeOp::in: {
        const auto& set = at(operand(n, 1));
        const auto x = value(operand(n, 0));
        Truth any = Truth::no;
        if (set.op == NodeOp::constant) {
          if (x == 0) return Truth::unknown;
          for (const auto& e : task.values[set.a].elements) any = std::max(any, from(e == task.values[x]));
          return any;
        }
        for (std::uint32_t i = 0; i < set.count; ++i) any = std::max(any, same(x, value(operand(set, i))));
        return any;
      }
      default: {
        const auto v = value(id);
        return v == 2 ? Truth::yes : v == 1 ? Truth::no : Truth::unknown;
      }
    }
  }

  static Truth same(std::uint32_t a, std::uint32_t b) { return a == 0 || b == 0 ? Truth::unknown : from(a == b); }

  static Truth order(const task::Node& n, Number a, Number b) {
    if (n.op == NodeOp::equal) return a.low == a.high && b.low == b.high ? from(a.low == b.low) : a.high < b.low || b.high < a.low ? Truth::no : Truth::unknown;
    const bool strict = n.op == NodeOp::less;
    if (strict ? a.high < b.low : a.high <= b.low) return Truth::yes;
    return (strict ? a.low >= b.high : a.low > b.high) ? Truth::no : Truth::unknown;
  }
};

void named(const task::Task& task, NodeId id, std::set<std::uint32_t>& out) {
  if (!id) return;
  const auto& n = task.formulas.nodes[id.index];
  if (n.op == NodeOp::variable) out.insert(n.a);
  for (std::uint32_t i = 0; i < n.count; ++i) named(task, task.formulas.operands[n.first + i], out);
}

void each(const task::Effect& effect, const auto& f) {
  for (const auto& a : effect.assignments) f(a);
  for (const auto& part : effect.parts) each(part, f);
}

/// An assignment as read. `guess`: the number of its unknown condition, or -1.
struct Change {
  std::uint32_t variable, to;
  int guess;
};

/// Assignments at once, and the units that must be done before.
struct Unit {
  std::vector<Change> changes;
  std::uint32_t after = 0;
};

struct Reading {
  const task::Task& task;
  const Values& state;
  int guesses = 0;
  std::vector<Change> during;
  std::vector<Unit> units;

  void read(const task::Assignment& a, std::vector<Change>& out) {
    const Truth when = a.when ? truth(task, a.when, state) : Truth::yes;
    if (when != Truth::no) out.push_back({a.variable.index, value(task, a.to, state), when == Truth::yes ? -1 : guesses++});
  }

  /// The units of the effect, each after `after`. Returns all of them as a set.
  std::uint32_t read(const task::Effect& effect, std::uint32_t after) {
    if (effect.kind == task::Effect::Kind::together) {
      Unit unit{{}, after};
      for (const auto& a : effect.assignments) read(a, unit.changes);
      if (unit.changes.empty()) return 0;
      units.push_back(unit);
      return 1u << (units.size() - 1);
    }
    std::uint32_t all = 0;
    for (const auto& part : effect.parts) all |= read(part, effect.kind == task::Effect::Kind::sequence ? after | all : after);
    return all;
  }
};

bool conflict(const std::vector<Change>& changes) {
  for (const auto& a : changes)
    for (const auto& b : changes)
      if (a.variable == b.variable && a.to != b.to && a.guess < 0 && b.guess < 0) return true;
  return false;
}

/// What all guesses agree on; else unknown.
void join(Overlay& all, const Overlay& one, bool first) {
  for (const auto& [v, to] : one)
    if (first) all[v] = to;
    else if (all[v] != to) all[v] = 0;
}

Phase phase(const Reading& step, std::uint32_t done, const std::set<std::uint32_t>& written) {
  Phase out;
  for (int guess = 0; guess < (1 << step.guesses); ++guess) {
    Overlay running, left;
    const auto happens = [&](const Change& c) { return c.guess < 0 || ((guess >> c.guess) & 1); };
    for (auto v : written) running[v] = left[v] = step.state[v];
    for (const auto& c : step.during)
      if (happens(c)) running[c.variable] = c.to;
    for (std::size_t u = 0; u < step.units.size(); ++u)
      if ((done >> u) & 1)
        for (const auto& c : step.units[u].changes)
          if (happens(c)) running[c.variable] = left[c.variable] = c.to;
    join(out.running, running, guess == 0);
    join(out.left, left, guess == 0);
  }
  return out;
}

}  // namespace

Values start_of(const task::Task& task) {
  Values out;
  for (const auto& v : task.variables) out.push_back(v.start.index);
  return out;
}

Truth truth(const task::Task& task, NodeId node, const Values& state) { return Reader{task, state}.truth(node); }
std::uint32_t value(const task::Task& task, NodeId node, const Values& state) { return Reader{task, state}.value(node); }

Values with(Values state, const Overlay& overlay) {
  for (const auto& [v, to] : overlay) state[v] = to;
  return state;
}

World::World(const task::Task& task, std::vector<bool> dropped) : task_(task), dropped_(std::move(dropped)) {
  dropped_.resize(task.constraints.size(), false);
  for (const auto& rule : task.rules)
    latent_.push_back((rule.of_steps || rule.repaired) && truth(task, rule.formula, start_of(task)) != Truth::yes);
  for (const auto& op : task.operators) {
    std::set<std::uint32_t> read, written;
    const auto look = [&](const task::Assignment& a) {
      written.insert(a.variable.index);
      named(task, a.to, read);
      named(task, a.when, read);
    };
    for (const auto& r : op.requires_) named(task, r.formula, read);
    for (const auto& a : op.during) look(a);
    each(op.effects, look);
    for (auto v : op.reads) read.insert(v.index);
    reads.push_back(read);
    writes.push_back(written);
  }
}

bool World::any_latent() const { return std::find(latent_.begin(), latent_.end(), true) != latent_.end(); }

bool World::must_restore(std::uint32_t v) const {
  const auto& variable = task_.variables[Id<task::Variable>(v)];
  return variable.free == task::Variable::Free::no && holds(variable.restoration);
}

std::optional<Course> World::begin(std::size_t o, const Values& state) const {
  const auto& op = task_.operators[Id<task::Operator>(o)];
  if (op.forbidden && holds(op.forbidden)) return std::nullopt;
  for (const auto& r : op.requires_)
    if (holds(r.constraint) && truth(task_, r.formula, state) != Truth::yes) return std::nullopt;
  for (auto v : op.reads)
    if (state[v.index] == 0) return std::nullopt;
  Reading step{task_, state, 0, {}, {}};
  for (const auto& a : op.during) step.read(a, step.during);
  step.read(op.effects, 0);
  std::vector<Change> all;
  for (const auto& unit : step.units) all.insert(all.end(), unit.changes.begin(), unit.changes.end());
  if (conflict(step.during) || conflict(all)) return std::nullopt;
  Course out;
  std::map<std::uint32_t, std::size_t> place;
  for (std::uint32_t done = 0; done < 1u << step.units.size(); ++done) {
    Phase next = phase(step, done, writes[o]);
    bool reached = done == 0;
    for (std::size_t u = 0; u < step.units.size(); ++u) {
      const auto before = place.find(done & ~(1u << u));
      if (!((done >> u) & 1) || before == place.end() || (step.units[u].after & ~done)) continue;
      next.from.push_back(before->second);
      reached = true;
    }
    if (!reached) continue;
    place[done] = out.phases.size();
    out.phases.push_back(std::move(next));
  }
  return out;
}

bool World::withstands(const Values& state, Bits bound, const task::Withstand& limit, int n, Bits used) const {
  for (std::size_t f = 0; n > 0 && f < task_.faults.size(); ++f) {
    if (task_.faults[f].fault != limit.fault || ((used >> f) & 1)) continue;
    Values hit = state;
    each(task_.faults[f].effects, [&](const task::Assignment& a) {
      const Truth when = a.when ? truth(task_, a.when, state) : Truth::yes;
      const auto to = value(task_, a.to, state);
      if (when == Truth::yes) hit[a.variable.index] = to;
      else if (when == Truth::unknown && hit[a.variable.index] != to) hit[a.variable.index] = 0;
    });
    for (std::size_t r = 0; r < task_.rules.size(); ++r) {
      const auto& rule = task_.rules[r];
      if (!holds(rule.constraint) || rule.of_steps || (latent_[r] && !((bound >> r) & 1))) continue;
      if (truth(task_, rule.formula, hit) != Truth::yes) return false;
    }
    if (!withstands(hit, bound, limit, n - 1, used | 1u << f)) return false;
  }
  return true;
}

bool World::fine(const Values& state, Bits bound) const {
  for (std::size_t r = 0; r < task_.rules.size(); ++r)
    if (holds(task_.rules[r].constraint) && (!latent_[r] || ((bound >> r) & 1)) && truth(task_, task_.rules[r].formula, state) != Truth::yes) return false;
  for (const auto& limit : task_.withstand)
    if (holds(limit.constraint) && !withstands(state, bound, limit, limit.n, 0)) return false;
  return true;
}

Bits World::binding(const Values& state) const {
  Bits out = 0;
  for (std::size_t r = 0; r < task_.rules.size(); ++r)
    if (latent_[r] && holds(task_.rules[r].constraint) && truth(task_, task_.rules[r].formula, state) == Truth::yes) out |= 1u << r;
  return out;
}

std::vector<Values> World::cut_off(const Phase& phase, const Values& state) {
  std::vector<Values> out{with(state, phase.running)};
  for (const auto& [v, left] : phase.left) {
    if (phase.running.at(v) == left) continue;
    for (std::size_t i = 0, n = out.size(); i < n; ++i) {
      out.push_back(out[i]);
      out.back()[v] = left;
    }
  }
  return out;
}

bool World::wishes_hold(const Values& state) const {
  for (const auto& wish : task_.wishes)
    if (!wish.restores && holds(wish.constraint) && truth(task_, wish.formula, state) != Truth::yes) return false;
  for (const auto& rule : task_.rules)
    if (rule.repaired && holds(rule.constraint) && truth(task_, rule.formula, state) != Truth::yes) return false;
  return true;
}

std::optional<std::set<std::uint32_t>> World::ends(const Values& state) const {
  if (!wishes_hold(state)) return std::nullopt;
  std::set<std::uint32_t> excused;
  for (std::uint32_t v = 0; v < state.size(); ++v) {
    const auto restore = task_.variables[Id<task::Variable>(v)].restore.index;
    if (!must_restore(v) || state[v] == restore) continue;
    Values back = state;
    back[v] = restore;
    if (wishes_hold(back)) return std::nullopt;
    excused.insert(v);
  }
  return excused;
}

std::int64_t World::disrupted(const Values& state) const {
  std::set<std::uint32_t> objects;
  for (const auto& d : task_.disrupts_when)
    if (truth(task_, d.formula, state) != Truth::no) objects.insert(d.whose.index);
  return static_cast<std::int64_t>(objects.size());
}

std::int64_t World::away(const Values& state, const std::set<std::uint32_t>& excused) const {
  std::set<std::uint32_t> objects;
  for (std::uint32_t v = 0; v < state.size(); ++v) {
    const auto& variable = task_.variables[Id<task::Variable>(v)];
    if (must_restore(v) && !excused.contains(v) && state[v] != variable.restore.index) objects.insert(variable.object.index);
  }
  return static_cast<std::int64_t>(objects.size());
}

}  // namespace exm::naive
