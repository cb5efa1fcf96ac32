#include "runtime/verify/retreat_case.h"

#include <algorithm>
#include <set>

#include "runtime/verify/course.h"
#include "runtime/verify/supposed.h"

namespace exm::model {
namespace {

constexpr std::size_t most_states = 512;  // in which the step can have been cut off, to look at each
constexpr int most_side_by_side = 4;      // effects in any order, to look at each order

using What = RetreatProblem::What;

bool known(const plan::Value& value) {
  return value.type != plan::Value::Type::unknown;
}

bool holds(const std::vector<int>& sorted, int number) {
  return std::binary_search(sorted.begin(), sorted.end(), number);
}

std::string key(const Values& values) {
  std::string text;
  for (const plan::Value& value : values) {
    text += static_cast<char>('a' + static_cast<int>(value.type)) + std::to_string(value.number) + value.text + '\n';
    if (!value.elements.empty()) text += '(' + key(value.elements) + ')';
  }
  return text;
}

/// The shape's step with the variables that it has in the case.
Step placed(const RetreatCase::Back& back) {
  const auto number = [&](int v) { return back.variables[v]; };
  const auto place = [&](Assignment& a) {
    a.variable = number(a.variable);
    a.to = renumbered(a.to, number);
    if (a.when) a.when = renumbered(*a.when, number);
  };
  Step step = *back.step;
  for (Compiled& formula : step.requires_) formula = renumbered(formula, number);
  for (Assignment& a : step.during) place(a);
  for (Block& block : step.blocks) std::for_each(block.assignments.begin(), block.assignments.end(), place);
  for (std::vector<int>* list : {&step.reads, &step.writes}) {
    for (int& v : *list) v = number(v);
    std::sort(list->begin(), list->end());
    list->erase(std::unique(list->begin(), list->end()), list->end());
  }
  return step;
}

/// The run without changes that nobody can see: those of variables that are the same before, while and after it.
Run without_silent(Run run) {
  const auto silent = [&](int variable) {
    for (const Either& either : run.begun) {
      if (either.variable != variable || !same(either.during, either.before)) continue;
      for (const Moment& moment : run.moments) {
        for (const Change& change : moment.changes) {
          if (change.variable == variable && !same(change.to, either.before)) return false;
        }
      }
      return true;
    }
    return false;
  };
  std::set<int> quiet;
  for (const Either& either : run.begun) {
    if (silent(either.variable)) quiet.insert(either.variable);
  }
  for (Moment& moment : run.moments) {
    std::erase_if(moment.changes, [&](const Change& change) { return quiet.count(change.variable) > 0; });
  }
  return run;
}

class Judge {
 public:
  explicit Judge(const RetreatCase& retreat)
      : case_(retreat), cut_(without_silent(retreat.cut)), used_(retreat.before.size()) {
    const auto use = [&](int v) { used_[v] = true; };
    for (const RetreatCase::Back& back : retreat.steps) {
      steps_.push_back(placed(back));
      probed_.emplace_back();
      for (const int v : back.probed) probed_.back().insert(back.variables[v]);
      for (const int v : steps_.back().reads) use(v);
      for (const int v : steps_.back().writes) use(v);
    }
    for (const Compiled& rule : retreat.rules) {
      std::set<int> variables;
      each_variable(rule, [&](int v) { variables.insert(v); });
      for (const int v : variables) use(v);
      variables_.emplace_back(variables.begin(), variables.end());
    }
    for (const Compiled& formula : retreat.disruptions) each_variable(formula, use);
  }

  std::optional<RetreatProblem> judge() {
    std::vector<At> states = starts();
    auto problem = walk(states);
    if (!problem && case_.open) problem = check_open(states);
    if (!problem && case_.ends_as_cut) problem = check_end(states);
    if (problem && joined_) problem->what = What::unclear;
    return problem;
  }

 private:
  struct At {
    Values cut, now;
    std::vector<int> ran;
  };

  // Where the step can have been cut off.
  std::vector<At> starts() {
    std::vector<int> looked_at;
    for (const Either& either : cut_.begun) {
      if (used_[either.variable]) looked_at.push_back(either.variable);
    }
    if (auto all = cuts(looked_at, case_.before)) return *std::move(all);
    joined_ = true;
    Values world = case_.before;
    for (const int v : looked_at) world[v] = joined(ends_where_cut_off(v));
    std::vector<int> kept;
    std::optional<std::vector<At>> found = cuts(kept, world);
    for (const int v : looked_at) {
      kept.push_back(v);
      if (auto more = cuts(kept, world)) {
        found = std::move(more);
      } else {
        kept.pop_back();
        if (!known(world[v])) supposed_.add(v, ends_where_cut_off(v));
      }
    }
    return *std::move(found);
  }

  /// Each state that differs in these variables; the others are as in `world`. Nothing where there are too many.
  std::optional<std::vector<At>> cuts(const std::vector<int>& variables, const Values& world) const {
    if (side_by_side(variables) > most_side_by_side) return std::nullopt;
    const auto course = course_of(cut_, variables);
    if (!course) return std::nullopt;
    std::vector<At> found;
    std::set<std::string> seen;
    for (const Place& place : course->places) {
      if (place.kind != Place::Kind::running && place.kind != Place::Kind::cut_off) continue;
      if (!seen.insert(key(place.values)).second) continue;
      if (found.size() == most_states) return std::nullopt;
      found.push_back({world, {}, {}});
      for (std::size_t i = 0; i < course->variables.size(); ++i)
        found.back().cut[course->variables[i]] = place.values[i];
      found.back().now = found.back().cut;
    }
    return found;
  }

  /// How many effects on these variables may happen in any order beside one of them.
  int side_by_side(const std::vector<int>& variables) const {
    std::vector<int> moments;
    for (std::size_t m = 0; m < cut_.moments.size(); ++m) {
      const auto& changes = cut_.moments[m].changes;
      if (std::any_of(changes.begin(), changes.end(), [&](const Change& c) { return holds(variables, c.variable); })) {
        moments.push_back(static_cast<int>(m));
      }
    }
    int most = 0;
    for (const int m : moments) {
      const auto beside = [&](int other) {
        return other != m && !cut_.needs[m].has(other) && !cut_.needs[other].has(m);
      };
      most = std::max(most, static_cast<int>(std::count_if(moments.begin(), moments.end(), beside)));
    }
    return most;
  }

  Values ends_where_cut_off(int variable) const {
    Values values;
    const auto course = course_of(cut_, {variable});
    if (!course) return {case_.before[variable], plan::unknown()};
    for (const Place& place : course->places) {
      if (place.kind == Place::Kind::running || place.kind == Place::Kind::cut_off) values.push_back(place.values[0]);
    }
    return values;
  }

  static plan::Value joined(const Values& values) {
    const bool one =
        std::all_of(values.begin(), values.end(), [&](const plan::Value& v) { return same(v, values[0]); });
    return one ? values[0] : plan::unknown();
  }

  // The retreat, from all these states at once.
  std::optional<RetreatProblem> walk(std::vector<At>& states) {
    for (std::size_t k = 0; k < steps_.size(); ++k) {
      std::vector<At> next;
      std::set<std::string> seen;
      for (At& at : states) {
        const Values before = at.now;
        if (auto problem = take(static_cast<int>(k), at)) return problem;
        if (joined_) supposed_.take(steps_[k], before);
        if (seen.insert(key(at.now)).second) next.push_back(std::move(at));
      }
      states = std::move(next);
    }
    for (const At& at : states) {
      for (std::size_t d = 0; d < case_.disruptions.size(); ++d) {
        if (truth(case_.disruptions[d], at.now) != Truth::no || supposed_.asked_for(case_.disruptions[d], at.now))
          return problem(What::disruption, -1, d, at, at.now);
      }
      for (std::size_t r = 0; r < case_.must_end_kept.size(); ++r) {
        const bool kept = !case_.must_end_kept[r] || truth(case_.rules[r], at.now) == Truth::yes;
        if (!kept) return problem(What::rule, -1, r, at, at.now);
      }
    }
    return std::nullopt;
  }

  static RetreatProblem problem(What what, int step, std::size_t number, const At& at, const Values& seen) {
    return {what, step, static_cast<int>(number), at.cut, seen, at.ran, std::nullopt};
  }

  std::optional<RetreatProblem> take(int k, At& at) const {
    const Step& step = steps_[k];
    const Run run = begin(step, at.now);
    const Truth already = holds_already(k, run, at.now);
    if (already == Truth::yes) return std::nullopt;
    if (already == Truth::unknown) return problem(What::unclear, k, 0, at, at.now);
    for (std::size_t r = 0; r < step.requires_.size(); ++r) {
      if (!supposed_.holds(step.requires_[r], at.now)) return problem(What::requirement, k, r, at, at.now);
    }
    if (const int v = conflict(step, run, at.now); v >= 0) return problem(What::conflict, k, v, at, at.now);
    if (joined_ && (!one_value_each(step, run) || supposed_.asked_for(step, at.now))) return problem(What::unclear, k, 0, at, at.now);
    for (std::size_t r = 0; r < case_.rules.size(); ++r) {
      const auto touched = [&](int v) { return holds(variables_[r], v); };
      if (std::none_of(step.writes.begin(), step.writes.end(), touched)) continue;
      if (auto broken = keep(r, k, run, at)) return broken;
    }
    at.ran.push_back(k);
    for (const Either& either : run.ended) at.now[either.variable] = either.before;
    return std::nullopt;
  }

  /// Its effects hold, and its probes see that they do. What becomes unknown is not looked at. Not known where a joined
  /// state leaves open what the effects are.
  Truth holds_already(int k, const Run& run, const Values& now) const {
    bool some = false;
    for (const Moment& moment : run.moments) {
      for (const Change& change : moment.changes) {
        if (!known(change.to)) continue;
        some = true;
        if (!probed_[k].count(change.variable) || !same(now[change.variable], change.to)) return Truth::no;
      }
    }
    if (!some) return Truth::no;
    return joined_ && !firm(steps_[k], now) ? Truth::unknown : Truth::yes;
  }

  /// Whether all that the effects read is known.
  static bool firm(const Step& step, const Values& now) {
    for (const Block& block : step.blocks) {
      for (const Assignment& a : block.assignments) {
        if (a.when && truth(*a.when, now) == Truth::unknown) return false;
        if (a.to.op != plan::Operator::constant && !known(evaluate(a.to, now))) return false;
      }
    }
    return true;
  }

  /// Whether no variable is given a value twice: then no effects can conflict, whatever is unknown here.
  static bool one_value_each(const Step& step, const Run& run) {
    std::set<int> given;
    for (const Assignment& a : step.during) {
      if (!given.insert(a.variable).second) return false;
    }
    given.clear();
    for (const Moment& moment : run.moments) {
      for (const Change& change : moment.changes) {
        if (!given.insert(change.variable).second) return false;
      }
    }
    return true;
  }

  /// A rule binds from when it first holds. The phases come in an order in which each is after those that lead to it.
  std::optional<RetreatProblem> keep(std::size_t rule, int step, const Run& run, const At& at) const {
    const auto course = course_of(run, variables_[rule], CutOffs::left_out);
    if (!course) return problem(What::unclear, step, rule, at, at.now);
    std::vector<bool> bound(course->places.size());
    bound[0] = truth(case_.rules[rule], at.now) == Truth::yes;
    for (std::size_t p = 0; p < course->places.size(); ++p) {
      Values now = at.now;
      const Place& place = course->places[p];
      for (std::size_t i = 0; i < place.values.size(); ++i) now[course->variables[i]] = place.values[i];
      const Truth holds = truth(case_.rules[rule], now);
      if (bound[p] && holds != Truth::yes) return problem(What::rule, step, rule, at, now);
      if (joined_ && (holds == Truth::unknown || supposed_.asked_for(case_.rules[rule], now)))
        return problem(What::unclear, step, rule, at, now);
      if (holds != Truth::yes) continue;
      for (const int next : place.next) bound[next] = true;
    }
    return std::nullopt;
  }

  // What it leaves.
  std::optional<RetreatProblem> check_open(const std::vector<At>& states) const {
    for (std::size_t v = 0; v < case_.before.size(); ++v) {
      const Values ends = ends_of(v, states);
      const bool open =
          std::any_of(ends.begin(), ends.end(), [&](const plan::Value& end) { return differs(case_.due[v], end); });
      std::optional<plan::Value> value;
      if (open) value = joined(ends);
      const auto& listed = (*case_.open)[v];
      if (value.has_value() == listed.has_value() && (!value || same(*value, *listed))) continue;
      RetreatProblem found = problem(What::open, -1, v, states[0], states[0].now);
      found.ends = value;
      return found;
    }
    return std::nullopt;
  }

  std::optional<RetreatProblem> check_end(const std::vector<At>& states) const {
    Values wanted = case_.before;
    for (const Either& either : case_.cut.ended) wanted[either.variable] = either.before;
    for (std::size_t v = 0; v < wanted.size(); ++v) {
      const Values ends = ends_of(v, states);
      for (std::size_t i = 0; i < ends.size(); ++i) {
        if (same(ends[i], wanted[v])) continue;
        const At& at = states[std::min(i, states.size() - 1)];
        RetreatProblem found = problem(What::end, -1, v, at, at.now);
        found.ends = ends[i];
        return found;
      }
    }
    return std::nullopt;
  }

  /// The values that it ends with, from all phases.
  Values ends_of(std::size_t v, const std::vector<At>& states) const {
    const int variable = static_cast<int>(v);
    const bool untouched = std::any_of(cut_.begun.begin(), cut_.begun.end(),
                                       [&](const Either& e) { return e.variable == variable && !used_[v]; });
    if (untouched) return ends_where_cut_off(variable);
    Values ends;
    for (const At& at : states) ends.push_back(at.now[v]);
    return ends;
  }

  const RetreatCase& case_;
  const Run cut_;
  std::vector<bool> used_;  // by variable: the retreat, a rule or a disruption looks at it
  std::vector<Step> steps_;
  std::vector<std::set<int>> probed_;        // by step of the retreat
  std::vector<std::vector<int>> variables_;  // by rule
  bool joined_ = false;                      // some variables are taken as unknown
  Supposed supposed_;                        // these
};

}  // namespace

std::optional<RetreatProblem> judge(const RetreatCase& retreat) {
  return Judge(retreat).judge();
}

std::vector<RetreatCase::Due> dues_of(const plan::Plan& plan, const Model& model) {
  std::vector<RetreatCase::Due> dues;
  for (std::size_t v = 0; v < model.names.size(); ++v) {
    dues.push_back({model.lasting[v] || model.planned[v] || !known(model.restore[v]), model.restore[v], std::nullopt});
  }
  for (const auto& [name, free] : plan.free) {
    const auto at = model.numbers.find(name);
    if (at == model.numbers.end()) continue;
    if (free.why == plan::Free::Why::left) dues[at->second].free = true;
    if (free.why == plan::Free::Why::achieved) dues[at->second].achieved = free.ends;
  }
  return dues;
}

bool differs(const RetreatCase::Due& due, const plan::Value& ends) {
  return !due.free && !same(ends, due.restore) && !(due.achieved && same(ends, *due.achieved));
}

}  // namespace exm::model
