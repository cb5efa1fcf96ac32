#include "runtime/verify/survey.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <optional>
#include <set>
#include <tuple>

#include "runtime/plan/instantiate.h"
#include "runtime/plan/paths.h"
#include "runtime/verify/clauses.h"
#include "runtime/verify/counted.h"
#include "runtime/verify/lanes.h"
#include "runtime/verify/words.h"

namespace exm {
namespace model {
namespace {

using plan::Operator;

constexpr std::uint64_t most_a_rule = 40'000;  // states

/// What is so at some moments of a lane's step: while it runs or lies cut off, and after it until the next one begins.
struct Marks {
  std::vector<bool> during, after;
  explicit Marks(std::size_t lanes = 0) : during(lanes), after(lanes) {}
  bool any() const {
    return std::count(during.begin(), during.end(), true) + std::count(after.begin(), after.end(), true) > 0;
  }
};

/// All that was seen of one instance of a rule, by lane; instances that are equal but for names share it.
struct Seen {
  bool told = false;
  std::size_t number = 0;
  std::optional<std::int64_t> at_start, nearest;
  Marks near;
  std::vector<Marks> faults;  // by the faults that touch the rule
};

class Surveyor {
 public:
  Surveyor(const plan::Plan& plan, const Scene& scene, std::uint64_t most, Verdict& verdict)
      : scene_(scene), left_(most), verdict_(verdict), faults_(scene.model) {
    for (const plan::Fault& fault : plan.faults) {  // in the order of the model
      if (fault.instances.empty()) titles_.push_back(fault.title);
      for (const auto& objects : fault.instances) titles_.push_back(plan::fill_title(fault.title, objects));
    }
  }

  void look() {
    for (const Rule& rule : scene_.model.rules) {
      if (rule.of_steps || rule.repaired || truth(rule.formula, scene_.model.start) != Truth::yes) continue;
      look_at(rule);
    }
    for (auto& [fault, by_stretch] : exposed_) {
      for (auto& [when, exposed] : by_stretch) {
        const std::string& text = scene_.model.faults[fault].text;
        const std::string shape = text.substr(0, text.find(' ')) + "/" + std::to_string(exposed.shape);
        verdict_.exposure.push_back({text, titles_[fault], shape, exposed.rules, when});
      }
    }
  }

 private:
  void look_at(const Rule& rule) {
    const auto count = counted(rule.formula);
    const std::vector<int> touching = faults_.touching(rule.formula);
    if (touching.empty() && !count) return;
    std::vector<Fault> faults;
    for (const int f : touching) faults.push_back(scene_.model.faults[f]);
    const Projection projection(scene_.model, rule.formula, faults);
    const Lanes lanes(scene_, projection);
    if (!lanes.complete()) verdict_.survey_ended = true;
    if (!lanes.complete() || lanes.all().empty()) return;
    for (Fault& fault : faults) fault = projection.local(fault);
    const Seen& seen = seen_of(rule, lanes, count, faults);
    if (count) tell_headroom(rule, *count, lanes, seen);
    verdict_.survey_ended |= !seen.told && !faults.empty();
    for (std::size_t f = 0; f < faults.size() && seen.told; ++f) {
      if (!seen.faults[f].any()) continue;
      Exposed& exposed = exposed_[touching[f]][stretches(lanes, seen.faults[f])];
      if (!exposed.rules.empty() && exposed.rules.back() == rule.id) continue;
      if (exposed.rules.empty()) exposed.shape = seen.number * 1000 + f;
      exposed.rules.push_back(rule.id);
    }
  }

  void tell_headroom(const Rule& rule, const Counted& count, const Lanes& lanes, const Seen& seen) {
    if (!seen.at_start || !seen.nearest) return;
    Headroom headroom{rule.id, objects_of(rule), count.at_most, count.limit, *seen.at_start, *seen.nearest, {}};
    if (*seen.nearest != *seen.at_start && seen.told) headroom.when = stretches(lanes, seen.near);
    verdict_.headroom.push_back(std::move(headroom));
  }

  const Seen& seen_of(const Rule& rule, const Lanes& lanes, const std::optional<Counted>& count,
                      const std::vector<Fault>& faults) {
    const Compiled formula = lanes.projection().local(rule.formula);
    const auto [at, fresh] = known_.try_emplace(shape_of(lanes, formula, faults));
    if (!fresh) return at->second;
    Seen& seen = at->second;
    seen = measured(lanes, formula, count, faults);
    seen.number = known_.size();
    if (!seen.told && count && seen.at_start) seen.nearest = nearest(*count, *seen.at_start);
    return seen;
  }

  Seen measured(const Lanes& lanes, const Compiled& formula, const std::optional<Counted>& count,
                const std::vector<Fault>& faults) {
    Seen seen;
    const std::size_t n = lanes.all().size();
    seen.near = Marks(n);
    seen.faults.assign(faults.size(), Marks(n));
    std::optional<Compiled> number;
    if (count) number = lanes.projection().local(count->count);
    const Values& start = lanes.projection().start();
    std::vector<bool> always(faults.size());
    for (std::size_t f = 0; f < faults.size(); ++f) always[f] = breaks(formula, faults[f], start);
    if (number) seen.at_start = worst(*number, start, count->at_most);
    seen.nearest = seen.at_start;
    bool known = seen.at_start.has_value();
    std::uint64_t mine = std::min(left_, most_a_rule);
    left_ -= mine;
    seen.told = lanes.walk(mine, [&](const Lanes::State& state, const Values& values) {
      if (mine < 1 + faults.size()) return false;
      mine -= 1 + faults.size();
      if (known) known = note_value(lanes, state, worst(*number, values, count->at_most), count->at_most, seen);
      for (std::size_t f = 0; f < faults.size(); ++f) {
        if (!always[f] && breaks(formula, faults[f], values)) mark(lanes, state, seen.faults[f]);
      }
      return true;
    });
    left_ += mine;
    if (!known) seen.at_start.reset();
    return seen;
  }

  /// Where there are too many states to look at each: the limit that would just be kept, by proof.
  std::int64_t nearest(const Counted& count, std::int64_t at_start) const {
    const auto keeps = [&](std::int64_t limit) {
      const Compiled bound{Operator::constant, plan::integer(limit), -1, {}};
      const Operator op = count.at_most ? Operator::less_equal : Operator::greater_equal;
      return ask(scene_, {Compiled{op, {}, -1, {count.count, bound}}, false, {}, 0}).kind == Answer::Kind::holds;
    };
    std::int64_t kept = count.limit, open = at_start;
    while (kept != open) {
      const std::int64_t middle = count.at_most ? kept - (kept - open + 1) / 2 : kept + (open - kept + 1) / 2;
      if (keeps(middle))
        kept = middle;
      else
        open = count.at_most ? middle + 1 : middle - 1;
    }
    return kept;
  }

  static bool note_value(const Lanes& lanes, const Lanes::State& state, std::optional<std::int64_t> now, bool at_most,
                         Seen& seen) {
    if (!now) return false;
    if (at_most ? *now > *seen.nearest : *now < *seen.nearest) {
      seen.nearest = now;
      seen.near = Marks(lanes.all().size());
    }
    if (*now == *seen.nearest) mark(lanes, state, seen.near);
    return true;
  }

  static bool breaks(const Compiled& formula, const Fault& fault, Values values) {
    strike(fault, values);
    return truth(formula, values) != Truth::yes;
  }

  static void mark(const Lanes& lanes, const Lanes::State& state, Marks& marks) {
    std::vector<bool> last(state.size(), true);  // nothing that waits for it has begun
    for (std::size_t l = 0; l < state.size(); ++l) {
      if (state[l] == 0) continue;
      for (const int w : lanes.all()[l].waits) last[w] = false;
    }
    for (std::size_t l = 0; l < state.size(); ++l) {
      if (state[l] == 0) continue;
      if (state[l] != lanes.all()[l].course.ended())
        marks.during[l] = true;
      else if (last[l])
        marks.after[l] = true;
    }
  }

  /// Steps that follow each other without a gap are one stretch.
  std::vector<Stretch> stretches(const Lanes& lanes, const Marks& marks) const {
    std::vector<int> group(lanes.all().size());
    std::iota(group.begin(), group.end(), 0);
    std::map<int, std::pair<int, int>> found;  // by group: first and last lane
    std::set<int> open;                        // groups that last beyond their last step
    for (std::size_t l = 0; l < lanes.all().size(); ++l) {
      for (const int w : lanes.all()[l].waits) {
        if (marks.after[w] && marks.during[l]) group[l] = std::min(group[l], group[w]);
      }
      if (!marks.during[l] && !marks.after[l]) continue;
      const int lane = static_cast<int>(l);
      const auto [at, fresh] = found.emplace(group[l], std::pair{lane, lane});
      if (!fresh) at->second.second = lane;
      open.erase(group[l]);
      if (marks.after[l]) open.insert(group[l]);
    }
    std::vector<Stretch> when;
    for (const auto& [g, ends] : found) {
      when.push_back({id_of(lanes, ends.first), id_of(lanes, ends.second)});
      if (open.count(g) && !is_waited_for(lanes, ends.second)) when.back().to.clear();
    }
    return when;
  }

  static bool is_waited_for(const Lanes& lanes, int lane) {
    return std::any_of(lanes.all().begin(), lanes.all().end(), [&](const Lane& other) {
      return std::find(other.waits.begin(), other.waits.end(), lane) != other.waits.end();
    });
  }

  const std::string& id_of(const Lanes& lanes, int lane) const {
    return scene_.model.steps[lanes.all()[lane].course.step].id;
  }

  /// "casnlb", where the rule is of one thing and what belongs to it.
  std::string objects_of(const Rule& rule) const {
    const std::size_t at = rule.text.rfind(" of ");
    if (at == std::string::npos) return "";
    const std::string of = rule.text.substr(at + 4);
    return of.substr(0, of.find(", "));
  }

  static std::string shape(const Compiled& e) {
    std::string text = std::to_string(static_cast<int>(e.op)) + ":" + std::to_string(e.variable) + ":" + words(e.value);
    for (const Compiled& operand : e.operands) text += "(" + shape(operand) + ")";
    return text;
  }

  static std::string shape(const Values& values) {
    std::string text;
    for (const plan::Value& v : values) text += std::to_string(static_cast<int>(v.type)) + words(v) + "\x1f";
    return text;
  }

  static std::string shape_of(const Lanes& lanes, const Compiled& formula, const std::vector<Fault>& faults) {
    std::string text = shape(formula) + shape(lanes.projection().start());
    for (const Lane& lane : lanes.all()) {
      text += "\nlane";
      for (const int w : lane.waits) text += " " + std::to_string(w);
      text += "|";
      for (const int v : lane.course.variables) text += " " + std::to_string(lanes.projection().local(v));
      for (const Place& place : lane.course.places) {
        text += "\x1e" + std::to_string(static_cast<int>(place.kind)) + shape(place.values);
        for (const int next : place.next) text += " " + std::to_string(next);
      }
    }
    for (const Fault& fault : faults) {
      text += "\nfault";
      for (const Block& block : fault.blocks) {
        for (const Assignment& a : block.assignments) {
          text += " " + std::to_string(a.variable) + shape(a.to) + (a.when ? "?" + shape(*a.when) : "");
        }
      }
    }
    return text;
  }

  const Scene& scene_;
  std::uint64_t left_;
  Verdict& verdict_;
  FaultIndex faults_;
  std::map<std::string, Seen> known_;         // by the shape of what was looked at
  struct Less {
    bool operator()(const std::vector<Stretch>& a, const std::vector<Stretch>& b) const {
      const auto less = [](const Stretch& x, const Stretch& y) { return std::tie(x.from, x.to) < std::tie(y.from, y.to); };
      return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end(), less);
    }
  };
  struct Exposed {
    std::vector<std::string> rules;
    std::size_t shape = 0;  // of the first of them, and which fault there
  };
  std::vector<std::string> titles_;  // of the faults
  std::map<int, std::map<std::vector<Stretch>, Exposed, Less>> exposed_;
};

}  // namespace

void survey(const plan::Plan& plan, const Scene& scene, std::uint64_t most_states, Verdict& verdict) {
  Surveyor(plan, scene, most_states, verdict).look();
}

}  // namespace model

void survey(const plan::Plan& plan, const World& observed, const std::set<std::string>& done, Verdict& verdict,
            std::uint64_t most_states) {
  if (!verdict.valid) return;
  std::vector<Finding> ignored;
  const model::Model numbered = model::number_plan(plan, observed, done, ignored);
  std::vector<std::vector<int>> after;
  for (const model::Step& step : numbered.steps) after.push_back(step.after);
  const auto order = model::Order::of(after);
  if (!order || !ignored.empty()) return;
  const model::Simulation simulation = model::simulate(numbered, *order);
  const model::Scene scene = model::scene_of(numbered, *order, simulation, most_states);
  model::survey(plan, scene, most_states, verdict);
}

void survey(const plan::Plan& plan, Verdict& verdict) {
  survey(plan, plan::start_world(plan), {}, verdict);
}

}  // namespace exm
