#include "compiler/solve/components.h"

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

}  // namespace

std::vector<Component> components(const Model& model) {
  const auto n = static_cast<std::uint32_t>(model.task.wishes.size());
  std::vector<Relevant> reach;
  for (std::uint32_t w = 0; w < n; ++w) reach.push_back(relevant(model, std::span(&w, 1), model.start));

  UnionFind same(n), meet(n);
  Meeting written(same), touched(meet), rules(meet), used(meet), hosts(meet);
  for (std::uint32_t w = 0; w < n; ++w) {
    for (Var v : reach[w].variables) {
      written.at(v, w);
      for (std::uint32_t r : model.rules_of[v])
        if (model.holds(model.task.rules[r].constraint)) rules.at(r, w);
    }
    // A wish that holds needs no step, but the steps of another may break it.
    for (Var v : variables_of(model.task, model.task.wishes[w].formula)) written.at(v, w);
    for (std::uint32_t o : reach[w].operators) {
      const auto& info = model.operators[o];
      for (auto u : model.task.operators[Id<task::Operator>(o)].uses) used.at(u.index, w);
      if (info.on != ~0u) hosts.at(info.on, w);
      for (Var v : info.writes) touched.at(v, w);
    }
  }
  // What one writes and another only reads couples them too.
  std::map<Var, std::uint32_t> writer;
  for (std::uint32_t w = 0; w < n; ++w)
    for (Var v : reach[w].variables) writer.emplace(v, w);
  for (std::uint32_t w = 0; w < n; ++w)
    for (std::uint32_t o : reach[w].operators)
      for (Var v : model.operators[o].reads)
        if (const auto it = writer.find(v); it != writer.end()) meet.join(it->second, w);

  const auto groups = collect(same, n);
  for (const auto& group : groups)
    for (std::uint32_t w : group) meet.join(group.front(), w);
  std::map<std::uint32_t, Component> by_component;
  for (const auto& group : groups) by_component[meet.find(group.front())].push_back(group);
  std::vector<Component> out;
  for (auto& [first, component] : by_component) out.push_back(std::move(component));
  return out;
}

}  // namespace exm::planning
