#include "compiler/solve/relaxed.h"

#include <algorithm>
#include <functional>
#include <optional>
#include <set>

namespace exm::planning {

using task::NodeOp;

namespace {

/// So many combinations of values are looked at for one comparison, so many subsets for one count.
constexpr std::size_t most_combinations = 256;

/// What a step leaves in the variables that it writes: one value, or nothing definite.
using Left = std::map<Var, std::optional<Val>>;

class Relaxer {
 public:
  Relaxer(const Model& model, const Search& problem) : model_(model), task_(model.task), problem_(problem), scratch_(problem.from) {
    out_.facts = 2;
    never_ = 1;
    for (Var v : problem.goal.variables) local_.insert(v);
    find_domains();
  }

  Relaxed run() {
    for (std::uint32_t i = 0; i < problem_.operators.size(); ++i) add_operator(i);
    std::vector<Fact> goal;
    for (std::uint32_t w : problem_.goal.wishes)
      if (model_.holds(task_.wishes[w].constraint)) goal.push_back(holds(task_.wishes[w].formula, true));
    for (const auto& rule : task_.rules)
      if (rule.repaired && model_.holds(rule.constraint)) goal.push_back(holds(rule.formula, true));
    for (Var v : problem_.goal.variables)
      if (model_.restorable(v) && !model_.wished[v]) goal.push_back(fact(v, task_.variables[Id<task::Variable>(v)].restore.index));
    out_.goal = all(std::move(goal));
    return std::move(out_);
  }

 private:
  const task::Node& node(NodeId id) const { return task_.formulas.nodes[id.index]; }
  NodeId operand(const task::Node& n, std::uint32_t i) const { return task_.formulas.operands[n.first + i]; }
  const task::Operator& operator_at(std::uint32_t i) const { return task_.operators[Id<task::Operator>(problem_.operators[i])]; }

  // ------------------------------------------------------------------------------------------- values

  template <class F>
  static void each_assignment(const task::Effect& effect, const F& f) {
    for (const auto& a : effect.assignments) f(a);
    for (const auto& part : effect.parts) each_assignment(part, f);
  }

  /// The values that a right-hand side may have; nothing where they can't be listed.
  std::optional<std::set<Val>> values_of(NodeId id) const {
    const auto& n = node(id);
    switch (n.op) {
      case NodeOp::constant: return std::set<Val>{n.a};
      case NodeOp::variable: return local_.contains(n.a) ? domains_.at(n.a) : std::set<Val>{problem_.from[n.a]};
      case NodeOp::not_: case NodeOp::and_: case NodeOp::or_: case NodeOp::equal: case NodeOp::less: case NodeOp::less_equal:
      case NodeOp::in: case NodeOp::known: return std::set<Val>{0, 1, 2};
      case NodeOp::if_: {
        auto a = values_of(operand(n, 1)), b = values_of(operand(n, 2));
        if (!a || !b) return std::nullopt;
        a->insert(b->begin(), b->end());
        a->insert(0);
        return a;
      }
      default: return std::nullopt;
    }
  }

  void find_domains() {
    for (Var v : local_) domains_[v] = {problem_.from[v]};
    for (bool changed = true; changed;) {
      changed = false;
      for (std::uint32_t i = 0; i < problem_.operators.size(); ++i)
        each_assignment(operator_at(i).effects, [&](const task::Assignment& a) {
          auto& domain = domains_[a.variable.index];
          const std::size_t before = domain.size();
          if (const auto values = values_of(a.to)) domain.insert(values->begin(), values->end());
          else changed = open_.insert(a.variable.index).second || changed;
          if (a.when) domain.insert(0);
          changed = changed || domain.size() != before;
        });
    }
  }

  // -------------------------------------------------------------------------------------------- facts

  Fact fresh() { return out_.facts++; }
  void follows(std::vector<Fact> needs, Fact gives) { out_.steps.push_back({std::move(needs), gives, ~0u}); }

  Fact fact(Var v, Val value) {
    if (!local_.contains(v)) return problem_.from[v] == value ? out_.always : never_;
    if (open_.contains(v)) return out_.always;
    if (!domains_[v].contains(value)) return never_;
    const auto [it, is_new] = out_.values.try_emplace({v, value}, 0);
    if (is_new) it->second = fresh();
    return it->second;
  }

  Fact all(std::vector<Fact> parts) {
    std::erase(parts, out_.always);
    std::sort(parts.begin(), parts.end());
    parts.erase(std::unique(parts.begin(), parts.end()), parts.end());
    if (std::binary_search(parts.begin(), parts.end(), never_)) return never_;
    if (parts.empty()) return out_.always;
    if (parts.size() == 1) return parts[0];
    const Fact result = fresh();
    follows(std::move(parts), result);
    return result;
  }

  Fact any(std::vector<Fact> parts) {
    std::erase(parts, never_);
    std::sort(parts.begin(), parts.end());
    parts.erase(std::unique(parts.begin(), parts.end()), parts.end());
    if (parts.empty()) return never_;
    if (parts[0] == out_.always || parts.size() == 1) return parts[0];
    const Fact result = fresh();
    for (Fact part : parts) follows({part}, result);
    return result;
  }

  // ----------------------------------------------------------------------------------------- formulas

  /// That the formula is known to hold, or known not to.
  Fact holds(NodeId id, bool yes) {
    const auto key = std::pair(id.index, yes);
    if (const auto it = known_.find(key); it != known_.end()) return it->second;
    const Fact result = holds(id, yes, {});
    known_.emplace(key, result);
    return result;
  }

  Fact holds(NodeId id, bool yes, const Left& left) {
    const auto& n = node(id);
    switch (n.op) {
      case NodeOp::constant: return n.a == (yes ? 2u : 1u) ? out_.always : never_;
      case NodeOp::not_: return under(operand(n, 0), !yes, left);
      case NodeOp::and_:
      case NodeOp::or_: {
        std::vector<Fact> parts;
        for (std::uint32_t i = 0; i < n.count; ++i) parts.push_back(under(operand(n, i), yes, left));
        return (n.op == NodeOp::and_) == yes ? all(std::move(parts)) : any(std::move(parts));
      }
      case NodeOp::if_: {
        const Fact a = under(operand(n, 1), yes, left), b = under(operand(n, 2), yes, left);
        return any({all({under(operand(n, 0), true, left), a}), all({under(operand(n, 0), false, left), b}), all({a, b})});
      }
      case NodeOp::less: case NodeOp::less_equal: case NodeOp::equal: {
        if (const auto count = counted(n, yes, left)) return *count;
        break;
      }
      default: break;
    }
    return compared(id, yes, left);
  }

  Fact under(NodeId id, bool yes, const Left& left) { return left.empty() ? holds(id, yes) : holds(id, yes, left); }

  /// A comparison of few values: every combination for which it holds.
  Fact compared(NodeId id, bool yes, const Left& left) {
    const std::vector<Var> variables = variables_of(task_, id);
    std::vector<std::vector<Val>> choices;
    std::size_t combinations = 1;
    for (Var v : variables) {
      const auto it = left.find(v);
      if (it != left.end() && it->second) choices.push_back({*it->second});
      else if (!local_.contains(v)) choices.push_back({problem_.from[v]});
      else if (open_.contains(v)) return out_.always;
      else choices.emplace_back(domains_[v].begin(), domains_[v].end());
      combinations *= choices.back().size();
      if (combinations > most_combinations) return out_.always;
    }
    std::vector<Fact> ways;
    for (std::size_t c = 0; c < combinations; ++c) {
      std::vector<Fact> needs;
      std::size_t rest = c;
      for (std::size_t i = 0; i < variables.size(); ++i) {
        const Val value = choices[i][rest % choices[i].size()];
        rest /= choices[i].size();
        scratch_[variables[i]] = value;
        if (!left.contains(variables[i])) needs.push_back(fact(variables[i], value));
      }
      if (model_.evaluate.truth(id, scratch_) == (yes ? Truth::yes : Truth::no)) ways.push_back(all(std::move(needs)));
    }
    for (Var v : variables) scratch_[v] = problem_.from[v];
    return any(std::move(ways));
  }

  std::optional<std::int64_t> number(NodeId id) const {
    const auto& n = node(id);
    if (n.op != NodeOp::constant || task_.values[n.a].tag != program::Value::Tag::integer) return std::nullopt;
    return task_.values[n.a].number;
  }

  /// A count beside a number: so many of its terms are known to hold, or known not to.
  std::optional<Fact> counted(const task::Node& n, bool yes, const Left& left) {
    const NodeId a = operand(n, 0), b = operand(n, 1);
    const bool right = node(b).op == NodeOp::count;
    const auto limit = number(right ? a : b);
    if (node(right ? b : a).op != NodeOp::count || !limit) return std::nullopt;
    const auto& count = node(right ? b : a);
    const auto at_least = [&](std::int64_t k) { return some(count, k, true, left); };
    const auto at_most = [&](std::int64_t k) { return some(count, count.count - k, false, left); };
    if (n.op == NodeOp::equal) return yes ? all({at_least(*limit), at_most(*limit)}) : any({at_least(*limit + 1), at_most(*limit - 1)});
    const std::int64_t strict = n.op == NodeOp::less ? 1 : 0;
    if (right) return yes ? at_least(*limit + strict) : at_most(*limit + strict - 1);
    return yes ? at_most(*limit - strict) : at_least(*limit - strict + 1);
  }

  /// At least k of the terms: of any n - k + 1 of them one is among those.
  Fact some(const task::Node& count, std::int64_t k, bool yes, const Left& left) {
    const std::int64_t n = count.count;
    if (k <= 0) return out_.always;
    if (k > n) return never_;
    std::vector<Fact> terms;
    for (std::uint32_t i = 0; i < count.count; ++i) terms.push_back(under(operand(count, i), yes, left));
    std::vector<bool> chosen(terms.size(), false);
    std::fill(chosen.begin(), chosen.begin() + (n - k + 1), true);
    std::vector<Fact> needs;
    for (std::size_t subsets = 0;; ++subsets) {
      if (subsets > most_combinations) return out_.always;
      std::vector<Fact> ways;
      for (std::size_t i = 0; i < terms.size(); ++i)
        if (chosen[i]) ways.push_back(terms[i]);
      needs.push_back(any(std::move(ways)));
      if (!std::prev_permutation(chosen.begin(), chosen.end())) break;
    }
    return all(std::move(needs));
  }

  // ---------------------------------------------------------------------------------------- operators

  void add_operator(std::uint32_t i) {
    const auto& op = operator_at(i);
    std::vector<Fact> needs;
    for (const auto& r : op.requires_)
      if (model_.holds(r.constraint)) needs.push_back(holds(r.formula, true));
    for (auto v : op.reads) needs.push_back(is_known(v.index));
    add_rules(i, needs);
    const Fact ready = all(std::move(needs));
    if (ready == never_) return;
    const Fact used = fresh();
    out_.steps.push_back({{ready}, used, i});
    each_assignment(op.effects, [&](const task::Assignment& a) { add_effect(a, used); });
  }

  /// The rules hold in what the step leaves. What other steps do meanwhile is not looked at: they take turns here.
  void add_rules(std::uint32_t i, std::vector<Fact>& needs) {
    Left left;
    each_assignment(operator_at(i).effects, [&](const task::Assignment& a) {
      const auto& to = node(a.to);
      if (a.when || to.op != NodeOp::constant) left[a.variable.index] = std::nullopt;
      else left.try_emplace(a.variable.index, to.a);
    });
    for (const std::uint32_t r : model_.operators[problem_.operators[i]].rules)
      if (!model_.rules[r].latent && model_.holds(task_.rules[r].constraint)) needs.push_back(holds(task_.rules[r].formula, true, left));
  }

  Fact is_known(Var v) {
    if (!local_.contains(v)) return problem_.from[v] != 0 ? out_.always : never_;
    if (open_.contains(v)) return out_.always;
    std::vector<Fact> ways;
    for (Val value : domains_[v])
      if (value != 0) ways.push_back(fact(v, value));
    return any(std::move(ways));
  }

  void add_effect(const task::Assignment& a, Fact used) {
    const Var v = a.variable.index;
    if (open_.contains(v)) return;
    const Fact when = a.when ? holds(a.when, true) : out_.always;
    for (const auto& [value, needs] : sources(a.to)) give(v, value, all({used, when, needs}));
    if (a.when) give(v, 0, used);
  }

  void give(Var v, Val value, Fact needs) {
    if (needs == never_ || !domains_[v].contains(value)) return;
    follows({needs}, fact(v, value));
  }

  /// Each value that a right-hand side may have, and what it has to be for that.
  std::vector<std::pair<Val, Fact>> sources(NodeId id) {
    const auto& n = node(id);
    std::vector<std::pair<Val, Fact>> out;
    if (n.op == NodeOp::constant) return {{n.a, out_.always}};
    if (n.op == NodeOp::variable) {
      const auto values = values_of(id);
      for (Val value : *values) out.emplace_back(value, fact(n.a, value));
      return out;
    }
    if (n.op == NodeOp::if_) {
      for (const std::uint32_t branch : {1u, 2u})
        for (const auto& [value, needs] : sources(operand(n, branch))) out.emplace_back(value, needs);
      out.emplace_back(0, out_.always);
      return out;
    }
    return {{0, out_.always}, {1, holds(id, false)}, {2, holds(id, true)}};
  }

  const Model& model_;
  const task::Task& task_;
  const Search& problem_;
  State scratch_;
  Relaxed out_;
  Fact never_ = 0;
  std::set<Var> local_;
  std::set<Var> open_;  // may get values that can't be listed: they have whatever is wanted
  std::map<Var, std::set<Val>> domains_;
  std::map<std::pair<std::uint32_t, bool>, Fact> known_;
};

}  // namespace

Relaxed relax(const Model& model, const Search& problem) { return Relaxer(model, problem).run(); }

}  // namespace exm::planning
