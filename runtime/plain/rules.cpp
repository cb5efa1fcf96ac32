// Clause 3, and `withstand` of clause 6: rules in every state that any order, any overlap and any number of cut-offs can reach.
// Only steps that write a variable of the rule count, as these variables show them. All combinations of their places are walked.
#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <unordered_set>

#include "runtime/plain/check.h"

namespace exm::plain {

namespace {

constexpr std::size_t most_states = 200'000;

/// Of each step its place, and at the end whether the rule binds.
using State = std::u16string;

struct Lane {
  const Step& step;
  std::size_t number = 0;  // of the step
  Course course;
  bool ended(char16_t place) const { return place + std::size_t{1} == course.size(); }
};

/// The parts that must all hold for a formula to hold: each is about fewer variables.
void split(const Formula& formula, bool negated, std::vector<Formula>& parts) {
  if (formula.op == Op::negation) return split(formula.parts[0], !negated, parts);
  if (formula.op == (negated ? Op::any : Op::all)) {
    for (const Formula& part : formula.parts) split(part, negated, parts);
  } else {
    parts.push_back(negated ? Formula{Op::negation, nullptr, -1, {formula}} : formula);
  }
}

class Walk {
 public:
  /// Up to so many of the faults happen, wherever the plan has come to.
  Walk(const Played& plan, const Formula& formula, bool binds_later, const std::vector<Effect>& faults, std::size_t at_once, bool slots)
      : plan_(plan), formula_(formula), binds_later_(binds_later), faults_(faults), at_once_(at_once), slots_(slots), world_(plan.model.start) {
    variables_in(formula, variables_);
    for (std::size_t before = 0; before != variables_.size();) {  // what a fault reads decides what it does
      before = variables_.size();
      for (const Effect& fault : faults)
        for (const Block& block : fault)
          for (const Assignment& a : block.assignments) {
            if (!variables_.contains(a.variable)) continue;
            variables_in(a.to, variables_);
            if (a.when) variables_in(*a.when, variables_);
          }
    }
    for (const int s : plan.model.order) add_lane(at(s));
  }

  /// What is wrong, or nothing.
  std::string run(std::size_t& states, bool& not_known) {
    std::unordered_set<State> seen;
    std::deque<State> open{State(lanes_.size() + 1, u'\0')};
    not_known = too_many_places_;
    for (; !open.empty() && !not_known; open.pop_front(), ++states) {
      State state = open.front();
      show(state);
      const bool holds = truth(formula_, world_) == Truth::yes;
      const bool binds = !binds_later_ || state.back() != 0 || holds;
      if (binds && !holds) return where(state) + plain::seen(plan_.model, formula_, world_);
      if (binds && struck(world_, {})) return where(state) + "a fault more breaks it: " + plain::seen(plan_.model, formula_, world_);
      state.back() = binds ? 1 : 0;
      for (std::size_t l = 0; l < lanes_.size(); ++l) {
        if (state[l] == 0 && !may_begin(state, lanes_[l])) continue;
        for (const int next : lanes_[l].course[state[l]].next) {
          State moved = state;
          moved[l] = static_cast<char16_t>(next);
          if (seen.insert(moved).second) open.push_back(std::move(moved));
        }
      }
      not_known = seen.size() + struck_ > most_states;
    }
    return "";
  }

 private:
  /// Slots make steps wait for each other: those that take or give back some count too.
  void add_lane(std::size_t s) {
    const Step& step = plan_.model.steps[s];
    auto places = course(plan_.runs[s], variables_, CutOffs::looked_at);
    too_many_places_ = too_many_places_ || !places;
    if (!places || (places->back().values.empty() && (!slots_ || (step.acquires.empty() && step.releases.empty())))) return;
    lanes_.push_back({step, s, std::move(*places)});
  }

  bool may_begin(const State& state, const Lane& lane) const {
    std::map<std::string, std::int64_t> left;
    if (slots_)
      for (const auto& [name, n] : under(under(plan_.json, "limits"), "slots").items()) left[name] = n;
    for (std::size_t l = 0; l < lanes_.size(); ++l) {
      const bool ended = lanes_[l].ended(state[l]);
      if (!ended && plan_.model.before[lanes_[l].number][lane.number]) return false;
      if (!slots_ || state[l] == 0) continue;
      for (const std::string& slot : lanes_[l].step.acquires) --left[slot];
      for (const std::string& slot : lanes_[l].step.releases) left[slot] += ended ? 1 : 0;
    }
    return !slots_ || std::all_of(lane.step.acquires.begin(), lane.step.acquires.end(), [&](const std::string& slot) { return --left[slot] >= 0; });
  }

  /// Those that write one variable have an order: the last that has begun decides.
  void show(const State& state) {
    for (const int v : variables_) world_[at(v)] = plan_.model.start[at(v)];
    for (std::size_t l = 0; l < lanes_.size(); ++l)
      for (const auto& [variable, value] : lanes_[l].course[state[l]].values) world_[at(variable)] = value;
  }

  bool struck(const World& world, std::set<const Effect*> happened) {
    for (const Effect& fault : faults_) {
      if (happened.size() >= at_once_ || ++struck_ > most_states) return false;
      if (!happened.insert(&fault).second) continue;
      World hurt = world;
      for (const Block& block : fault)
        for (const Change& change : read(block.assignments, world)) {
          Value& value = hurt[at(change.variable)];
          value = change.sure ? change.to : either(value, change.to);
        }
      if (truth(formula_, hurt) != Truth::yes || struck(hurt, happened)) return true;
      happened.erase(&fault);
    }
    return false;
  }

  std::string where(const State& state) const {
    std::string text;
    for (std::size_t l = 0; l < lanes_.size(); ++l)
      if (state[l] != 0) text += "step " + lanes_[l].step.id + (lanes_[l].ended(state[l]) ? " ended, " : " under way or cut off, ");
    return text;
  }

  const Played& plan_;
  const Formula& formula_;
  const bool binds_later_;
  const std::vector<Effect>& faults_;
  const std::size_t at_once_;
  const bool slots_;
  World world_;
  std::set<int> variables_;
  std::vector<Lane> lanes_;
  bool too_many_places_ = false;
  std::size_t struck_ = 0;
};

void check_rule(const Played& plan, const Rule& rule, const std::vector<Effect>& faults, std::size_t at_once, const std::string& clause,
                Report& report) {
  const bool holds = truth(rule.formula, plan.model.start) == Truth::yes;
  if (!holds && !rule.repaired && !rule.of_steps)
    return report.broken.push_back(clause + " is not known to hold before the first step: " + seen(plan.model, rule.formula, plan.model.start));
  std::vector<Formula> parts{rule.formula};  // a rule that does not hold yet binds as a whole, from when it does
  if (holds) parts.clear(), split(rule.formula, false, parts);
  std::size_t states = 0;
  for (const Formula& part : parts) {
    if (holds && at_once == 0 && kept_by_each(plan, part)) continue;
    bool not_known = false;
    // Slots only keep steps from beginning: what holds without them holds with them.
    std::string broken = Walk(plan, part, !holds, faults, at_once, false).run(states, not_known);
    if (!under(under(plan.json, "limits"), "slots").empty() && (not_known || !broken.empty()))
      broken = Walk(plan, part, !holds, faults, at_once, true).run(states, not_known);
    if (!broken.empty()) return report.broken.push_back(clause + " is broken: " + broken);
    if (not_known) return report.open.push_back(fmt::format("{} is not known to hold in every state: it ended after {}", clause, states));
  }
  report.holds.push_back(fmt::format("{}: {} states", clause, states));
}

}  // namespace

void check_rules(const Played& plan, Report& report) {
  for (const Rule& rule : plan.model.rules) check_rule(plan, rule, {}, 0, "clause 3: " + rule.id, report);
  if (!report.valid()) return;
  for (const Json& limit : under(under(plan.json, "limits"), "withstand")) {
    const std::string clause = "clause 6: withstand " + with_keys(limit, "fault n")["n"].dump() + " " + limit["fault"].dump() + ": ";
    for (const Rule& rule : plan.model.rules)
      if (!rule.of_steps) check_rule(plan, rule, plan.model.faults.at(limit["fault"]), limit["n"], clause + rule.id, report);
  }
}

}  // namespace exm::plain
