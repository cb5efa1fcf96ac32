#include "runtime/verify/together.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "runtime/plan/instantiate.h"
#include "runtime/plan/paths.h"
#include "runtime/verify/clauses.h"
#include "runtime/verify/measure.h"
#include "runtime/verify/observed.h"

namespace exm {
namespace model {
namespace {

/// A step that has to do with something: itself, or by what takes over where it fails.
struct User {
  int step = 0;
  std::string by;  // "", " by its fallback", " on its way back"
  bool writes = false;
};

using Users = std::map<std::size_t, std::vector<User>>;  // by plan

/// What the steps of each plan touch. Between two plans whatever one writes and the other touches is a race.
class Crossings {
 public:
  Crossings(std::span<const NamedPlan> plans, const plan::Plan& all, const Scene& scene, std::vector<Finding>& findings)
      : all_(all), scene_(scene), findings_(findings) {
    int step = 0;
    for (std::size_t p = 0; p < plans.size(); ++p) {
      for (std::size_t i = 0; i < plans[p].plan->steps.size(); ++i) note(p, step++);
    }
  }

  void check() {
    check_states();
    for (const auto& [host, users] : hosts_) check_shared(host, users, code::same_host, "are both on");
    for (const auto& [object, users] : used_) check_shared(object, users, code::shared_use, "both use");
  }

 private:
  void note(std::size_t plan, int s) {
    const Step& step = scene_.model.steps[s];
    note(plan, s, step, "");
    plan::Template shape = plan::instantiate(all_, *step.source);
    std::map<std::string, bool> seen;  // a fallback may have one of its own
    while (shape.fallback && all_.templates.count(shape.fallback->step_template) &&
           seen.emplace(shape.fallback->step_template, true).second) {
      shape = plan::instantiate(all_, *shape.fallback, step.source->args);
      note(plan, s, filled(shape), " by its fallback");
    }
    const auto retreat = all_.retreats.find(step.source->retreat);
    if (retreat == all_.retreats.end()) return;
    for (const plan::RetreatStep& back : retreat->second.steps) {
      if (!all_.templates.count(back.step_template)) continue;
      note(plan, s, filled(plan::instantiate(all_, back, *step.source)), " on its way back");
    }
  }

  Step filled(const plan::Template& shape) const {
    Step step;
    fill_step(step, shape, [&](const std::string& name) {
      const auto at = scene_.model.numbers.find(name);
      return at == scene_.model.numbers.end() ? -1 : at->second;
    });
    return step;
  }

  void note(std::size_t plan, int s, const Step& step, const std::string& by) {
    for (const int v : step.writes) add(states_[v][plan], {s, by, true});
    for (const int v : step.reads) {
      if (!std::binary_search(step.writes.begin(), step.writes.end(), v)) add(states_[v][plan], {s, by, false});
    }
    if (!step.on.empty() && step.on != "controller") add(hosts_[step.on][plan], {s, by, true});
    for (const std::string& object : step.uses) add(used_[object][plan], {s, by, true});
  }

  static void add(std::vector<User>& users, User user) {
    const auto same = [&](const User& other) { return other.step == user.step && other.writes >= user.writes; };
    if (std::none_of(users.begin(), users.end(), same)) users.push_back(std::move(user));
  }

  /// One finding an object and pair of plans, told by the state that is reached with the fewest events.
  void check_states() {
    struct Crossing {
      int variable = -1, more = 0;
      std::pair<User, User> users;
    };
    std::map<std::tuple<std::string, std::size_t, std::size_t>, Crossing> found;
    for (const auto& [v, users] : states_) {
      if (v < 0) continue;
      each_pair(users, [&](std::size_t one, std::size_t other, const std::pair<User, User>& pair) {
        if (!pair.first.writes && !pair.second.writes) return;
        auto& crossing = found[{plan::split_variable(scene_.model.names[v]).object, one, other}];
        crossing.more += crossing.variable >= 0;
        if (crossing.variable >= 0 && events(pair) >= events(crossing.users)) return;
        crossing.variable = v;
        crossing.users = pair;
      });
    }
    for (const auto& [where, crossing] : found) {
      const auto& [a, b] = crossing.users;
      const User &writer = a.writes ? a : b, &user = a.writes ? b : a;
      std::string message = named(scene_.model.steps[writer.step]) + writer.by + " writes `" +
                            scene_.model.names[crossing.variable] + "`, which " +
                            named(scene_.model.steps[user.step]) + user.by + (user.writes ? " writes too" : " reads");
      if (crossing.more > 0)
        message += "; so it is with " + std::to_string(crossing.more) + " more " +
                   (crossing.more == 1 ? "state" : "states") + " of `" + std::get<0>(where) + "`";
      report(code::race, crossing.users, message);
    }
  }

  void check_shared(const std::string& what, const Users& users, const VerdictCode& code, const std::string& how) {
    each_pair(users, [&](std::size_t, std::size_t, const std::pair<User, User>& pair) {
      report(code, pair,
             named(scene_.model.steps[pair.first.step]) + pair.first.by + " and " +
                 named(scene_.model.steps[pair.second.step]) + pair.second.by + " " + how + " `" + what +
                 "`, and two runs do not wait for each other");
    });
  }

  /// Of each two plans the pair of users that clashes with the fewest events; readers count only with a writer.
  template <class Use>
  void each_pair(const Users& users, const Use& use) {
    for (auto one = users.begin(); one != users.end(); ++one) {
      for (auto other = std::next(one); other != users.end(); ++other) {
        const User* best[2] = {nullptr, nullptr};
        const auto prefer = [&](const User& a, const User& b) {
          if (!a.writes && !b.writes) return;
          if (!best[0] || events({a, b}) < events({*best[0], *best[1]})) best[0] = &a, best[1] = &b;
        };
        const User *a = first(one->second, false), *b = first(other->second, false);
        const User *writer = first(one->second, true), *other_writer = first(other->second, true);
        if (writer) prefer(*writer, *b);
        if (other_writer) prefer(*a, *other_writer);
        if (best[0]) use(one->first, other->first, {*best[0], *best[1]});
      }
    }
  }

  const User* first(const std::vector<User>& users, bool writes) {
    const User* best = nullptr;
    for (const User& user : users) {
      if (writes && !user.writes) continue;
      if (!best || events(user.step) < events(best->step)) best = &user;
    }
    return best;
  }

  /// How many events lead to where a step begins, that of its begin included.
  int events(int step) {
    const auto [at, fresh] = events_.emplace(step, 1);
    if (!fresh) return at->second;
    int total = 1;
    for (const int s : scene_.order.sequence()) {
      if (scene_.order.before(s, step)) total += scene_.simulation.runs[s].events();
    }
    return events_[step] = total;
  }
  int events(const std::pair<User, User>& pair) { return events(pair.first.step) + events(pair.second.step); }

  void report(const VerdictCode& code, const std::pair<User, User>& pair, const std::string& message) {
    findings_.push_back(finding(code, scene_.model.steps[pair.first.step].id, "", message));
    for (const int s : {pair.first.step, pair.second.step}) {
      const auto before = before_step(scene_, s);
      auto& trace = findings_.back().trace;
      trace.insert(trace.end(), before.begin(), before.end());
      trace.push_back({Event::What::begins, scene_.model.steps[s].id, {}});
    }
  }

  const plan::Plan& all_;
  const Scene& scene_;
  std::vector<Finding>& findings_;
  std::map<int, Users> states_;
  std::map<std::string, Users> hosts_, used_;
  std::map<int, int> events_;
};

void check_joined(std::span<const NamedPlan> plans, const plan::Plan& all, const Model& numbered,
                  const VerifyBounds& bounds, Verdict& verdict) {
  std::vector<std::vector<int>> after;
  for (const Step& step : numbered.steps) after.push_back(step.after);
  const auto order = Order::of(after);
  if (!order) {
    verdict.findings.push_back(finding(code::cycle, "", "", "the steps wait for each other in a circle"));
    return;
  }
  const Simulation simulation = simulate(numbered, *order);
  const Scene scene = scene_of(numbered, *order, simulation, bounds.states_per_rule);
  verdict.measured = measure(all, numbered, simulation);
  Crossings(plans, all, scene, verdict.findings).check();
  if (!verdict.findings.empty()) return;
  verdict.unjudged = {"7"};  // of the states on ways back, only what they touch is judged
  check_requirements(all, scene, verdict.findings);
  check_rules(all, scene, verdict);
  if (verdict.findings.empty()) check_withstand(all, scene, verdict);
  check_wishes(all, scene, verdict.findings);
  check_restored(all, scene, verdict.findings);
}

}  // namespace
}  // namespace model

Verdict verify_together(std::span<const NamedPlan> plans, const World& observed, const VerifyBounds& bounds) {
  Verdict verdict;
  verdict.together = true;
  verdict.unjudged = {"1", "3", "4", "5", "6", "7"};
  const plan::Plan all = model::joined(plans, verdict.findings);
  if (verdict.findings.empty()) {
    World world = plan::start_world(all);
    for (const auto& [variable, value] : observed) world.insert_or_assign(variable, value);
    model::Model numbered = model::number_plan(all, world, {}, verdict.findings);
    model::leave_alone(all, numbered);
    if (verdict.findings.empty()) model::check_joined(plans, all, numbered, bounds, verdict);
  }
  verdict.valid = verdict.findings.empty();
  verdict.bound_reached = !verdict.valid && std::all_of(verdict.findings.begin(), verdict.findings.end(),
                                                        [](const Finding& f) { return f.code == code::bound.id; });
  return verdict;
}

}  // namespace exm
