#include "compiler/solve/way_back.h"

#include <algorithm>
#include <bit>
#include <queue>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "compiler/solve/outlook.h"
#include "compiler/solve/way_rules.h"

namespace exm::planning {

namespace {

struct HashVector {
  std::size_t operator()(const std::vector<std::uint32_t>& key) const {
    std::size_t h = 1469598103934665603ull;
    for (std::uint32_t v : key) h = (h ^ v) * 1099511628211ull;
    return h;
  }
};

using Bits = std::vector<std::uint64_t>;

/// One of the states that the environment may be in: the values of the locals, then which latent rules bind.
struct Place {
  std::vector<std::uint32_t> cells;
  Bits open;               // of the locals, those that are not as they are to end
  std::uint32_t felt = ~0u;  // an entry of disrupts_when that is true
  std::vector<std::int32_t> next;  // per operator
};

constexpr std::int32_t not_tried = -3, does_nothing = -2, not_possible = -1;

struct Node {
  std::vector<std::uint32_t> places;  // sorted, each once
  std::uint32_t parent = ~0u;
  std::uint32_t op = ~0u;  // in BackProblem::operators
  std::uint32_t steps = 0;
};

/// So many states are looked at before it is asked what can be put back at all.
constexpr std::uint64_t before_outlook = 32;
constexpr std::size_t most_places = 4096;

class Searching {
 public:
  Searching(const Model& model, const BackProblem& problem, State& state) : model_(model), problem_(problem), state_(state) {
    find_locals();
    for (Var v : locals_) before_.push_back(state[v]);
    for (Var v : locals_)
      for (std::uint32_t r : model.rules_of[v])
        if (model.rules[r].latent) latent_.push_back(r);
    sort_unique(latent_);
    bound_.assign(model.rules.size(), false);
    for (Var v : all_differing_and_locals()) felt_.insert(felt_.end(), model.disrupts_of[v].begin(), model.disrupts_of[v].end());
    sort_unique(felt_);
    std::erase_if(felt_, [&](std::uint32_t d) { return model.evaluate.truth(task().disrupts_when[d].formula, model.start) != Truth::no; });
    words_ = (locals_.size() + 63) / 64;
    beyond_.assign(words_, 0);
    find_achievers();
  }

  Back run() {
    Node first;
    for (const auto& values : problem_.cut.values) {
      for (std::size_t i = 0; i < values.size(); ++i) state_[problem_.cut.variables[i]] = values[i];
      first.places.push_back(place_of_state(true));
    }
    restore();
    sort_unique(first.places);
    add(std::move(first));
    while (!open_.empty()) {
      const std::uint32_t id = std::get<3>(open_.top());
      open_.pop();
      if (consider(id)) break;
      if (++expanded_ > problem_.most_states) {
        bound_reached_ = true;
        break;
      }
      if (expanded_ == before_outlook && look_out()) break;
      for (std::uint32_t op = 0; op < problem_.operators.size(); ++op) expand(id, op);
    }
    restore();
    return result();
  }

 private:
  const task::Task& task() const { return model_.task; }

  static void sort_unique(std::vector<std::uint32_t>& v) {
    std::sort(v.begin(), v.end());
    v.erase(std::unique(v.begin(), v.end()), v.end());
  }

  void find_locals() {
    locals_ = problem_.cut.variables;
    for (std::uint32_t o : problem_.operators) locals_.insert(locals_.end(), model_.operators[o].writes.begin(), model_.operators[o].writes.end());
    sort_unique(locals_);
  }

  std::vector<Var> all_differing_and_locals() const {
    std::vector<Var> out = locals_;
    out.insert(out.end(), problem_.differing.begin(), problem_.differing.end());
    return out;
  }

  /// Per local, the operators that may put it back.
  void find_achievers() {
    const std::size_t words = (problem_.operators.size() + 63) / 64;
    achievers_.assign(locals_.size(), Bits(words, 0));
    for (std::size_t o = 0; o < problem_.operators.size(); ++o) {
      const auto note = [&](const auto& self, const task::Effect& effect) -> void {
        for (const auto& a : effect.assignments) {
          const auto& to = task().formulas.nodes[a.to.index];
          const auto at = std::lower_bound(locals_.begin(), locals_.end(), a.variable.index) - locals_.begin();
          if (to.op != task::NodeOp::constant || to.a == task().variables[a.variable].restore.index || to.a == (*problem_.end)[a.variable.index])
            achievers_[static_cast<std::size_t>(at)][o / 64] |= std::uint64_t{1} << (o % 64);
        }
        for (const auto& part : effect.parts) self(self, part);
      };
      note(note, task().operators[Id<task::Operator>(problem_.operators[o])].effects);
    }
  }

  // ------------------------------------------------------------------------------------------- places

  void restore() {
    for (std::size_t i = 0; i < locals_.size(); ++i) state_[locals_[i]] = before_[i];
    for (std::uint32_t r : latent_) bound_[r] = false;
  }

  void load(const Place& place) {
    for (std::size_t i = 0; i < locals_.size(); ++i) state_[locals_[i]] = place.cells[i];
    for (std::size_t i = 0; i < latent_.size(); ++i) bound_[latent_[i]] = place.cells[locals_.size() + i] != 0;
  }

  bool is_open(Var v) {
    return model_.restorable(v) && state_[v] != task().variables[Id<task::Variable>(v)].restore.index && state_[v] != (*problem_.end)[v];
  }

  /// The place of the state in hand. At the first one, a latent rule binds where it holds.
  std::uint32_t place_of_state(bool first) {
    std::vector<std::uint32_t> cells;
    for (Var v : locals_) cells.push_back(state_[v]);
    for (std::uint32_t r : latent_) {
      const bool was = !first && bound_[r];
      cells.push_back(was || model_.evaluate.truth(task().rules[r].formula, state_) == Truth::yes);
    }
    const auto [at, is_new] = known_.emplace(cells, static_cast<std::uint32_t>(places_.size()));
    if (!is_new) return at->second;
    Place place;
    place.cells = std::move(cells);
    place.open.assign(words_, 0);
    for (std::size_t i = 0; i < locals_.size(); ++i)
      if (is_open(locals_[i])) place.open[i / 64] |= std::uint64_t{1} << (i % 64);
    for (std::uint32_t d : felt_)
      if (place.felt == ~0u && model_.evaluate.truth(task().disrupts_when[d].formula, state_) != Truth::no) place.felt = d;
    place.next.assign(problem_.operators.size(), not_tried);
    places_.push_back(std::move(place));
    return at->second;
  }

  /// What the operator does there: the place after it, or that it does nothing, or may not begin.
  std::int32_t next(std::uint32_t place, std::uint32_t op) {
    if (const std::int32_t known = places_[place].next[op]; known != not_tried) return known;
    load(places_[place]);
    std::int32_t to = not_possible;
    const std::uint32_t o = problem_.operators[op];
    const bool may = may_begin(o);
    if (may || may_hold_already(model_, o, state_)) {
      const Begun begun = begin(model_, o, state_);
      if (holds_already(model_, begun, state_)) {
        to = does_nothing;
      } else if (may && begun.possible && keeps_rules(model_, o, begun, state_, bound_)) {
        finish(begun, state_);
        to = static_cast<std::int32_t>(place_of_state(false));
      }
    }
    places_[place].next[op] = to;
    return to;
  }

  bool may_begin(std::uint32_t o) {
    const auto& requires_ = task().operators[Id<task::Operator>(o)].requires_;
    return std::all_of(requires_.begin(), requires_.end(), [&](const task::Requirement& r) {
      return !model_.holds(r.constraint) || model_.evaluate.truth(r.formula, state_) == Truth::yes;
    });
  }

  // ------------------------------------------------------------------------------------------- nodes

  Bits open_of(const Node& node) const {
    Bits open(words_, 0);
    for (std::uint32_t p : node.places)
      for (std::size_t w = 0; w < words_; ++w) open[w] |= places_[p].open[w];
    return open;
  }

  static std::uint32_t count(const Bits& bits) {
    std::uint32_t n = 0;
    for (std::uint64_t w : bits) n += static_cast<std::uint32_t>(std::popcount(w));
    return n;
  }

  /// So many steps are needed at least to put back what can be: of variables that no operator puts back together.
  std::uint32_t still_to_come(const Node& node) const {
    const Bits open = open_of(node);
    Bits used(achievers_.empty() ? 0 : achievers_.front().size(), 0);
    std::uint32_t steps = 0;
    for (std::size_t i = 0; i < locals_.size(); ++i) {
      if (((open[i / 64] & ~beyond_[i / 64]) >> (i % 64) & 1) == 0) continue;
      bool any = false, meets = false;
      for (std::size_t w = 0; w < used.size(); ++w) {
        any = any || achievers_[i][w] != 0;
        meets = meets || (achievers_[i][w] & used[w]) != 0;
      }
      if (!any || meets) continue;
      ++steps;
      for (std::size_t w = 0; w < used.size(); ++w) used[w] |= achievers_[i][w];
    }
    return steps;
  }

  void add(Node node) {
    const auto id = static_cast<std::uint32_t>(nodes_.size());
    const auto [at, is_new] = seen_.emplace(node.places, id);
    if (!is_new) {
      if (nodes_[at->second].steps <= node.steps) return;
      at->second = id;
    }
    const std::uint32_t ahead = still_to_come(node);
    open_.emplace(node.steps + ahead, ahead, count(open_of(node)), id);
    nodes_.push_back(std::move(node));
  }

  std::uint32_t felt(const Node& node) const {
    for (std::uint32_t p : node.places)
      if (places_[p].felt != ~0u) return places_[p].felt;
    return ~0u;
  }

  /// Is it the best end so far? True where there can be no better one.
  bool consider(std::uint32_t id) {
    const std::uint32_t feels = felt(nodes_[id]);
    const std::uint32_t open = count(open_of(nodes_[id]));
    if (feels != ~0u) {
      if (least_felt_ == ~0u || open < felt_open_) {
        least_felt_ = feels;
        felt_open_ = open;
      }
      return false;
    }
    // What could be put back only by more steps comes later than it would have to: there the first is not the shortest.
    if (best_ == ~0u || open < best_open_ || (open == best_open_ && nodes_[id].steps < nodes_[best_].steps)) {
      best_ = id;
      best_open_ = open;
    }
    return best_open_ == count(beyond_);
  }

  /// Finds out what can't be put back. True where the best end so far can't be bettered, or there can be none.
  bool look_out() {
    for (std::uint32_t p : nodes_.front().places) {
      load(places_[p]);
      const Outlook outlook = planning::look_out(model_, problem_.operators, locals_, felt_, *problem_.end, state_);
      if (outlook.felt != ~0u) {
        least_felt_ = outlook.felt;
        restore();
        return true;
      }
      for (std::size_t i = 0; i < outlook.beyond.size(); ++i)
        if (outlook.beyond[i]) beyond_[i / 64] |= std::uint64_t{1} << (i % 64);
    }
    restore();
    decltype(open_) again;
    while (!open_.empty()) {
      const std::uint32_t id = std::get<3>(open_.top());
      open_.pop();
      const std::uint32_t ahead = still_to_come(nodes_[id]);
      again.emplace(nodes_[id].steps + ahead, ahead, count(open_of(nodes_[id])), id);
    }
    open_ = std::move(again);
    return best_ != ~0u && best_open_ == count(beyond_);
  }

  void expand(std::uint32_t from, std::uint32_t op) {
    Node node{{}, from, op, nodes_[from].steps + 1};
    const std::vector<std::uint32_t> places = nodes_[from].places;
    std::optional<std::vector<Val>> read;
    for (std::uint32_t p : places) {
      const std::int32_t to = next(p, op);
      if (to == not_possible) return;
      node.places.push_back(to == does_nothing ? p : static_cast<std::uint32_t>(to));
      if (to == does_nothing) continue;
      auto reads = read_there(p, op);
      if (read && *read != reads) return;  // one command can't be right for both
      read = std::move(reads);
    }
    if (!read) return;
    sort_unique(node.places);
    if (node.places == places || node.places.size() > most_places) return;
    add(std::move(node));
  }

  /// What its host and its command are made from.
  std::vector<Val> read_there(std::uint32_t place, std::uint32_t op) const {
    std::vector<Val> out;
    for (auto v : task().operators[Id<task::Operator>(problem_.operators[op])].reads) {
      const auto at = std::lower_bound(locals_.begin(), locals_.end(), v.index);
      if (at != locals_.end() && *at == v.index) out.push_back(places_[place].cells[static_cast<std::size_t>(at - locals_.begin())]);
    }
    return out;
  }

  // ------------------------------------------------------------------------------------------- the answer

  Back result() {
    Back out;
    out.bound = bound_reached_;
    out.felt = least_felt_;
    if (best_ == ~0u) return out;
    WayBack way;
    way.least = !bound_reached_;
    std::vector<std::uint32_t> chain;
    for (std::uint32_t n = best_; nodes_[n].op != ~0u; n = nodes_[n].parent) chain.push_back(n);
    for (auto it = chain.rbegin(); it != chain.rend(); ++it) way.steps.push_back(step(nodes_[*it]));
    way.open = open(nodes_[best_]);
    out.way = std::move(way);
    return out;
  }

  BackStep step(const Node& node) {
    BackStep out{Id<task::Operator>(problem_.operators[node.op]), {}};
    for (std::uint32_t p : nodes_[node.parent].places) {
      if (next(p, node.op) < 0) continue;
      load(places_[p]);
      for (Var v : all_differing_and_locals())
        if (state_[v] != model_.start[v]) out.begins.emplace_back(Id<task::Variable>(v), task::ValueId(state_[v]));
      restore();
      break;
    }
    return out;
  }

  std::vector<Open> open(const Node& node) {
    std::vector<Open> out;
    const Bits bits = open_of(node);
    for (std::size_t i = 0; i < locals_.size(); ++i) {
      if ((bits[i / 64] >> (i % 64) & 1) == 0) continue;
      Val value = places_[node.places.front()].cells[i];
      for (std::uint32_t p : node.places)
        if (places_[p].cells[i] != value) value = 0;
      out.push_back({Id<task::Variable>(locals_[i]), task::ValueId(value)});
    }
    for (Var v : problem_.differing)
      if (!std::binary_search(locals_.begin(), locals_.end(), v) && is_open(v)) out.push_back({Id<task::Variable>(v), task::ValueId(state_[v])});
    std::sort(out.begin(), out.end(), [](const Open& a, const Open& b) { return a.variable < b.variable; });
    return out;
  }

  const Model& model_;
  const BackProblem& problem_;
  State& state_;
  std::vector<Val> before_;            // of the locals
  std::vector<Var> locals_;
  std::vector<std::uint32_t> latent_;  // latent rules that read locals
  std::vector<std::uint32_t> felt_;    // entries of disrupts_when that are to be false
  Bound bound_;
  std::size_t words_ = 0;
  std::vector<Bits> achievers_;  // per local
  Bits beyond_;                  // the locals that can't be put back
  std::vector<Place> places_;
  std::unordered_map<std::vector<std::uint32_t>, std::uint32_t, HashVector> known_, seen_;
  std::vector<Node> nodes_;
  using Turn = std::tuple<std::uint32_t, std::uint32_t, std::uint32_t, std::uint32_t>;  // steps in all, to come, open, the one found first
  std::priority_queue<Turn, std::vector<Turn>, std::greater<>> open_;
  std::uint64_t expanded_ = 0;
  bool bound_reached_ = false;
  std::uint32_t best_ = ~0u, best_open_ = 0, least_felt_ = ~0u, felt_open_ = 0;
};

}  // namespace

Back way_back(const Model& model, const BackProblem& problem, State& before) { return Searching(model, problem, before).run(); }

}  // namespace exm::planning
