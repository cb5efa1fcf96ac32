#include "runtime/verify/chains.h"

#include <algorithm>
#include <set>
#include <utility>

#include "runtime/verify/closure.h"
#include "runtime/verify/groups.h"
#include "runtime/verify/linear.h"
#include "runtime/verify/projection.h"
#include "runtime/verify/tell.h"

namespace exm::model {
namespace {

/// Courses, and the place in which each is.
using Case = std::vector<std::pair<int, int>>;

constexpr std::size_t most_about = 6, most_cases = 4'096;
constexpr std::int64_t decisive = -hopeless << 14;  // more than all that is not

/// The sums of which one has to be at least 0, as one: in no state are all of them below where this is at least 0.
Linear joined(const std::vector<Linear>& sums) {
  Linear all;
  for (const Linear& sum : sums) {
    all.constant += sum.constant + 1;
    all.terms.insert(all.terms.end(), sum.terms.begin(), sum.terms.end());
  }
  all.constant -= 1;
  return all;
}

class Chains {
 public:
  Chains(const Scene& scene, const Question& question)
      : scene_(scene),
        question_(question),
        projection_(scene.model, question.formula, question.faults),
        formula_(projection_.local(question.formula)) {
    gather_courses();
    for (const Fault& fault : question.faults) {
      if (question.at_once > 0) faults_.push_back(projection_.local(fault));
    }
    std::erase_if(faults_, [](const Fault& fault) { return !strikes(fault); });
  }

  /// Whether the sum is at least 0 wherever none of `others` holds; a state where the formula does not hold; or
  /// nothing.
  std::optional<Answer> look(const Linear& sum, const std::vector<Compiled>& others) {
    if (unclear_) return std::nullopt;
    groups_ = Groups::of(scene_, projection_, courses_, sum.terms, {faults_, question_.at_once});
    if (!groups_) return std::nullopt;
    if (!others.empty() && !faults_.empty()) return std::nullopt;  // a fault may be what makes the others not hold
    const auto cases = cases_without(others);
    if (!cases) return std::nullopt;
    for (const Case& held : *cases) {
      if (const auto happened = below_zero(sum, held)) return broken(*happened, held);
    }
    return holds();
  }

 private:
  void gather_courses() {
    std::set<int> steps(scene_.slot_steps.begin(), scene_.slot_steps.end());
    for (const int v : projection_.variables()) steps.insert(scene_.writers[v].begin(), scene_.writers[v].end());
    for (const int s : steps) {
      if (blocked(scene_, s)) continue;
      auto course = course_of(scene_.simulation.runs[s], projection_.variables());
      unclear_ |= !course;
      if (!course) continue;
      const Step& step = scene_.model.steps[s];
      const bool slots = !step.acquires.empty() || !step.releases.empty();
      if (!slots && shows_nothing(*course, scene_.simulation.runs[s])) continue;
      course->step = s;
      courses_.push_back(std::move(*course));
    }
    std::sort(courses_.begin(), courses_.end(), [&](const Course& a, const Course& b) {
      return scene_.order.place(a.step) < scene_.order.place(b.step);
    });
    std::vector<int> order;
    for (const Course& course : courses_) order.push_back(course.step);
    waits_ = scene_.order.nearest(order);
  }

  // Budgets, and what one unit of each is charged.
  std::vector<std::int64_t> fault_prices() const {
    std::vector<std::int64_t> prices{0};
    if (!faults_.empty()) prices = {0, 1, groups_->largest_drop()};
    return prices;
  }

  std::vector<std::int64_t> slot_prices() const {
    if (scene_.slot_steps.empty()) return {0};
    return {0, 1, groups_->largest_drop()};
  }

  /// The events of a state in which the sum may be below 0; nothing where it cannot be.
  std::optional<std::vector<bool>> below_zero(const Linear& sum, const Case& held) const {
    std::optional<std::vector<bool>> first;
    for (const std::int64_t fault_price : fault_prices()) {
      for (const std::int64_t slot_price : slot_prices()) {
        auto [least, happened] = least_at(fault_price, slot_price, held);
        if (sum.constant + least >= 0) return std::nullopt;
        if (!first) first = std::move(happened);
      }
    }
    return first;
  }

  std::pair<std::int64_t, std::vector<bool>> least_at(std::int64_t fault_price, std::int64_t slot_price,
                                                      const Case& held) const {
    std::vector<std::int64_t> now, weights;
    std::int64_t total = -fault_price * question_.at_once;
    for (const int free : scene_.model.slots) total -= slot_price * free;
    for (const Spot& start : groups_->starts()) {
      now.push_back(start.priced(fault_price));
      total += now.back();
    }
    for (std::size_t c = 0; c < courses_.size(); ++c) {
      const Step& step = scene_.model.steps[courses_[c].step];
      weights.push_back(slot_price * static_cast<std::int64_t>(step.acquires.size()));
      weights.push_back(-slot_price * static_cast<std::int64_t>(step.releases.size()));
      const int g = groups_->of_course(c);
      if (g < 0) continue;
      const std::int64_t inside = groups_->inside(c).priced(fault_price), after = groups_->ended(c).priced(fault_price);
      weights[2 * c] += inside - now[g];
      weights[2 * c + 1] += after - inside;
      now[g] = after;
    }
    auto happened = least_set(weights, held);
    for (std::size_t e = 0; e < weights.size(); ++e) total += happened[e] ? weights[e] : 0;
    return {total, std::move(happened)};
  }

  /// Of the begins (2c) and ends (2c + 1) of all courses, those of a state that weighs least and is as in the case.
  std::vector<bool> least_set(std::vector<std::int64_t> weights, const Case& held) const {
    for (const auto& [c, place] : held) {
      weights[2 * c] = place == 0 ? decisive : -decisive;
      weights[2 * c + 1] = place == courses_[c].ended() ? -decisive : decisive;
    }
    Closure closure;
    for (std::size_t e = 0; e < weights.size(); ++e) closure.add(weights[e]);
    for (std::size_t c = 0; c < courses_.size(); ++c) {
      const int begun = static_cast<int>(2 * c);
      closure.needs(begun + 1, begun);
      for (const int w : waits_[c]) closure.needs(begun, 2 * w + 1);
    }
    return closure.least().happened;
  }

  // Parts of the formula that are no sums: every way in which none of them holds is looked at by itself.
  std::optional<std::vector<Case>> cases_without(const std::vector<Compiled>& others) const {
    std::vector<Compiled> local_others;
    std::set<int> variables, about;
    for (const Compiled& other : others) {
      local_others.push_back(projection_.local(other));
      each_variable(local_others.back(), [&](int v) { variables.insert(v); });
    }
    for (std::size_t c = 0; c < courses_.size(); ++c) {
      const auto& written = courses_[c].variables;
      if (std::any_of(written.begin(), written.end(),
                      [&](int v) { return variables.count(projection_.local(v)) > 0; })) {
        about.insert(static_cast<int>(c));
      }
    }
    if (about.size() > most_about) return std::nullopt;
    std::vector<Case> cases{{}};
    for (const int c : about) {
      std::vector<Case> longer;
      for (const Case& held : cases) add_places(held, c, longer);
      if (longer.size() > most_cases) return std::nullopt;
      cases = std::move(longer);
    }
    std::erase_if(cases, [&](const Case& held) {
      Values values = projection_.start();
      for (const auto& [c, place] : held) projection_.show(courses_[c], place, values);
      return std::any_of(local_others.begin(), local_others.end(),
                         [&](const Compiled& other) { return truth(other, values) == Truth::yes; });
    });
    return cases;
  }

  void add_places(const Case& held, int c, std::vector<Case>& longer) const {
    const bool may_begin = std::all_of(held.begin(), held.end(), [&](const auto& other) {
      const Course& before = courses_[other.first];
      return other.second == before.ended() || !scene_.order.before(before.step, courses_[c].step);
    });
    for (int p = 0; p <= (may_begin ? courses_[c].ended() : 0); ++p) {
      longer.push_back(held);
      longer.back().emplace_back(c, p);
    }
  }

  // Answers.
  std::uint64_t looked_at() const { return groups_->looked_at() + 1; }
  Answer holds() const {
    return {Answer::Kind::holds, looked_at(), {}, {}, true, courses_.empty() ? method::untouched : method::chains};
  }
  /// A state that is looked at: whether the formula fails there, and whether it can be reached.
  std::optional<Answer> broken(const std::vector<bool>& happened, const Case& held) const {
    std::vector<int> state(courses_.size());
    for (std::size_t c = 0; c < courses_.size(); ++c) {
      if (happened[2 * c + 1])
        state[c] = courses_[c].ended();
      else if (happened[2 * c])
        state[c] = groups_->of_course(c) < 0 ? 1 : groups_->inside(c).place;
    }
    for (const auto& [c, place] : held) state[c] = place;
    if (truth(formula_, shown(state)) == Truth::yes) return std::nullopt;
    shorten(state);
    const auto sequence = sequence_to(state);
    if (!sequence) return std::nullopt;
    Answer answer{Answer::Kind::broken, looked_at(), trace(state, *sequence), {}, false, method::chains};
    const Values values = shown(state);
    std::set<int> told;
    each_variable(formula_, [&](int v) {
      if (v >= 0 && told.insert(v).second) answer.shown.emplace_back(projection_.variables()[v], values[v]);
    });
    return answer;
  }

  Values shown(const std::vector<int>& state) const {
    Values values = projection_.start();
    for (std::size_t c = 0; c < courses_.size(); ++c) projection_.show(courses_[c], state[c], values);
    return values;
  }

  /// Takes back what the formula is broken without, the last steps first.
  void shorten(std::vector<int>& state) const {
    std::vector<bool> waited_for(courses_.size());
    for (std::size_t c = courses_.size(); c-- > 0;) {
      if (state[c] != 0 && !waited_for[c]) {
        for (const int place : {0, groups_->of_course(c) < 0 ? 0 : groups_->inside(c).place}) {
          const int was = std::exchange(state[c], place);
          if (truth(formula_, shown(state)) != Truth::yes) break;
          state[c] = was;
        }
      }
      if (state[c] == 0) continue;
      for (const int w : waits_[c]) waited_for[w] = true;
    }
  }

  /// The courses that have begun, in an order in which they can: each after those it waits for, and with the slots that
  /// it takes. Nothing where none is found; without slots there always is one.
  std::optional<std::vector<int>> sequence_to(const std::vector<int>& state) const {
    std::vector<int> sequence, free = scene_.model.slots;
    std::vector<bool> over(courses_.size());
    for (std::size_t c = 0; c < courses_.size(); ++c) over[c] = state[c] == 0;
    const auto can_begin = [&](std::size_t c) {
      const auto& wanted = scene_.model.steps[courses_[c].step].acquires;
      return std::all_of(waits_[c].begin(), waits_[c].end(), [&](int w) { return over[w]; }) &&
             std::all_of(wanted.begin(), wanted.end(),
                         [&](int slot) { return free[slot] >= std::count(wanted.begin(), wanted.end(), slot); });
    };
    for (bool more = true; more;) {
      more = false;
      for (std::size_t c = 0; c < courses_.size(); ++c) {
        if (over[c] || !can_begin(c)) continue;
        const Step& step = scene_.model.steps[courses_[c].step];
        for (const int slot : step.acquires) --free[slot];
        if (state[c] == courses_[c].ended()) {
          for (const int slot : step.releases) ++free[slot];
        }
        sequence.push_back(static_cast<int>(c));
        over[c] = more = true;
      }
    }
    if (std::find(over.begin(), over.end(), false) != over.end()) return std::nullopt;
    return sequence;
  }

  std::vector<Event> trace(const std::vector<int>& state, const std::vector<int>& sequence) const {
    Teller teller(scene_);
    Bits relevant(scene_.model.steps.size());
    for (const Course& course : courses_) relevant.add(course.step);
    for (const int c : sequence) {
      teller.tell_before(courses_[c].step, relevant);
      const std::vector<int> way = way_to(courses_[c], state[c]);
      for (std::size_t i = 1; i < way.size(); ++i) teller.tell_move(courses_[c], way[i - 1], way[i]);
    }
    return teller.take();
  }

  /// From "not begun" to that place, over as few places as can be.
  static std::vector<int> way_to(const Course& course, int place) {
    std::vector<int> from(course.places.size(), -1), queue{0};
    for (std::size_t i = 0; i < queue.size(); ++i) {
      for (const int next : course.places[queue[i]].next) {
        if (next == 0 || from[next] >= 0) continue;
        from[next] = queue[i];
        queue.push_back(next);
      }
    }
    std::vector<int> way{place};
    while (way.back() != 0) way.push_back(from[way.back()]);
    std::reverse(way.begin(), way.end());
    return way;
  }

  const Scene& scene_;
  const Question& question_;
  Projection projection_;
  Compiled formula_;
  bool unclear_ = false;  // a step has too many places to write down
  std::vector<Fault> faults_;
  std::vector<Course> courses_;          // in the order's sequence
  std::vector<std::vector<int>> waits_;  // by course: the nearest courses before it
  std::optional<Groups> groups_;
};

/// Sums and other formulas of which one has to hold.
struct Part {
  std::vector<Linear> sums;
  std::vector<Compiled> others;
};

/// What must all hold for the formula to hold; nothing where that has no sums.
std::vector<Part> parts(const Compiled& formula) {
  std::vector<Part> all;
  if (formula.op != plan::Operator::or_) {
    for (Linear& sum : linear(formula)) all.push_back({{std::move(sum)}, {}});
    return all;
  }
  Part any;
  for (const Compiled& operand : formula.operands) {
    std::vector<Linear> sums = linear(operand);
    if (sums.size() == 1)
      any.sums.push_back(std::move(sums[0]));
    else
      any.others.push_back(operand);
  }
  if (!any.sums.empty()) all.push_back(std::move(any));
  return all;
}

/// Each of the sums alone may be enough, or all of them together.
std::optional<Answer> look_at(const Scene& scene, const Question& question, const Part& part) {
  std::vector<Linear> attempts;
  for (const Linear& sum : part.sums) attempts.push_back(sum);
  if (part.sums.size() > 1) attempts.push_back(joined(part.sums));
  for (const Linear& sum : attempts) {
    if (auto answer = Chains(scene, question).look(sum, part.others)) return answer;
  }
  return std::nullopt;
}

}  // namespace

std::optional<Answer> least_by_chains(const Scene& scene, const Question& question) {
  if (question.binds_later) return std::nullopt;
  const std::vector<Part> all = parts(question.formula);
  Answer sum_up{Answer::Kind::holds, 0, {}, {}, true, method::untouched};
  for (const Part& part : all) {
    const auto answer = look_at(scene, question, part);
    if (!answer || answer->kind == Answer::Kind::broken) return answer;
    sum_up.states += answer->states;
    if (answer->method != method::untouched) sum_up.method = answer->method;
  }
  return all.empty() ? std::nullopt : std::optional(sum_up);
}

}  // namespace exm::model
