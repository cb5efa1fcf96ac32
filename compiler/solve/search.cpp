#include "compiler/solve/search.h"

#include <algorithm>
#include <queue>
#include <unordered_set>

#include "compiler/solve/landmarks.h"
#include "compiler/solve/weight.h"

namespace exm::planning {

namespace {

struct Node {
  std::uint32_t parent = ~0u;
  std::uint32_t op = ~0u;
  Cost cost;
  std::int64_t watched = 0;
  Weight at_least = 0;     // no plan through it costs less; with landmarks only
  bool looked_at = false;  // landmarks have been found for it
};

/// What nodes are taken by. Uniform cost: the rank, with what is watched before all but disruption. With landmarks: what a plan through
/// the node costs at least, then the one for which most has been paid.
using Key = std::array<std::int64_t, 5>;

/// A state with landmarks is as much work as so many without.
constexpr std::uint64_t work_of_landmarks = 20;

class BestFirst {
 public:
  /// `landmarks`: nothing for uniform cost.
  BestFirst(const Model& model, const Search& problem, Admission& admission, Landmarks* landmarks)
      : model_(model),
        problem_(problem),
        state_(problem.from),
        meter_(model, problem.goal.variables, problem.from, model.wished),
        admission_(admission),
        landmarks_(landmarks) {
    locals_ = problem.goal.variables;
    for (std::uint32_t r = 0; r < model.rules.size(); ++r)
      if (model.rules[r].latent) latent_.push_back(r);
    stride_ = locals_.size() + latent_.size();
  }

  Sequence run(std::uint64_t most_states) {
    Bound bound = problem_.bound;
    bind(model_, state_, bound);
    add({}, state_, bound);
    std::uint64_t expanded = 0;
    while (!open_.empty()) {
      const auto [key, node] = open_.top();
      open_.pop();
      if (closed_[node]) continue;
      load(node, bound);
      if (landmarks_ && !nodes_[node].looked_at && !look_ahead(node)) continue;
      close(node);
      if (!missing(model_, problem_.goal, state_, bound)) return found(node);
      if (++expanded > most_states || (expanded % 256 == 0 && problem_.limits.stop.stop_requested())) return {Sequence::Answer::bound, {}, {}, {}, 0};
      for (std::uint32_t op : problem_.operators) expand(node, op, bound);
    }
    return {too_large_ ? Sequence::Answer::bound : Sequence::Answer::exhausted, {}, {}, {}, 0};
  }

 private:
  struct Hash {
    const BestFirst* self;
    std::size_t operator()(std::uint32_t node) const {
      std::size_t h = 1469598103934665603ull;
      for (std::size_t i = 0; i < self->stride_; ++i) h = (h ^ self->cells_[node * self->stride_ + i]) * 1099511628211ull;
      return h;
    }
  };
  struct Equal {
    const BestFirst* self;
    bool operator()(std::uint32_t a, std::uint32_t b) const {
      const auto begin = self->cells_.begin();
      const auto n = static_cast<std::ptrdiff_t>(self->stride_);
      return std::equal(begin + a * n, begin + (a + 1) * n, begin + b * n);
    }
  };

  /// Finds the landmarks of the state in hand. False where the node's turn is not now: later, or never.
  bool look_ahead(std::uint32_t id) {
    Node& node = nodes_[id];
    node.looked_at = true;
    const Weight rest = landmarks_->still_to_come(state_);
    if (rest == no_way) return false;
    const Weight total = *weigh(model_, node.cost) + rest;
    if (total <= node.at_least) return true;
    node.at_least = total;
    open_.emplace(turn(node), id);
    return false;
  }

  /// When the node's turn is.
  Key turn(const Node& node) const {
    if (!landmarks_) return key(node);
    return {node.at_least, -*weigh(model_, node.cost), 0, 0, 0};
  }

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
    const bool is_known = known != best_.end();
    // with landmarks a state may be met on a dearer way first, and has to be looked at again.
    if (is_known && ((!landmarks_ && closed_[*known]) || key(nodes_[*known]) <= key(node))) {
      cells_.resize(cells_.size() - stride_);
      return;
    }
    if (landmarks_ && !weigh(model_, node.cost)) {
      too_large_ = true;
      cells_.resize(cells_.size() - stride_);
      return;
    }
    if (is_known) {
      closed_[*known] = true;
      best_.erase(known);
    }
    nodes_.push_back(node);
    closed_.push_back(false);
    best_.insert(id);
    open_.emplace(turn(node), id);
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
    Node node{from, op, nodes_[from].cost, nodes_[from].watched, nodes_[from].at_least};
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
    Sequence out{Sequence::Answer::found, {}, nodes_[node].cost, state_, nodes_[node].watched, !landmarks_};
    for (std::uint32_t n = node; nodes_[n].op != ~0u; n = nodes_[n].parent) out.operators.push_back(nodes_[n].op);
    std::reverse(out.operators.begin(), out.operators.end());
    return out;
  }

  const Model& model_;
  const Search& problem_;
  State state_;  // that of the node in hand; other variables never change
  Meter meter_;
  Admission& admission_;
  Landmarks* landmarks_;
  std::vector<Var> locals_;
  std::vector<std::uint32_t> latent_;
  std::size_t stride_ = 0;
  bool too_large_ = false;  // a cost did not fit into a weight
  std::vector<std::uint32_t> cells_;  // per node its locals and which latent rules bind
  std::vector<Node> nodes_;
  std::vector<bool> closed_;
  std::unordered_set<std::uint32_t, Hash, Equal> best_{64, Hash{this}, Equal{this}};
  using Open = std::pair<Key, std::uint32_t>;
  std::priority_queue<Open, std::vector<Open>, std::greater<>> open_;  // ties: the one found first
};

}  // namespace

/// Small problems are done sooner than landmarks are found.
Sequence search(const Model& model, const Search& problem, Admission& admission) {
  const auto& limits = problem.limits;
  Sequence out = BestFirst(model, problem, admission, nullptr).run(std::min(limits.search_states, limits.plain_states));
  if (out.answer != Sequence::Answer::bound || limits.search_states <= limits.plain_states || limits.stop.stop_requested()) return out;
  auto weights = problem.watch ? std::nullopt : least_weights(model, problem);
  if (!weights) return BestFirst(model, problem, admission, nullptr).run(limits.search_states);
  Landmarks landmarks(model, problem, std::move(*weights));
  return BestFirst(model, problem, admission, &landmarks).run(limits.search_states / work_of_landmarks);
}

Sequence search(const Model& model, const Search& problem) {
  Admission admission(model);
  return search(model, problem, admission);
}

}  // namespace exm::planning
