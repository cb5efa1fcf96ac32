#include "runtime/verify/reach.h"

#include <algorithm>
#include <optional>
#include <queue>
#include <set>
#include <string_view>
#include <unordered_set>

#include "runtime/verify/projection.h"
#include "runtime/verify/tell.h"

namespace exm::model {
namespace {

/// Where each course stands, a place in 16 bits, and at the end whether the formula binds: one compact key.
using State = std::u16string;

struct Visit {
  State state;
  int parent = -1;
};

/// A state of many courses costs more than one: so many moves count as one state.
constexpr std::uint64_t work_per_state = 16;

class Search {
 public:
  Search(const Scene& scene, const Question& question, Purpose purpose, std::uint64_t bound)
      : scene_(scene),
        question_(question),
        purpose_(purpose),
        bound_(bound),
        relevant_(scene.model.steps.size()),
        projection_(scene.model, question.formula, question.faults),
        formula_(projection_.local(question.formula)) {
    gather_faults();
    gather_courses();
  }

  Answer run() {
    if (too_big_) return {Answer::Kind::bound_reached, 0, {}, {}};
    add(State(courses_.size() + 1, u'\0'), -1);
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
  std::string_view how() const { return courses_.empty() ? method::untouched : method::enumerated; }

  void gather_faults() {
    for (const Fault& fault : question_.faults) {
      faults_.push_back(projection_.local(fault));
      if (strikes(faults_.back())) hits_.push_back(static_cast<int>(faults_.size()) - 1);
    }
  }

  void gather_courses() {
    std::set<int> slotted(scene_.slot_steps.begin(), scene_.slot_steps.end()), steps;
    for (const int v : projection_.variables()) steps.insert(scene_.writers[v].begin(), scene_.writers[v].end());
    std::vector<Course> found;
    for (const int s : steps) {
      auto course = course_of(scene_.simulation.runs[s], projection_.variables());
      if (!course) too_big_ = true;
      if (!course || shows_nothing(*course, scene_.simulation.runs[s])) continue;
      course->step = s;
      found.push_back(std::move(*course));
    }
    if (!found.empty()) add_slot_courses(found, slotted);
    std::sort(found.begin(), found.end(), [&](const Course& a, const Course& b) {
      return scene_.order.place(a.step) < scene_.order.place(b.step);
    });
    courses_ = std::move(found);
    std::vector<int> order;
    for (Course& course : courses_) {
      relevant_.add(course.step);
      order.push_back(course.step);
      finish(course);
    }
    waits_ = scene_.order.nearest(order);
  }

  /// Slots couple steps: those that take or give them back have to be walked too.
  void add_slot_courses(std::vector<Course>& found, std::set<int> slotted) const {
    for (const Course& course : found) slotted.erase(course.step);
    for (const int s : slotted) {
      auto course = course_of(scene_.simulation.runs[s], {});
      course->step = s;
      found.push_back(std::move(*course));
    }
  }

  void finish(Course& course) {
    std::vector<int> places;
    for (const int v : course.variables) places.push_back(projection_.local(v));
    if (purpose_ == Purpose::proof) leave_out_silent(course, scene_.simulation.runs[course.step]);
    blocked_.push_back(blocked(scene_, course.step));
    shows_.push_back(std::move(places));
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
    work_ += courses_.size();
    const Values values = shown(state);
    const Truth holds = truth(formula_, values);
    const bool bound = !question_.binds_later || state.back() != 0 || holds == Truth::yes;
    state.back() = bound ? 1 : 0;
    if (bound && holds != Truth::yes) return found(index, {});
    if (bound && question_.at_once > 0) {
      std::vector<int> happened;
      strike(index, values, happened);
    }
    for (std::size_t c = 0; c < courses_.size(); ++c) {
      const Place& place = courses_[c].places[state[c]];
      if (place.kind == Place::Kind::not_begun && !may_begin(state, c)) continue;
      for (const int next : place.next) {
        State moved = state;
        moved[c] = static_cast<char16_t>(next);
        add(std::move(moved), index);
      }
    }
  }

  bool may_begin(const State& state, std::size_t c) const {
    if (blocked_[c]) return false;
    for (const int w : waits_[c]) {
      if (state[w] != courses_[w].ended()) return false;
    }
    const auto& wanted = scene_.model.steps[courses_[c].step].acquires;
    return std::all_of(wanted.begin(), wanted.end(),
                       [&](int slot) { return left(state, slot) >= std::count(wanted.begin(), wanted.end(), slot); });
  }

  int left(const State& state, int slot) const {
    int left = scene_.model.slots[slot];
    for (std::size_t c = 0; c < courses_.size(); ++c) {
      const Step& step = scene_.model.steps[courses_[c].step];
      if (state[c] != 0) left -= static_cast<int>(std::count(step.acquires.begin(), step.acquires.end(), slot));
      if (state[c] == courses_[c].ended()) {
        left += static_cast<int>(std::count(step.releases.begin(), step.releases.end(), slot));
      }
    }
    return left;
  }

  /// Writers of one variable are ordered, so the last that has begun decides.
  Values shown(const State& state) const {
    Values values = projection_.start();
    for (std::size_t c = 0; c < courses_.size(); ++c) {
      const Place& place = courses_[c].places[state[c]];
      for (std::size_t i = 0; i < place.values.size(); ++i) values[shows_[c][i]] = place.values[i];
    }
    return values;
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
    for (std::size_t c = 0; c < courses_.size(); ++c) {
      total += courses_[c].places[state[c]].events;
      if (state[c] != 0) needed.add(scene_.order.ancestors(courses_[c].step));
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
    Values values = shown(visits_[path.back()].state);
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
    for (std::size_t c = 0; c < courses_.size(); ++c) {
      if (from[c] == to[c]) continue;
      if (from[c] == 0) teller.tell_before(courses_[c].step, relevant_);
      teller.tell_move(courses_[c], from[c], to[c]);
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
  bool too_big_ = false;
  Projection projection_;
  Compiled formula_;
  std::vector<Fault> faults_;
  std::vector<int> hits_;                // those that touch what is asked
  std::vector<Course> courses_;          // in the order's sequence
  std::vector<std::vector<int>> shows_;  // by course: where its values go
  std::vector<std::vector<int>> waits_;  // by course: the courses before it
  std::vector<bool> blocked_;            // by course: its step cannot begin
  std::vector<Visit> visits_;
  std::uint64_t struck_ = 0;  // how often faults were tried
  std::uint64_t work_ = 0;    // moves that were looked at
  std::unordered_set<State> seen_;
  using Entry = std::pair<int, int>;  // events, visit
  std::priority_queue<Entry, std::vector<Entry>, std::greater<>> queue_;
  std::optional<std::pair<int, std::pair<int, std::vector<int>>>> best_;  // events, visit, faults
};

}  // namespace

Answer reach(const Scene& scene, const Question& question, Purpose purpose, std::uint64_t bound) {
  return Search(scene, question, purpose, bound).run();
}

}  // namespace exm::model
