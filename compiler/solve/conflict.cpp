#include "compiler/solve/conflict.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "compiler/solve/relevance.h"
#include "compiler/solve/search.h"
#include "compiler/solve/ways_out.h"

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

  /// `never` are left out from the first; the rest leaves no plan.
  std::vector<Id<task::Constraint>> irreducible(const std::vector<bool>& never, Prefer prefer) {
    never_ = never;
    const auto all = groups(prefer);
    const std::vector<bool> nothing = without(never, all);
    // Of what one place in the files says of many objects, one object is mostly enough.
    std::vector<Group> single;
    for (const Group& group : needed(nothing, all))
      for (std::uint32_t c : group)
        if (!never[c]) single.push_back({c});
    std::vector<Id<task::Constraint>> out;
    for (const Group& group : needed(nothing, single)) out.emplace_back(group.front());
    return out;
  }

 private:
  using Group = std::vector<std::uint32_t>;

  /// As below; where a search ended at a bound and so the halves misled, one group after another.
  std::vector<Group> needed(const std::vector<bool>& nothing, const std::vector<Group>& groups) {
    const std::vector<Group> found = needed(nothing, false, groups);
    if (impossible_without(with(nothing, found))) return found;
    std::vector<Group> kept;
    std::vector<bool> dropped = with(nothing, groups);
    for (const Group& group : groups) {
      const std::vector<bool> less = without(dropped, {group});
      if (impossible_without(less))
        dropped = less;
      else
        kept.push_back(group);
    }
    return kept;
  }

  /// Of groups that together leave no plan, those of a smallest such set: without any one of them there is a plan. Later ones are kept
  /// rather than earlier ones. Halves are tried before single ones (Junker's QuickXplain, 2004): a conflict is small, and each try a search.
  /// `dropped` leaves out these groups, and all that was found not to be needed; `more`: something has come in since it was last known to
  /// leave a plan.
  std::vector<Group> needed(const std::vector<bool>& dropped, bool more, const std::vector<Group>& groups) {
    if (groups.empty() || (more && impossible_without(dropped))) return {};
    if (groups.size() == 1) return groups;
    const auto middle = groups.begin() + static_cast<std::ptrdiff_t>(groups.size() / 2);
    const std::vector<Group> early(groups.begin(), middle), late(middle, groups.end());
    std::vector<Group> out = needed(with(dropped, late), true, early);
    const std::vector<Group> rest = needed(with(dropped, out), !out.empty(), late);
    out.insert(out.end(), rest.begin(), rest.end());
    return out;
  }

  std::vector<bool> without(std::vector<bool> dropped, const std::vector<Group>& groups) const { return set(std::move(dropped), groups, true); }
  std::vector<bool> with(std::vector<bool> dropped, const std::vector<Group>& groups) const { return set(std::move(dropped), groups, false); }
  std::vector<bool> set(std::vector<bool> dropped, const std::vector<Group>& groups, bool out) const {
    for (const Group& group : groups)
      for (std::uint32_t c : group) dropped[c] = out || never_[c];
    return dropped;
  }

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
  std::vector<bool> never_;  // left out from the first
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
      for (const auto same : from_the_same_place(model.task, c)) dropped[same.index] = true;
    }
    if (!other) break;
  }
  out.ways_out = ways_out(model, out.conflicts, limits);
  return out;
}

}  // namespace exm::planning
