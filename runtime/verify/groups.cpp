#include "runtime/verify/groups.h"

#include <algorithm>
#include <numeric>
#include <set>
#include <utility>

namespace exm::model {
namespace {

struct Group {
  std::vector<Term> terms;
  std::vector<int> chain;   // lanes
  std::vector<int> faults;  // that strike it
};

/// Which numbers belong together.
class Union {
 public:
  explicit Union(std::size_t size) : leader_(size) { std::iota(leader_.begin(), leader_.end(), 0); }
  int leader(int i) {
    while (leader_[i] != i) i = leader_[i] = leader_[leader_[i]];
    return i;
  }
  void join(int a, int b) { leader_[leader(a)] = leader(b); }

 private:
  std::vector<int> leader_;
};

}  // namespace

/// Makes `Groups`.
class Grouping {
 public:
  Grouping(const Scene& scene, const Projection& projection, const Lanes& lanes, const Blows& blows)
      : scene_(scene), projection_(projection), lanes_(lanes), blows_(blows) {}

  std::optional<Groups> of(std::vector<Term> terms) {
    for (Term& term : terms) term.formula = projection_.local(term.formula);
    gather(terms);
    if (!give_out_faults()) return std::nullopt;
    made_.inside_.resize(lanes_.all().size());
    made_.ended_.resize(lanes_.all().size());
    for (const Group& group : groups_) {
      if (!follow(group)) return std::nullopt;
    }
    return std::move(made_);
  }

 private:
  const Course& course(std::size_t lane) const { return lanes_.all()[lane].course; }

  void gather(const std::vector<Term>& terms) {
    std::vector<std::vector<int>> users(projection_.variables().size());  // by variable: the terms
    for (std::size_t t = 0; t < terms.size(); ++t) {
      each_variable(terms[t].formula, [&](int v) {
        if (v >= 0) users[v].push_back(static_cast<int>(t));
      });
    }
    std::vector<std::set<int>> moved(lanes_.all().size());
    Union together(terms.size());
    for (std::size_t c = 0; c < lanes_.all().size(); ++c) {
      for (const int v : course(c).variables) {
        const auto& terms_of = users[projection_.local(v)];
        moved[c].insert(terms_of.begin(), terms_of.end());
      }
      for (const int t : moved[c]) together.join(t, *moved[c].begin());
    }
    std::vector<int> number(terms.size(), -1);
    for (std::size_t t = 0; t < terms.size(); ++t) {
      int& group = number[together.leader(static_cast<int>(t))];
      if (group < 0) {
        group = static_cast<int>(groups_.size());
        groups_.emplace_back();
      }
      groups_[group].terms.push_back(terms[t]);
    }
    for (std::size_t c = 0; c < lanes_.all().size(); ++c) {
      made_.of_lane_.push_back(moved[c].empty() ? -1 : number[together.leader(*moved[c].begin())]);
      if (!moved[c].empty()) groups_[made_.of_lane_[c]].chain.push_back(static_cast<int>(c));
    }
  }

  /// Each fault to the one group that it reads and writes, so that each group can be struck by itself.
  bool give_out_faults() {
    constexpr int nobody = -1, several = -2;
    std::vector<int> owner(projection_.variables().size(), nobody);
    for (std::size_t g = 0; g < groups_.size(); ++g) {
      const int group = static_cast<int>(g);
      for (const Term& term : groups_[g].terms) {
        each_variable(term.formula, [&](int v) {
          if (v >= 0) owner[v] = owner[v] == nobody || owner[v] == group ? group : several;
        });
      }
    }
    for (std::size_t f = 0; f < blows_.faults.size(); ++f) {
      std::set<int> owners;
      const auto see = [&](int v) { owners.insert(v < 0 ? nobody : owner[v]); };
      for (const Block& block : blows_.faults[f].blocks) {
        for (const Assignment& a : block.assignments) {
          see(a.variable);
          each_variable(a.to, see);
          if (a.when) each_variable(*a.when, see);
        }
      }
      if (owners.size() != 1 || *owners.begin() < 0) return false;
      groups_[*owners.begin()].faults.push_back(static_cast<int>(f));
    }
    return true;
  }

  /// What the group is worth along its chain; false where its steps are not one.
  bool follow(const Group& group) {
    Values values = projection_.start();
    made_.starts_.push_back(spot(group, values));
    for (std::size_t i = 0; i < group.chain.size(); ++i) {
      const int c = group.chain[i];
      const Course& mine = course(c);
      if (i > 0 && !scene_.order.before(course(group.chain[i - 1]).step, mine.step)) return false;
      Spot& inside = made_.inside_[c];
      for (int p = 1; p < mine.ended(); ++p) {
        Values here = values;
        projection_.show(mine, p, here);
        const Spot there = spot(group, here);
        if (inside.least.empty() || there.least[0] < inside.least[0]) inside.place = p;
        worsen(inside.least, there.least);
      }
      projection_.show(mine, mine.ended(), values);
      made_.ended_[c] = spot(group, values);
      made_.ended_[c].place = mine.ended();
      made_.looked_at_ += mine.places.size();
    }
    return true;
  }

  static void worsen(std::vector<std::int64_t>& all, const std::vector<std::int64_t>& more) {
    if (all.empty()) all = more;
    for (std::size_t i = 0; i < all.size(); ++i) all[i] = std::min(all[i], more[i]);
  }

  Spot spot(const Group& group, const Values& values) const {
    const auto faults = static_cast<std::size_t>(blows_.at_once);
    Spot spot{std::vector<std::int64_t>(faults + 1, least_of(group.terms, values)), 0};
    strike_again(group, values, 0, spot);
    return spot;
  }

  void strike_again(const Group& group, const Values& values, int happened, Spot& spot) const {
    if (happened == blows_.at_once) return;
    for (const int f : group.faults) {
      Values hurt = values;
      strike(blows_.faults[f], hurt);
      const std::int64_t least = least_of(group.terms, hurt);
      for (int n = happened + 1; n <= blows_.at_once; ++n) spot.least[n] = std::min(spot.least[n], least);
      strike_again(group, hurt, happened + 1, spot);
    }
  }

  const Scene& scene_;
  const Projection& projection_;
  const Lanes& lanes_;
  const Blows& blows_;
  std::vector<Group> groups_;
  Groups made_;
};

std::optional<Groups> Groups::of(const Scene& scene, const Projection& projection, const Lanes& lanes, std::vector<Term> terms, const Blows& blows) {
  return Grouping(scene, projection, lanes, blows).of(std::move(terms));
}

std::int64_t Spot::priced(std::int64_t fault_price) const {
  std::int64_t value = least[0];
  for (std::size_t n = 1; n < least.size(); ++n) {
    value = std::min(value, least[n] + static_cast<std::int64_t>(n) * fault_price);
  }
  return value;
}

std::int64_t Groups::largest_drop() const {
  std::int64_t drop = 1;
  std::vector<std::int64_t> low, high;
  const auto see = [&](std::size_t group, const Spot& spot) {
    low[group] = std::min(low[group], spot.least.back());
    high[group] = std::max(high[group], spot.least[0]);
    drop = std::max(drop, std::min(high[group] - low[group], -hopeless));
  };
  for (const Spot& start : starts_) {
    low.push_back(start.least.back());
    high.push_back(start.least[0]);
    see(low.size() - 1, start);
  }
  for (std::size_t c = 0; c < of_lane_.size(); ++c) {
    if (of_lane_[c] < 0) continue;
    see(static_cast<std::size_t>(of_lane_[c]), inside_[c]);
    see(static_cast<std::size_t>(of_lane_[c]), ended_[c]);
  }
  return drop;
}

}  // namespace exm::model
