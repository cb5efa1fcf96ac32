#include "compiler/solve/slots.h"

#include <algorithm>
#include <map>
#include <optional>

#include "compiler/solve/count_rule.h"

namespace exm::planning {

namespace {

/// By host: its steps that touch a rule, in their order.
using Lanes = std::map<Val, std::vector<std::uint32_t>>;

std::optional<Lanes> lanes_of(const Model& model, const std::vector<Stage>& stages, std::uint32_t rule) {
  Lanes lanes;
  for (std::uint32_t s = 0; s < stages.size(); ++s) {
    if (!share(model.operators[stages[s].op].writes, model.rules[rule].variables)) continue;
    if (stages[s].host == 0) return std::nullopt;
    lanes[stages[s].host].push_back(s);
  }
  return lanes;
}

/// How many terms of a count one host can have failing: at most, while it holds no slot, and while it holds one.
struct Worst {
  std::int64_t outside = 0;
  std::int64_t inside = 0;
};

/// One count over hosts, each of which has terms of its own.
class Count {
 public:
  Count(const Model& model, const OrderProblem& problem, const std::vector<Stage>& stages, std::uint32_t rule)
      : model_(model), problem_(problem), stages_(stages), rule_(rule), count_(count_rule(model, model.task.rules[rule].formula)) {
    auto lanes = lanes_of(model, stages, rule);
    const bool known = count_ && lanes && !model.rules[rule].latent && model.task.withstand.empty();
    if (known && split(*lanes))
      lanes_ = std::move(*lanes);
    else
      count_.reset();
  }

  explicit operator bool() const { return count_.has_value(); }
  const Lanes& lanes() const { return lanes_; }

  /// So many of these holds may be at one time, that no more terms fail than may; at most one for each host, and nothing where even none
  /// is too much.
  std::optional<std::uint32_t> most(const std::map<Val, Hold>& by_host) const {
    std::int64_t failing = untouched_;
    std::vector<std::int64_t> more;  // that fail while a slot is held
    for (const auto& [host, steps] : lanes_) {
      const auto hold = by_host.find(host);
      const Worst worst = walk(host, steps, hold == by_host.end() ? nullptr : &hold->second);
      failing += worst.outside;
      more.push_back(std::max<std::int64_t>(0, worst.inside - worst.outside));
    }
    std::sort(more.rbegin(), more.rend());
    if (failing > count_->may_fail) return std::nullopt;
    std::uint32_t n = 0;
    while (n < more.size() && (failing += more[n]) <= count_->may_fail) ++n;
    return n;
  }

  bool holds(const std::map<Val, Hold>& by_host, std::uint32_t n) const {
    const auto allowed = most(by_host);
    return allowed && n <= *allowed;
  }

 private:
  /// Gives each term to the host that changes it; false where it is the business of several.
  bool split(const Lanes& lanes) {
    std::map<Var, Val> host_of;
    for (const auto& [host, steps] : lanes)
      for (std::uint32_t s : steps)
        for (Var v : model_.operators[stages_[s].op].writes)
          if (const auto [at, fresh] = host_of.try_emplace(v, host); !fresh && at->second != host) return false;
    for (NodeId term : count_->terms) {
      Val owner = 0;
      for (Var v : variables_of(model_.task, term)) {
        const auto host = host_of.find(v);
        if (host == host_of.end()) continue;
        if (owner != 0 && owner != host->second) return false;
        owner = host->second;
      }
      if (owner != 0)
        terms_[owner].push_back(term);
      else
        untouched_ += model_.evaluate.truth(term, problem_.from) == Truth::yes ? 0 : 1;
    }
    return true;
  }

  std::int64_t failing(Val host, const State& state) const {
    const auto terms = terms_.find(host);
    if (terms == terms_.end()) return 0;
    return std::count_if(terms->second.begin(), terms->second.end(), [&](NodeId t) { return model_.evaluate.truth(t, state) != Truth::yes; });
  }

  Worst all_failing(Val host) const {
    const auto terms = terms_.find(host);
    const auto all = terms == terms_.end() ? 0 : static_cast<std::int64_t>(terms->second.size());
    return {all, all};
  }

  /// Through all places of one host's steps, one after another, each in any phase or cut off in it.
  Worst walk(Val host, const std::vector<std::uint32_t>& steps, const Hold* hold) const {
    State state = problem_.from;
    Worst worst{failing(host, state), 0};
    for (std::uint32_t s : steps) {
      const Phases phases = planning::phases(stages_[s].begun, model_.rules[rule_].variables, stages_[s].before);
      if (phases.values.empty()) return all_failing(host);  // too many
      for (std::size_t k = 1; k < phases.values.size(); ++k) {
        for (std::size_t v = 0; v < phases.variables.size(); ++v) state[phases.variables[v]] = phases.values[k][v];
        const bool ended = k + 1 == phases.values.size();
        const bool held = hold && hold->takes <= s && (s < hold->gives || (s == hold->gives && !ended));
        auto& most = held ? worst.inside : worst.outside;
        most = std::max(most, failing(host, state));
      }
    }
    return worst;
  }

  const Model& model_;
  const OrderProblem& problem_;
  const std::vector<Stage>& stages_;
  std::uint32_t rule_;
  std::optional<CountRule> count_;
  Lanes lanes_;
  std::map<Val, std::vector<NodeId>> terms_;
  std::int64_t untouched_ = 0;  // terms that no step changes, and that do not hold
};

std::map<Val, Hold> by_host(const std::vector<Stage>& stages, const std::vector<Hold>& holds) {
  std::map<Val, Hold> out;
  for (const Hold& hold : holds) out.emplace(stages[hold.takes].host, hold);
  return out;
}

/// How many are held at one time on the timeline. What ends when another begins gives its slot to it.
std::uint32_t most_at_once(const OrderProblem& problem, const std::vector<Hold>& holds) {
  std::vector<std::pair<Seconds, int>> events;
  for (const Hold& hold : holds) {
    events.emplace_back(problem.steps[hold.takes].start, 1);
    events.emplace_back(problem.steps[hold.gives].end, -1);
  }
  std::sort(events.begin(), events.end());
  int held = 0, most = 0;
  for (const auto& [at, change] : events) most = std::max(most, held += change);
  return static_cast<std::uint32_t>(most);
}

/// From each host's first step that the count sees to its last one.
std::optional<Slots> slots_for(const OrderProblem& problem, const std::vector<Stage>& stages, const Count& count, std::uint32_t rule,
                               HowMany how_many) {
  Slots out{rule, 0, {}};
  for (const auto& [host, steps] : count.lanes()) out.holds.push_back({steps.front(), steps.back()});
  std::sort(out.holds.begin(), out.holds.end(), [](const Hold& a, const Hold& b) { return a.takes < b.takes; });
  const auto allowed = count.most(by_host(stages, out.holds));
  out.n = how_many == HowMany::allowed && allowed ? *allowed : most_at_once(problem, out.holds);
  // With one slot hosts go one after another, and none could overtake but by changing places.
  if (!allowed || out.n < 2 || out.n > *allowed || out.n >= out.holds.size()) return std::nullopt;
  return out;
}

}  // namespace

bool keep(const Model& model, const OrderProblem& problem, const std::vector<Stage>& stages, const Slots& slots, std::uint32_t rule) {
  const Count count(model, problem, stages, rule);
  return count && count.holds(by_host(stages, slots.holds), slots.n);
}

std::vector<Slots> slots(const Model& model, const OrderProblem& problem, const std::vector<Stage>& stages, HowMany how_many) {
  std::vector<std::uint32_t> open;  // counts that do not hold in every overlap
  std::vector<Slots> candidates;
  for (std::uint32_t r = 0; r < model.rules.size(); ++r) {
    if (!model.holds(model.task.rules[r].constraint)) continue;
    const Count count(model, problem, stages, r);
    if (!count || count.lanes().size() < 3 || count.holds({}, 0)) continue;
    open.push_back(r);
    if (auto found = slots_for(problem, stages, count, r, how_many)) candidates.push_back(std::move(*found));
  }
  std::vector<Slots> out;
  while (!open.empty() && !candidates.empty()) {
    // The one that keeps most of them, so that there are few kinds of slots.
    std::vector<std::uint32_t> best_left = open;
    const Slots* best = nullptr;
    for (const Slots& candidate : candidates) {
      std::vector<std::uint32_t> left;
      std::copy_if(open.begin(), open.end(), std::back_inserter(left), [&](std::uint32_t r) { return !keep(model, problem, stages, candidate, r); });
      if (left.size() < best_left.size()) best = &candidate, best_left = std::move(left);
    }
    if (!best) break;
    out.push_back(*best);
    open = std::move(best_left);
  }
  return out;
}

bool wait_for_nothing(const std::vector<Slots>& slots, const Graph& graph) {
  std::vector<std::uint32_t> takers;
  for (const Slots& s : slots)
    for (const Hold& hold : s.holds) takers.push_back(hold.takes);
  const auto waits = [&](const Hold& hold) {
    return std::any_of(takers.begin(), takers.end(), [&](std::uint32_t t) {
      return t != hold.takes && (t == hold.gives || graph.before(t, hold.gives)) && !graph.before(t, hold.takes);
    });
  };
  return std::none_of(slots.begin(), slots.end(), [&](const Slots& s) { return std::any_of(s.holds.begin(), s.holds.end(), waits); });
}

bool ordered_anyway(const std::vector<Slots>& slots, const Graph& graph) {
  return std::any_of(slots.begin(), slots.end(), [&](const Slots& s) {
    return std::any_of(s.holds.begin(), s.holds.end(), [&](const Hold& a) {
      return std::any_of(s.holds.begin(), s.holds.end(), [&](const Hold& b) { return graph.before(a.gives, b.takes); });
    });
  });
}

}  // namespace exm::planning
