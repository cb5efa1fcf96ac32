#include "compiler/solve/components.h"

#include <algorithm>
#include <map>
#include <numeric>

namespace exm::planning {

namespace {

class UnionFind {
 public:
  explicit UnionFind(std::size_t n) : parent_(n) { std::iota(parent_.begin(), parent_.end(), 0u); }
  std::uint32_t find(std::uint32_t i) {
    while (parent_[i] != i) i = parent_[i] = parent_[parent_[i]];
    return i;
  }
  /// The smaller number stands for both.
  void join(std::uint32_t a, std::uint32_t b) {
    a = find(a);
    b = find(b);
    if (a != b) parent_[std::max(a, b)] = std::min(a, b);
  }

 private:
  std::vector<std::uint32_t> parent_;
};

/// Joins all that name the same thing.
class Meeting {
 public:
  explicit Meeting(UnionFind& sets) : sets_(sets) {}
  void at(std::uint32_t thing, std::uint32_t who) {
    const auto [it, fresh] = first_.try_emplace(thing, who);
    if (!fresh) sets_.join(it->second, who);
  }

 private:
  UnionFind& sets_;
  std::map<std::uint32_t, std::uint32_t> first_;
};

std::vector<Group> collect(UnionFind& sets, std::size_t n) {
  std::map<std::uint32_t, Group> groups;
  for (std::uint32_t i = 0; i < n; ++i) groups[sets.find(i)].push_back(i);
  std::vector<Group> out;
  for (auto& [first, group] : groups) out.push_back(std::move(group));
  return out;
}

/// Wishes that would write the same variable, until the steps that they need together add none.
std::vector<Group> grouped(const Model& model, std::vector<Relevant>& reach) {
  std::vector<Group> groups;
  for (std::uint32_t w = 0; w < model.task.wishes.size(); ++w) groups.push_back({w});
  for (;;) {
    const auto n = static_cast<std::uint32_t>(groups.size());
    std::vector<Relevant> next;
    UnionFind same(n);
    Meeting written(same);
    for (std::uint32_t g = 0; g < n; ++g) {
      next.push_back(relevant(model, groups[g], model.start));
      for (Var v : next[g].variables) written.at(v, g);
      // A wish that holds needs no step, but the steps of another may break it.
      for (std::uint32_t w : groups[g])
        for (Var v : variables_of(model.task, model.task.wishes[w].formula)) written.at(v, g);
    }
    reach = std::move(next);
    std::vector<Group> merged;
    for (const auto& together : collect(same, n)) {
      Group group;
      for (std::uint32_t g : together) group.insert(group.end(), groups[g].begin(), groups[g].end());
      std::sort(group.begin(), group.end());
      merged.push_back(std::move(group));
    }
    if (merged.size() == groups.size()) return groups;
    groups = std::move(merged);
  }
}

}  // namespace

std::vector<Component> components(const Model& model) {
  std::vector<Relevant> reach;  // by group
  const auto groups = grouped(model, reach);
  const auto n = static_cast<std::uint32_t>(groups.size());
  UnionFind meet(n);
  Meeting rules(meet), used(meet), hosts(meet);
  std::map<Var, std::uint32_t> writer;
  for (std::uint32_t g = 0; g < n; ++g) {
    for (Var v : reach[g].variables) {
      writer.emplace(v, g);
      for (std::uint32_t r : model.rules_of[v])
        if (model.holds(model.task.rules[r].constraint)) rules.at(r, g);
    }
    for (std::uint32_t o : reach[g].operators) {
      for (auto u : model.task.operators[Id<task::Operator>(o)].uses) used.at(u.index, g);
      if (model.operators[o].on != ~0u) hosts.at(model.operators[o].on, g);
    }
  }
  // What one writes and another only reads couples them too.
  for (std::uint32_t g = 0; g < n; ++g)
    for (std::uint32_t o : reach[g].operators)
      for (Var v : model.operators[o].reads)
        if (const auto it = writer.find(v); it != writer.end()) meet.join(it->second, g);
  std::vector<Component> out;
  for (const auto& together : collect(meet, n)) {
    Component component;
    for (std::uint32_t g : together) component.push_back(groups[g]);
    out.push_back(std::move(component));
  }
  return out;
}

}  // namespace exm::planning
