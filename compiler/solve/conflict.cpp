#include "compiler/solve/conflict.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "compiler/solve/relevance.h"
#include "compiler/solve/search.h"

namespace exm::planning {

using Kind = task::Constraint::Kind;

namespace {

/// What is to be told of a conflict first: the rules in it, or the requirements.
enum class Prefer { rules, requirements };

/// What tells most about the conflict is tried last, and so stays: keeps, then what is preferred.
int tried(Kind kind, Prefer prefer) {
  switch (kind) {
    case Kind::restoration: return 0;
    case Kind::wish: return 1;
    case Kind::requirement: return prefer == Prefer::requirements ? 5 : 2;
    case Kind::forbid: return 3;
    case Kind::at_most: case Kind::window: return 4;
    case Kind::rule: return prefer == Prefer::rules ? 5 : 2;
    case Kind::keep: return 6;
  }
  return 0;
}

class Deletion {
 public:
  Deletion(const Model& model, const std::vector<std::uint32_t>& wishes, const Limits& limits)
      : model_(model), wishes_(wishes), limits_(limits.part(4)) {}

  /// Still no plan with these left out? Where a bound is reached, nobody knows, and the answer is no.
  bool impossible_without(const std::vector<bool>& dropped) {
    model_.dropped = dropped;
    std::vector<std::uint32_t> left;
    for (std::uint32_t w : wishes_)
      if (model_.holds(model_.task.wishes[w].constraint)) left.push_back(w);
    const auto& rules = model_.task.rules;
    const bool repairs = std::any_of(rules.begin(), rules.end(), [&](const auto& r) { return r.repaired && model_.holds(r.constraint); });
    if (left.empty() && !repairs) return false;
    const Relevant used = relevant(model_, left, model_.start);
    Bound bound(model_.rules.size(), false);
    if (broken_at_start(bound)) return true;
    return search(model_, {used.operators, {left, used.variables}, model_.start, bound, limits_}).answer == Sequence::Answer::exhausted;
  }

  std::vector<Id<task::Constraint>> irreducible(std::vector<bool> dropped, Prefer prefer) {
    std::vector<std::uint32_t> kept;
    for (const auto& group : groups(prefer)) {
      std::vector<bool> without = dropped;
      for (std::uint32_t c : group) without[c] = true;
      if (impossible_without(without))
        dropped = without;
      else
        kept.insert(kept.end(), group.begin(), group.end());
    }
    // Of what one place in the files says of many objects, one object is mostly enough.
    std::vector<Id<task::Constraint>> out;
    for (std::uint32_t c : kept) {
      std::vector<bool> without = dropped;
      without[c] = true;
      if (!dropped[c] && impossible_without(without)) {
        dropped = without;
      } else if (!dropped[c]) {
        out.emplace_back(c);
      }
    }
    return out;
  }

 private:
  bool broken_at_start(const Bound& bound) {
    State state = model_.start;
    return broken_rule(model_, state, bound).has_value();
  }

  /// Constraints by their place in the files, in the order in which they are tried.
  std::vector<std::vector<std::uint32_t>> groups(Prefer prefer) const {
    std::map<std::tuple<int, std::uint32_t, std::uint32_t>, std::vector<std::uint32_t>> by_place;
    for (std::uint32_t c = 0; c < model_.task.constraints.size(); ++c) {
      const auto& constraint = model_.task.constraints[Id<task::Constraint>(c)];
      by_place[{tried(constraint.kind, prefer), constraint.span.source, constraint.span.begin}].push_back(c);
    }
    std::vector<std::vector<std::uint32_t>> out;
    for (auto& [place, group] : by_place) out.push_back(std::move(group));
    return out;
  }

  Model model_;
  const std::vector<std::uint32_t>& wishes_;
  Limits limits_;
};

}  // namespace

Impossible conflicts(const Model& model, const std::vector<std::uint32_t>& wishes, const Limits& limits) {
  Impossible out;
  Deletion deletion(model, wishes, limits);
  std::vector<bool> dropped = model.dropped;
  while (out.conflicts.size() < 3 && deletion.impossible_without(dropped)) {
    out.conflicts.push_back(deletion.irreducible(dropped, out.conflicts.empty() ? Prefer::rules : Prefer::requirements));
    bool other = false;
    for (auto c : out.conflicts.back()) {
      const auto& constraint = model.task.constraints[c];
      if (constraint.kind == Kind::keep || constraint.kind == Kind::wish) continue;
      other = true;
      for (std::uint32_t d = 0; d < dropped.size(); ++d) {
        const auto& same = model.task.constraints[Id<task::Constraint>(d)];
        if (same.span.source == constraint.span.source && same.span.begin == constraint.span.begin && same.kind == constraint.kind)
          dropped[d] = true;
      }
    }
    if (!other) break;
  }
  return out;
}

}  // namespace exm::planning
