#include "runtime/verify/chains.h"

#include <algorithm>
#include <set>
#include <utility>

#include "runtime/verify/closure.h"
#include "runtime/verify/groups.h"
#include "runtime/verify/linear.h"
#include "runtime/verify/tell.h"

namespace exm::model {
namespace {

using State = Lanes::State;

/// Lanes, and the place in which each is.
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
        formula_(projection_.local(question.formula)),
        lanes_(scene, projection_) {
    for (const Fault& fault : question.faults) {
      if (question.at_once > 0) faults_.push_back(projection_.local(fault));
    }
    std::erase_if(faults_, [](const Fault& fault) { return !strikes(fault); });
  }

  /// Whether the sum is at least 0 wherever none of `others` holds; a state where the formula does not hold; or
  /// nothing.
  std::optional<Answer> look(const Linear& sum, const std::vector<Compiled>& others) {
    if (!lanes_.complete()) return std::nullopt;
    groups_ = Groups::of(scene_, projection_, lanes_, sum.terms, {faults_, question_.at_once});
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
  const Course& course(std::size_t lane) const { return lanes_.all()[lane].course; }

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
    for (std::size_t l = 0; l < lanes_.all().size(); ++l) {
      const Step& step = scene_.model.steps[course(l).step];
      weights.push_back(slot_price * static_cast<std::int64_t>(step.acquires.size()));
      weights.push_back(-slot_price * static_cast<std::int64_t>(step.releases.size()));
      const int g = groups_->of_lane(l);
      if (g < 0) continue;
      const std::int64_t inside = groups_->inside(l).priced(fault_price), after = groups_->ended(l).priced(fault_price);
      weights[2 * l] += inside - now[g];
      weights[2 * l + 1] += after - inside;
      now[g] = after;
    }
    auto happened = least_set(weights, held);
    for (std::size_t e = 0; e < weights.size(); ++e) total += happened[e] ? weights[e] : 0;
    return {total, std::move(happened)};
  }

  /// Of the begins (2c) and ends (2c + 1) of all lanes, those of a state that weighs least and is as in the case.
  std::vector<bool> least_set(std::vector<std::int64_t> weights, const Case& held) const {
    for (const auto& [l, place] : held) {
      weights[2 * l] = place == 0 ? decisive : -decisive;
      weights[2 * l + 1] = place == course(l).ended() ? -decisive : decisive;
    }
    for (std::size_t l = 0; l < lanes_.all().size(); ++l) {
      if (lanes_.all()[l].blocked) weights[2 * l] = weights[2 * l + 1] = decisive;
    }
    Closure closure;
    for (std::size_t e = 0; e < weights.size(); ++e) closure.add(weights[e]);
    for (std::size_t l = 0; l < lanes_.all().size(); ++l) {
      const int begun = static_cast<int>(2 * l);
      closure.needs(begun + 1, begun);
      for (const int w : lanes_.all()[l].waits) closure.needs(begun, 2 * w + 1);
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
    for (std::size_t l = 0; l < lanes_.all().size(); ++l) {
      const auto& written = course(l).variables;
      if (std::any_of(written.begin(), written.end(),
                      [&](int v) { return variables.count(projection_.local(v)) > 0; })) {
        about.insert(static_cast<int>(l));
      }
    }
    if (about.size() > most_about) return std::nullopt;
    std::vector<Case> cases{{}};
    for (const int l : about) {
      std::vector<Case> longer;
      for (const Case& held : cases) add_places(held, l, longer);
      if (longer.size() > most_cases) return std::nullopt;
      cases = std::move(longer);
    }
    std::erase_if(cases, [&](const Case& held) {
      Values values = projection_.start();
      for (const auto& [l, place] : held) projection_.show(course(l), place, values);
      return std::any_of(local_others.begin(), local_others.end(),
                         [&](const Compiled& other) { return truth(other, values) == Truth::yes; });
    });
    return cases;
  }

  void add_places(const Case& held, int l, std::vector<Case>& longer) const {
    const bool may_begin = std::all_of(held.begin(), held.end(), [&](const auto& other) {
      const Course& before = course(other.first);
      return other.second == before.ended() || !scene_.order.before(before.step, course(l).step);
    });
    for (int p = 0; p <= (may_begin ? course(l).ended() : 0); ++p) {
      longer.push_back(held);
      longer.back().emplace_back(l, p);
    }
  }

  // Answers.
  std::uint64_t looked_at() const { return groups_->looked_at() + 1; }
  Answer holds() const {
    return {Answer::Kind::holds, looked_at(), {}, {}, true, lanes_.all().empty() ? method::untouched : method::chains};
  }
  /// A state that is looked at: whether the formula fails there, and whether it can be reached.
  std::optional<Answer> broken(const std::vector<bool>& happened, const Case& held) const {
    State state(lanes_.all().size(), u'\0');
    for (std::size_t l = 0; l < lanes_.all().size(); ++l) {
      if (happened[2 * l + 1])
        state[l] = static_cast<char16_t>(course(l).ended());
      else if (happened[2 * l])
        state[l] = static_cast<char16_t>(groups_->of_lane(l) < 0 ? 1 : groups_->inside(l).place);
    }
    for (const auto& [l, place] : held) state[l] = static_cast<char16_t>(place);
    if (truth(formula_, lanes_.values_in(state)) == Truth::yes) return std::nullopt;
    shorten(state);
    const auto sequence = sequence_to(state);
    if (!sequence) return std::nullopt;
    Answer answer{Answer::Kind::broken, looked_at(), trace(state, *sequence), {}, false, method::chains};
    const Values values = lanes_.values_in(state);
    std::set<int> told;
    each_variable(formula_, [&](int v) {
      if (v >= 0 && told.insert(v).second) answer.shown.emplace_back(projection_.variables()[v], values[v]);
    });
    return answer;
  }

  /// Takes back what the formula is broken without, the last steps first.
  void shorten(State& state) const {
    std::vector<bool> waited_for(lanes_.all().size());
    for (std::size_t l = lanes_.all().size(); l-- > 0;) {
      if (state[l] != 0 && !waited_for[l]) {
        for (const int place : {0, groups_->of_lane(l) < 0 ? 0 : groups_->inside(l).place}) {
          const auto was = std::exchange(state[l], static_cast<char16_t>(place));
          if (truth(formula_, lanes_.values_in(state)) != Truth::yes) break;
          state[l] = was;
        }
      }
      if (state[l] == 0) continue;
      for (const int w : lanes_.all()[l].waits) waited_for[w] = true;
    }
  }

  /// The lanes that have begun, in an order in which they can: each after those it waits for, and with the slots that
  /// it takes. Nothing where none is found; without slots there always is one.
  std::optional<std::vector<int>> sequence_to(const State& state) const {
    std::vector<int> sequence;
    State now(state.size(), u'\0');
    for (bool more = true; more;) {
      more = false;
      for (std::size_t l = 0; l < state.size(); ++l) {
        if (now[l] == state[l] || !lanes_.may_begin(now, l)) continue;
        now[l] = state[l];
        sequence.push_back(static_cast<int>(l));
        more = true;
      }
    }
    return now == state ? std::optional(sequence) : std::nullopt;
  }

  std::vector<Event> trace(const State& state, const std::vector<int>& sequence) const {
    Teller teller(scene_);
    Bits relevant(scene_.model.steps.size());
    for (const Lane& lane : lanes_.all()) relevant.add(lane.course.step);
    for (const int l : sequence) {
      teller.tell_before(course(l).step, relevant);
      const std::vector<int> way = way_to(course(l), state[l]);
      for (std::size_t i = 1; i < way.size(); ++i) teller.tell_move(course(l), way[i - 1], way[i]);
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
  Lanes lanes_;
  std::vector<Fault> faults_;
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
