#include "compiler/solve/search.h"

#include <algorithm>
#include <queue>
#include <unordered_set>

namespace exm::planning {

namespace {

struct Node {
  std::uint32_t parent = ~0u;
  std::uint32_t op = ~0u;
  Cost cost;
  std::int64_t watched = 0;
};

using Key = std::array<std::int64_t, 5>;  // the rank, with what is watched before all but disruption

class UniformCost {
 public:
  UniformCost(const Model& model, const Search& problem, Admission& admission)
      : model_(model), problem_(problem), state_(problem.from), meter_(model, problem.goal.variables, problem.from, model.wished), admission_(admission) {
    locals_ = problem.goal.variables;
    for (std::uint32_t r = 0; r < model.rules.size(); ++r)
      if (model.rules[r].latent) latent_.push_back(r);
    stride_ = locals_.size() + latent_.size();
  }

  Sequence run() {
    Bound bound = problem_.bound;
    bind(model_, state_, bound);
    add({}, state_, bound);
    std::uint64_t expanded = 0;
    while (!open_.empty()) {
      const auto [key, node] = open_.top();
      open_.pop();
      if (closed_[node]) continue;
      close(node);
      load(node, bound);
      if (!missing(model_, problem_.goal, state_, bound)) return found(node);
      if (++expanded > problem_.limits.search_states || (expanded % 256 == 0 && problem_.limits.stop.stop_requested())) return {Sequence::Answer::bound, {}, {}, {}, 0};
      for (std::uint32_t op : problem_.operators) expand(node, op, bound);
    }
    return {Sequence::Answer::exhausted, {}, {}, {}, 0};
  }

 private:
  struct Hash {
    const UniformCost* self;
    std::size_t operator()(std::uint32_t node) const {
      std::size_t h = 1469598103934665603ull;
      for (std::size_t i = 0; i < self->stride_; ++i) h = (h ^ self->cells_[node * self->stride_ + i]) * 1099511628211ull;
      return h;
    }
  };
  struct Equal {
    const UniformCost* self;
    bool operator()(std::uint32_t a, std::uint32_t b) const {
      const auto begin = self->cells_.begin();
      const auto n = static_cast<std::ptrdiff_t>(self->stride_);
      return std::equal(begin + a * n, begin + (a + 1) * n, begin + b * n);
    }
  };

  Key key(const Node& node) const {
    const Rank r = rank(model_, node.cost);
    const bool disruption_first = !model_.task.minimize.empty() && model_.task.minimize.front() == program::Measure::disruption;
    if (disruption_first) return {r[0], node.watched, r[1], r[2], r[3]};
    return {node.watched, r[0], r[1], r[2], r[3]};
  }

  void add(Node node, const State& state, const Bound& bound) {
    const auto id = static_cast<std::uint32_t>(nodes_.size());
    for (Var v : locals_) cells_.push_back(state[v]);
    for (std::uint32_t r : latent_) cells_.push_back(bound[r]);
    const auto known = best_.find(id);
    if (known != best_.end()) {
      if (closed_[*known] || key(nodes_[*known]) <= key(node)) {
        cells_.resize(cells_.size() - stride_);
        return;
      }
      closed_[*known] = true;  // a cheaper way to the same state was found
      best_.erase(known);
    }
    nodes_.push_back(node);
    closed_.push_back(false);
    best_.insert(id);
    open_.emplace(key(node), id);
  }

  void close(std::uint32_t node) { closed_[node] = true; }

  void load(std::uint32_t node, Bound& bound) {
    const std::size_t at = node * stride_;
    for (std::size_t i = 0; i < locals_.size(); ++i) state_[locals_[i]] = cells_[at + i];
    for (std::size_t i = 0; i < latent_.size(); ++i) bound[latent_[i]] = cells_[at + locals_.size() + i] != 0;
  }

  void expand(std::uint32_t from, std::uint32_t op, const Bound& bound) {
    if (!admission_.may_begin(op, state_, bound)) return;
    const Begun& begun = admission_.begun(op, state_);
    State after = state_;
    finish(begun, after);
    if (after == state_ && latent_.empty()) return;  // it changes nothing
    Node node{from, op, nodes_[from].cost, nodes_[from].watched};
    State during = state_;
    enter(begun, during);
    node.cost = node.cost + meter_.step(op, during);
    if (problem_.watch && model_.evaluate.truth(problem_.watch->formula, during) != Truth::yes)
      node.watched += model_.task.operators[Id<task::Operator>(op)].takes;
    Bound binding = bound;
    if (!latent_.empty()) bind(model_, after, binding);
    add(node, after, binding);
  }

  Sequence found(std::uint32_t node) {
    Sequence out{Sequence::Answer::found, {}, nodes_[node].cost, state_, nodes_[node].watched};
    for (std::uint32_t n = node; nodes_[n].op != ~0u; n = nodes_[n].parent) out.operators.push_back(nodes_[n].op);
    std::reverse(out.operators.begin(), out.operators.end());
    return out;
  }

  const Model& model_;
  const Search& problem_;
  State state_;  // that of the node in hand; other variables never change
  Meter meter_;
  Admission& admission_;
  std::vector<Var> locals_;
  std::vector<std::uint32_t> latent_;
  std::size_t stride_ = 0;
  std::vector<std::uint32_t> cells_;  // per node its locals and which latent rules bind
  std::vector<Node> nodes_;
  std::vector<bool> closed_;
  std::unordered_set<std::uint32_t, Hash, Equal> best_{64, Hash{this}, Equal{this}};
  using Open = std::pair<Key, std::uint32_t>;
  std::priority_queue<Open, std::vector<Open>, std::greater<>> open_;  // ties: the one found first
};

}  // namespace

Sequence search(const Model& model, const Search& problem, Admission& admission) { return UniformCost(model, problem, admission).run(); }

Sequence search(const Model& model, const Search& problem) {
  Admission admission(model);
  return search(model, problem, admission);
}

}  // namespace exm::planning
