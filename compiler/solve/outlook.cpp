#include "compiler/solve/outlook.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace exm::planning {

namespace {

using task::NodeOp;

/// So many combinations of values are looked at for one comparison; where there are more, it may be anything.
constexpr std::size_t most_combinations = 64;

class Gathering {
 public:
  Gathering(const Model& model, const std::vector<Var>& locals, State& state) : model_(model), task_(model.task), locals_(locals), state_(state) {
    for (Var v : locals) values_.push_back({state[v]});
  }

  /// May the formula come to be true, or false?
  bool may_be(NodeId formula, bool yes) {
    const auto& n = task_.formulas.nodes[formula.index];
    switch (n.op) {
      case NodeOp::not_: return may_be(operand(n, 0), !yes);
      case NodeOp::and_: case NodeOp::or_: {
        const bool all = (n.op == NodeOp::and_) == yes;
        for (std::uint32_t i = 0; i < n.count; ++i)
          if (may_be(operand(n, i), yes) != all) return !all;
        return all;
      }
      default: {
        bool may = false;
        const bool looked = each(formula, [&] { return may = model_.evaluate.truth(formula, state_) == (yes ? Truth::yes : Truth::no); });
        return may || !looked;
      }
    }
  }

  void use(std::uint32_t op) {
    const auto& o = task_.operators[Id<task::Operator>(op)];
    for (const auto& r : o.requires_)
      if (model_.holds(r.constraint) && !may_be(r.formula, true)) return;
    for (auto v : o.reads)
      if (const auto* all = values_of(v.index); all ? *all == std::vector<Val>{0} : state_[v.index] == 0) return;
    // What it sets for certain has that value when it has ended, and its rules hold then.
    std::vector<Given> given;
    collect(o.effects, given);
    std::vector<std::pair<Var, std::vector<Val>>> before;
    for (const Given& g : given)
      if (g.certain) before.emplace_back(g.variable, std::exchange(*values_of(g.variable), g.values));
    const auto& rules = model_.operators[op].rules;
    const bool keeps = std::all_of(rules.begin(), rules.end(), [&](std::uint32_t r) { return may_keep(r); });
    if (keeps)
      for (Given& g : given)
        if (!g.certain) std::erase_if(g.values, [&](Val value) { return !may_keep_with(g.variable, value); });
    for (auto it = before.rbegin(); it != before.rend(); ++it) *values_of(it->first) = std::move(it->second);
    if (!keeps) return;
    for (const Given& g : given)
      for (Val value : g.values) add(g.variable, value);
  }

  bool grown() { return std::exchange(grown_, false); }

  bool may_have(Var v, Val value) {
    const auto* all = values_of(v);
    return all ? std::binary_search(all->begin(), all->end(), value) : state_[v] == value;
  }

 private:
  NodeId operand(const task::Node& n, std::uint32_t i) const { return task_.formulas.operands[n.first + i]; }

  std::vector<Val>* values_of(Var v) {
    const auto it = std::lower_bound(locals_.begin(), locals_.end(), v);
    return it == locals_.end() || *it != v ? nullptr : &values_[static_cast<std::size_t>(it - locals_.begin())];
  }

  /// Calls `f` with each combination of the values that the formula reads, until it says that it is enough. False where there are too many.
  template <class F>
  bool each(NodeId formula, const F& f) {
    std::vector<std::pair<Var, const std::vector<Val>*>> free;
    std::size_t combinations = 1;
    for (Var v : variables_of(task_, formula)) {
      const auto* all = values_of(v);
      if (!all) continue;
      if (std::find(anything_.begin(), anything_.end(), v) != anything_.end()) return false;
      free.emplace_back(v, all);
      combinations *= all->size();
      if (combinations > most_combinations) return false;
    }
    std::vector<Val> before;
    for (const auto& [v, all] : free) before.push_back(state_[v]);
    for (std::size_t c = 0; c < combinations; ++c) {
      std::size_t rest = c;
      for (const auto& [v, all] : free) {
        state_[v] = (*all)[rest % all->size()];
        rest /= all->size();
      }
      if (f()) break;
    }
    for (std::size_t i = 0; i < free.size(); ++i) state_[free[i].first] = before[i];
    return true;
  }

  /// What an effect may give a variable.
  struct Given {
    Var variable = 0;
    std::vector<Val> values;
    bool certain = false;
  };

  void collect(const task::Effect& effect, std::vector<Given>& out) {
    for (const auto& a : effect.assignments) {
      if (!values_of(a.variable.index)) continue;
      Given given{a.variable.index, {}, false};
      const bool doubtful = a.when && may_be_unknown(a.when);
      if (a.when && !doubtful && !may_be(a.when, true)) continue;
      if (!each(a.to, [&] { return given.values.push_back(model_.evaluate.value(a.to, state_)), false; })) add_anything(a.variable.index);
      if (doubtful) given.values.push_back(0);
      given.certain = !a.when && given.values.size() == 1;
      out.push_back(std::move(given));
    }
    for (const auto& part : effect.parts) collect(part, out);
  }

  bool may_keep(std::uint32_t r) {
    return model_.rules[r].latent || !model_.holds(task_.rules[r].constraint) || may_be(task_.rules[r].formula, true);
  }

  bool may_keep_with(Var v, Val value) {
    std::vector<Val> before = std::exchange(*values_of(v), {value});
    const bool keeps = std::all_of(model_.rules_of[v].begin(), model_.rules_of[v].end(), [&](std::uint32_t r) { return may_keep(r); });
    *values_of(v) = std::move(before);
    return keeps;
  }

  bool may_be_unknown(NodeId formula) {
    bool may = false;
    const bool looked = each(formula, [&] { return may = model_.evaluate.truth(formula, state_) == Truth::unknown; });
    return may || !looked;
  }

  void add(Var v, Val value) {
    auto* all = values_of(v);
    if (!all) return;
    const auto at = std::lower_bound(all->begin(), all->end(), value);
    if (at != all->end() && *at == value) return;
    all->insert(at, value);
    grown_ = true;
  }

  /// What can't be listed: it may be restored, and nothing is known of formulas that read it.
  void add_anything(Var v) {
    if (std::find(anything_.begin(), anything_.end(), v) == anything_.end()) {
      anything_.push_back(v);
      grown_ = true;
    }
    add(v, task_.variables[Id<task::Variable>(v)].restore.index);
  }

  const Model& model_;
  const task::Task& task_;
  const std::vector<Var>& locals_;
  std::vector<std::vector<Val>> values_;
  State& state_;
  std::vector<Var> anything_;
  bool grown_ = false;
};

}  // namespace

Outlook look_out(const Model& model, std::span<const std::uint32_t> operators, const std::vector<Var>& locals, std::span<const std::uint32_t> felt,
                 const State& end, State& state) {
  Gathering values(model, locals, state);
  do {
    for (std::uint32_t op : operators) values.use(op);
  } while (values.grown());
  Outlook out;
  for (Var v : locals)
    out.beyond.push_back(model.restorable(v) && !values.may_have(v, model.task.variables[Id<task::Variable>(v)].restore.index) && !values.may_have(v, end[v]));
  for (std::uint32_t d : felt)
    if (out.felt == ~0u && !values.may_be(model.task.disrupts_when[d].formula, false)) out.felt = d;
  return out;
}

}  // namespace exm::planning
