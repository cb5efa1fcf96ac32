#include "runtime/verify/reach.h"

#include <algorithm>
#include <optional>
#include <queue>
#include <set>
#include <string_view>
#include <unordered_set>

#include "runtime/verify/tell.h"

namespace exm::model {
namespace {

/// Where each lane stands, and at the end whether the formula binds.
using State = Lanes::State;

struct Visit {
  State state;
  int parent = -1;
};

/// A state of many courses costs more than one: so many moves count as one state.
constexpr std::uint64_t work_per_state = 16;

class Search {
 public:
  Search(const Scene& scene, const Question& question, Purpose purpose, std::uint64_t bound, WithSlots slots)
      : scene_(scene),
        question_(question),
        purpose_(purpose),
        bound_(bound),
        relevant_(scene.model.steps.size()),
        projection_(scene.model, question.formula, question.faults),
        formula_(projection_.local(question.formula)),
        lanes_(scene, projection_, purpose == Purpose::proof ? Silent::left_out : Silent::told, slots) {
    gather_faults();
    for (const Lane& lane : lanes_.all()) relevant_.add(lane.course.step);
  }

  Answer run() {
    if (!lanes_.complete()) return {Answer::Kind::bound_reached, 0, {}, {}};
    add(State(lanes_.all().size() + 1, u'\0'), -1);
    while (!queue_.empty()) {
      const auto [cost, index] = queue_.top();
      queue_.pop();
      if (best_ && cost >= best_->first) break;
      visit(index);
      if (best_ && purpose_ == Purpose::proof) break;
      if (bound_reached()) break;
    }
    const bool all = !bound_reached();
    if (best_) return broken(all && purpose_ == Purpose::shortest_trace);
    return {all ? Answer::Kind::holds : Answer::Kind::bound_reached, visits_.size(), {}, {}, true, how()};
  }

 private:
  const Course& course(std::size_t lane) const { return lanes_.all()[lane].course; }
  std::string_view how() const { return lanes_.all().empty() ? method::untouched : method::enumerated; }

  void gather_faults() {
    for (const Fault& fault : question_.faults) {
      faults_.push_back(projection_.local(fault));
      if (strikes(faults_.back())) hits_.push_back(static_cast<int>(faults_.size()) - 1);
    }
  }

  // The walk.
  bool bound_reached() const { return visits_.size() + struck_ > bound_ || work_ > bound_ * work_per_state; }

  void add(State state, int parent) {
    if (!seen_.insert(state).second) return;
    const int cost = purpose_ == Purpose::proof ? 0 : events(state);
    visits_.push_back({std::move(state), parent});
    queue_.emplace(cost, static_cast<int>(visits_.size()) - 1);
  }

  void visit(int index) {
    State state = visits_[index].state;
    work_ += lanes_.all().size();
    const Values values = lanes_.values_in(state);
    const Truth holds = truth(formula_, values);
    const bool bound = !question_.binds_later || state.back() != 0 || holds == Truth::yes;
    state.back() = bound ? 1 : 0;
    if (bound && holds != Truth::yes) return found(index, {});
    if (bound && question_.at_once > 0) {
      std::vector<int> happened;
      strike(index, values, happened);
    }
    for (std::size_t c = 0; c < lanes_.all().size(); ++c) {
      const Place& place = course(c).places[state[c]];
      if (place.kind == Place::Kind::not_begun && !lanes_.may_begin(state, c)) continue;
      for (const int next : place.next) {
        State moved = state;
        moved[c] = static_cast<char16_t>(next);
        add(std::move(moved), index);
      }
    }
  }

  void strike(int index, const Values& values, std::vector<int>& happened) {
    for (const int fault : hits_) {
      if (bound_reached()) return;
      ++struck_;
      if (std::find(happened.begin(), happened.end(), fault) != happened.end()) continue;
      Values hurt = values;
      model::strike(faults_[fault], hurt);
      happened.push_back(fault);
      if (truth(formula_, hurt) != Truth::yes)
        found(index, happened);
      else if (static_cast<int>(happened.size()) < question_.at_once)
        strike(index, hurt, happened);
      happened.pop_back();
    }
  }

  void found(int index, const std::vector<int>& faults) {
    const int cost = purpose_ == Purpose::proof ? 0 : events(visits_[index].state) + static_cast<int>(faults.size());
    if (!best_ || cost < best_->first) best_ = {cost, {index, faults}};
  }

  /// How many events lead here, whichever the way: those of the steps that must have ended, too.
  int events(const State& state) const {
    Bits needed(scene_.model.steps.size());
    int total = 0;
    for (std::size_t c = 0; c < lanes_.all().size(); ++c) {
      total += course(c).places[state[c]].events;
      if (state[c] != 0) needed.add(scene_.order.ancestors(course(c).step));
    }
    for (std::size_t s = 0; s < scene_.model.steps.size(); ++s) {
      const int step = static_cast<int>(s);
      if (needed.has(step) && !relevant_.has(step)) total += scene_.simulation.runs[s].events();
    }
    return total;
  }

  Answer broken(bool shortest) const {
    Answer answer{Answer::Kind::broken, visits_.size(), {}, {}, shortest};
    std::vector<int> path;
    for (int v = best_->second.first; v >= 0; v = visits_[v].parent) path.push_back(v);
    std::reverse(path.begin(), path.end());
    Teller teller(scene_);
    for (std::size_t i = 1; i < path.size(); ++i) tell(teller, visits_[path[i - 1]].state, visits_[path[i]].state);
    Values values = lanes_.values_in(visits_[path.back()].state);
    tell_faults(teller, values);
    answer.trace = teller.take();
    each_variable(formula_, [&](int v) {
      const std::pair<int, plan::Value> entry{projection_.variables()[v], values[v]};
      for (const auto& [variable, value] : answer.shown) {
        if (variable == entry.first) return;
      }
      answer.shown.push_back(entry);
    });
    return answer;
  }

  void tell(Teller& teller, const State& from, const State& to) const {
    for (std::size_t c = 0; c < lanes_.all().size(); ++c) {
      if (from[c] == to[c]) continue;
      if (from[c] == 0) teller.tell_before(course(c).step, relevant_);
      teller.tell_move(course(c), from[c], to[c]);
    }
  }

  void tell_faults(Teller& teller, Values& values) const {
    for (const int f : best_->second.second) {
      std::vector<Change> told = model::strike(faults_[f], values);
      for (Change& change : told) change.variable = projection_.variables()[change.variable];
      teller.tell_fault(question_.faults[f], told);
    }
  }

  const Scene& scene_;
  const Question& question_;
  const Purpose purpose_;
  const std::uint64_t bound_;
  Bits relevant_;
  Projection projection_;
  Compiled formula_;
  Lanes lanes_;
  std::vector<Fault> faults_;
  std::vector<int> hits_;                // those that touch what is asked
  std::vector<Visit> visits_;
  std::uint64_t struck_ = 0;  // how often faults were tried
  std::uint64_t work_ = 0;    // moves that were looked at
  std::unordered_set<State> seen_;
  using Entry = std::pair<int, int>;  // events, visit
  std::priority_queue<Entry, std::vector<Entry>, std::greater<>> queue_;
  std::optional<std::pair<int, std::pair<int, std::vector<int>>>> best_;  // events, visit, faults
};

}  // namespace

Answer reach(const Scene& scene, const Question& question, Purpose purpose, std::uint64_t bound, WithSlots slots) {
  return Search(scene, question, purpose, bound, slots).run();
}

}  // namespace exm::model
