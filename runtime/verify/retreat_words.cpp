// What is wrong with a retreat, and the way there.
#include <algorithm>

#include "runtime/plan/instantiate.h"
#include "runtime/verify/check_retreats.h"
#include "runtime/verify/words.h"

namespace exm::model {
namespace {

using What = RetreatProblem::What;

class Telling {
 public:
  Telling(const Retreating& retreating, const RetreatProblem& problem)
      : r_(retreating), problem_(problem), step_(retreating.scene.model.steps[retreating.step]) {}

  std::string message() const {
    const std::string who = r_.as == Takeover::retreat ? "the retreat from " : "the fallback of ";
    return who + named(step_) + ", cut off " + where() + ", " + what();
  }

  std::vector<Event> trace() const {
    std::vector<Event> events = before_step(r_.scene, r_.step);
    events.push_back({Event::What::begins, step_.id, {}});
    events.push_back({Event::What::is_cut_off, step_.id, changed(world_before(), problem_.cut)});
    // What each of them leaves is not kept: the state where it goes wrong tells the rest.
    for (const int k : problem_.ran) events.push_back({Event::What::ends, name(k), {}});
    if (problem_.step < 0) return events;
    events.push_back({Event::What::begins, name(problem_.step), {}});
    return events;
  }

 private:
  using NamedValues = std::vector<std::pair<std::string, plan::Value>>;

  /// As the journal of a run calls it.
  std::string name(int k) const { return step_.id + "/retreat/" + std::to_string(k + 1); }

  Values world_before() const {
    Values world = problem_.cut;
    const Run& run = r_.scene.simulation.runs[r_.step];
    for (std::size_t i = 0; i < r_.variables.size(); ++i) {
      for (const auto& [variable, value] : run.before) {
        if (variable == r_.variables[i]) world[i] = value;
      }
    }
    return world;
  }

  NamedValues changed(const Values& from, const Values& to) const {
    NamedValues values;
    for (std::size_t i = 0; i < to.size(); ++i) {
      if (!same(from[i], to[i])) values.emplace_back(r_.scene.model.names[r_.variables[i]], to[i]);
    }
    return values;
  }

  std::string where() const {
    constexpr std::size_t most = 6;
    NamedValues values = changed(world_before(), problem_.cut);
    if (values.empty()) return "before it has changed anything";
    const std::size_t more = values.size() > most ? values.size() - most : 0;
    values.resize(std::min(values.size(), most));
    return "where " + words(values) + (more > 0 ? " and " + std::to_string(more) + " more have changed" : "");
  }

  std::string title() const {
    const plan::RetreatStep& step = r_.retreat.steps[problem_.step];
    const std::string title = plan::instantiate(r_.plan, step, *step_.source).title;
    if (r_.as == Takeover::fallback) return title;
    return "its step " + std::to_string(problem_.step + 1) + " (" + title + ")";
  }

  std::string seen(const Compiled& formula) const {
    std::vector<std::pair<int, plan::Value>> values;
    each_variable(formula, [&](int v) {
      const std::pair<int, plan::Value> entry{v, plan::unknown()};
      for (const auto& [known, value] : values) {
        if (known == v) return;
      }
      values.push_back(entry);
      for (std::size_t i = 0; i < r_.variables.size(); ++i) {
        if (r_.variables[i] == v) values.back().second = problem_.seen[i];
      }
    });
    return words(named(r_.scene.model, values));
  }

  Compiled compiled(const plan::Expression& formula) const {
    return compile(formula, [&](const std::string& name) { return r_.scene.model.numbers.at(name); });
  }

  std::string what() const {
    const Model& model = r_.scene.model;
    switch (problem_.what) {
      case What::requirement: {
        const plan::RetreatStep& step = r_.retreat.steps[problem_.step];
        const auto requirement = plan::instantiate(r_.plan, step, *step_.source)
                                     .requires_[static_cast<std::size_t>(problem_.number)];
        const std::string otherwise = requirement.otherwise.empty() ? "" : " (" + requirement.otherwise + ")";
        return "cannot be taken: " + title() + " requires `" + words(requirement.formula) + "`" + otherwise +
               ", which is not known to hold: " + seen(compiled(requirement.formula));
      }
      case What::conflict:
        return "gives `" + model.names[r_.variables[problem_.number]] + "` two different values in " + title();
      case What::rule: {
        const Rule& rule = model.rules[r_.rules[problem_.number]];
        if (problem_.step < 0) return "ends with " + rule.text + " not known to hold: " + seen(rule.formula);
        return "breaks " + rule.text + " in " + title() + ": " + seen(rule.formula);
      }
      case What::disruption: {
        const auto& disruption = model.disruptions[r_.disruptions[problem_.number]];
        return "leaves users disrupted: " + seen(disruption.formula);
      }
      case What::end: {
        const std::string& name = model.names[r_.variables[problem_.number]];
        return "leaves `" + name + "` as " + words(*problem_.ends) + ", and the step would not";
      }
      case What::open:
      case What::unclear:
        break;
    }
    return "starts from too many phases to look at each, and where some states are taken as unknown it is not known to "
           "be valid";
  }

  const Retreating& r_;
  const RetreatProblem& problem_;
  const Step& step_;
};

}  // namespace

Finding tell(const Retreating& retreating, const RetreatProblem& problem, bool traced) {
  const Telling telling(retreating, problem);
  const std::string rule =
      problem.what == What::rule ? retreating.scene.model.rules[retreating.rules[problem.number]].id : "";
  const VerdictCode& broken = retreating.as == Takeover::retreat ? code::retreat : code::fallback;
  const VerdictCode& code = problem.what == What::unclear ? code::bound : broken;
  Finding found = finding(code, retreating.scene.model.steps[retreating.step].id, rule, telling.message());
  if (!traced) return found;
  found.trace = telling.trace();
  found.shortest = false;
  return found;
}

Finding tell_open(const Scene& scene, int step, const std::string& name, const std::optional<plan::Value>& ends,
                  const std::optional<plan::Value>& listed) {
  const Step& from = scene.model.steps[step];
  std::string message = "the retreat from " + named(from);
  if (ends && listed)
    message += " leaves `" + name + "` as " + words(*ends) + ", and lists it as " + words(*listed);
  else if (ends)
    message += " leaves `" + name + "` different, as " + words(*ends) + ", and does not list it";
  else
    message += " lists `" + name + "` as " + words(*listed) + ", which it does not leave different";
  return finding(code::retreat_open, from.id, "", message);
}

}  // namespace exm::model
