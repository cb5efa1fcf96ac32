#include "compiler/solve/phases.h"

#include <algorithm>
#include <set>
#include <utility>

namespace exm::planning {

namespace {

std::optional<Write> read(const Model& model, const task::Assignment& a, const State& state) {
  Write write{a.variable.index, model.evaluate.value(a.to, state), false};
  if (!a.when) return write;
  const Truth when = model.evaluate.truth(a.when, state);
  if (when == Truth::no) return std::nullopt;
  write.maybe = when == Truth::unknown;
  return write;
}

ReadEffect read(const Model& model, const task::Effect& effect, const State& state) {
  ReadEffect out;
  out.kind = effect.kind;
  for (const auto& a : effect.assignments)
    if (auto write = read(model, a, state)) out.writes.push_back(*write);
  for (const auto& part : effect.parts)
    if (auto p = read(model, part, state); !p.empty()) out.parts.push_back(std::move(p));
  return out;
}

void all_writes(const ReadEffect& effect, std::vector<Write>& out) {
  out.insert(out.end(), effect.writes.begin(), effect.writes.end());
  for (const auto& part : effect.parts) all_writes(part, out);
}

bool conflicting(const ReadEffect& effects) {
  std::vector<Write> writes;
  all_writes(effects, writes);
  std::erase_if(writes, [](const Write& w) { return w.maybe; });
  std::stable_sort(writes.begin(), writes.end(), [](const Write& a, const Write& b) { return a.variable < b.variable; });
  for (std::size_t i = 1; i < writes.size(); ++i)
    if (writes[i].variable == writes[i - 1].variable && writes[i].value != writes[i - 1].value) return true;
  return false;
}

void apply(const Write& w, Val& value) {
  if (!w.maybe)
    value = w.value;
  else if (value != w.value)
    value = 0;
}

void apply(const ReadEffect& effect, State& state) {
  for (const auto& w : effect.writes) apply(w, state[w.variable]);
  for (const auto& part : effect.parts) apply(part, state);
}

/// The effect as seen by some variables. Numbers its units (assignments that happen together) from `units` on.
struct Seen {
  task::Effect::Kind kind = task::Effect::Kind::together;
  std::size_t unit = 0;
  std::vector<Seen> parts;
};

bool project(const ReadEffect& effect, std::span<const Var> variables, std::vector<std::vector<Write>>& units, Seen& out) {
  out.kind = effect.kind;
  if (effect.kind == task::Effect::Kind::together) {
    std::vector<Write> unit;
    for (const auto& w : effect.writes)
      if (std::binary_search(variables.begin(), variables.end(), w.variable)) unit.push_back(w);
    if (unit.empty()) return false;
    out.unit = units.size();
    units.push_back(std::move(unit));
    return true;
  }
  for (const auto& part : effect.parts)
    if (Seen seen; project(part, variables, units, seen)) out.parts.push_back(std::move(seen));
  return !out.parts.empty();
}

using Done = std::vector<bool>;  // per unit

void mark(const Seen& effect, Done& done) {
  if (effect.kind == task::Effect::Kind::together) done[effect.unit] = true;
  for (const auto& part : effect.parts) mark(part, done);
}

/// All sets of units that may be done at one moment, added to each of `from`. Empty where there are too many.
std::set<Done> progress(const Seen& effect, const std::set<Done>& from) {
  std::set<Done> out = from;
  if (effect.kind == task::Effect::Kind::together) {
    for (Done done : from) {
      done[effect.unit] = true;
      out.insert(std::move(done));
    }
  } else if (effect.kind == task::Effect::Kind::any_order) {
    for (const auto& part : effect.parts) {
      out = progress(part, out);
      if (out.empty()) return {};
    }
  } else {
    std::set<Done> at = from;
    for (const auto& part : effect.parts) {
      const auto within = progress(part, at);
      if (within.empty()) return {};
      out.insert(within.begin(), within.end());
      std::set<Done> behind;
      for (Done done : at) {
        mark(part, done);
        behind.insert(std::move(done));
      }
      at = std::move(behind);
    }
  }
  if (out.size() > most_phases) return {};
  return out;
}

std::size_t slot(const std::vector<Var>& variables, Var v) {
  return static_cast<std::size_t>(std::lower_bound(variables.begin(), variables.end(), v) - variables.begin());
}

/// All that is left when each of these variables has what the step shows, or what it would leave, each for itself.
std::vector<std::vector<Val>> cut_off(const std::vector<Val>& shows, const std::vector<Val>& leaves) {
  std::vector<std::vector<Val>> out{shows};
  for (std::size_t v = 0; v < shows.size(); ++v) {
    if (shows[v] == leaves[v]) continue;
    if (out.size() > most_phases) return {};
    for (std::size_t i = 0, n = out.size(); i < n; ++i) {
      out.push_back(out[i]);
      out.back()[v] = leaves[v];
    }
  }
  return out;
}

}  // namespace

Begun begin(const Model& model, std::uint32_t op, const State& state) {
  const auto& o = model.task.operators[Id<task::Operator>(op)];
  Begun begun;
  for (auto v : o.reads) begun.possible = begun.possible && state[v.index] != 0;
  if (o.on) begun.possible = begun.possible && model.evaluate.value(o.on, state) != 0;
  for (const auto& a : o.during)
    if (auto write = read(model, a, state)) begun.during.push_back(*write);
  begun.effects = read(model, o.effects, state);
  begun.possible = begun.possible && !conflicting(begun.effects);
  return begun;
}

std::vector<Write> writes_of(const Begun& begun) {
  std::vector<Write> out;
  all_writes(begun.effects, out);
  return out;
}

void enter(const Begun& begun, State& state) {
  for (const auto& w : begun.during) apply(w, state[w.variable]);
}

void finish(const Begun& begun, State& state) { apply(begun.effects, state); }

std::vector<Halfway> halfways(const Begun& begun, std::span<const Var> seen, const State& before, std::vector<Var>& variables) {
  std::vector<Write> writes = writes_of(begun);
  writes.insert(writes.end(), begun.during.begin(), begun.during.end());
  for (const auto& w : writes)
    if (std::binary_search(seen.begin(), seen.end(), w.variable)) variables.push_back(w.variable);
  std::sort(variables.begin(), variables.end());
  variables.erase(std::unique(variables.begin(), variables.end()), variables.end());

  std::vector<std::vector<Write>> units;
  Seen effect;
  std::set<Done> all;
  const bool any = project(begun.effects, variables, units, effect);
  all.insert(Done(units.size(), false));
  if (any) all = progress(effect, all);

  std::vector<Val> leaves_at_first, shows_at_first;
  for (Var v : variables) leaves_at_first.push_back(before[v]);
  shows_at_first = leaves_at_first;
  for (const auto& w : begun.during)
    if (const auto s = slot(variables, w.variable); s < variables.size() && variables[s] == w.variable) apply(w, shows_at_first[s]);

  std::vector<Halfway> out;
  for (const auto& done : all) {
    std::vector<Val> shows = shows_at_first, leaves = leaves_at_first;
    for (std::size_t u = 0; u < units.size(); ++u)
      if (done[u])
        for (const auto& w : units[u]) {
          apply(w, shows[slot(variables, w.variable)]);
          apply(w, leaves[slot(variables, w.variable)]);
        }
    auto left = cut_off(shows, leaves);
    if (left.empty()) return {};
    out.push_back({done, std::move(shows), std::move(left)});
  }
  return out;
}

Phases phases(const Begun& begun, std::span<const Var> seen, const State& before) {
  Phases out;
  const auto all = halfways(begun, seen, before, out.variables);
  if (all.empty()) return {};
  std::vector<Val> not_begun;
  for (Var v : out.variables) not_begun.push_back(before[v]);
  std::set<std::vector<Val>> values;
  for (const auto& at : all) {
    values.insert(at.cut_off.begin(), at.cut_off.end());
    if (values.size() > most_phases) return {};
  }
  State ended = before;
  finish(begun, ended);
  std::vector<Val> end;
  for (Var v : out.variables) end.push_back(ended[v]);
  values.erase(not_begun);
  values.erase(end);
  out.values.push_back(std::move(not_begun));
  out.values.insert(out.values.end(), values.begin(), values.end());
  out.values.push_back(std::move(end));
  return out;
}

}  // namespace exm::planning
