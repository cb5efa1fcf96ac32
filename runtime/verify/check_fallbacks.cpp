// Clause 7, of fallbacks: another action that takes over where a step fails or times out, wherever the step has come
// to.
#include <algorithm>

#include "runtime/plan/instantiate.h"
#include "runtime/verify/clauses.h"
#include "runtime/verify/words.h"

namespace exm::model {
namespace {

/// What all that has to come before a step leaves.
Values world_before(const Scene& scene, int step) {
  Values world = scene.model.start;
  for (const int s : scene.order.sequence()) {
    if (!scene.order.before(s, step)) continue;
    for (const Either& either : scene.simulation.runs[s].ended) world[either.variable] = either.before;
  }
  return world;
}

void show(const Course& course, const Place& place, Values& world) {
  for (std::size_t i = 0; i < course.variables.size(); ++i) world[course.variables[i]] = place.values[i];
}

class Fallback {
 public:
  Fallback(const plan::Plan& plan, const Scene& scene, int replaced, std::vector<Finding>& findings)
      : plan_(plan), scene_(scene), replaced_(scene.model.steps[replaced]), number_(replaced), findings_(findings) {}

  void check() {
    const auto named_by = plan::instantiate(plan_, *replaced_.source).fallback;
    if (!named_by) return;
    if (!plan_.templates.count(named_by->step_template)) {
      return report("falls back to `" + named_by->step_template + "`, which is no template");
    }
    const plan::Template shape = plan::instantiate(plan_, *named_by, replaced_.source->args);
    bool known = true;
    fill_step(step_, shape, [&](const std::string& name) {
      const auto at = scene_.model.numbers.find(name);
      known = known && at != scene_.model.numbers.end();
      return known ? at->second : 0;
    });
    if (!known)
      return report("falls back to `" + named_by->step_template + "`, which names a state that no object has");
    for (const plan::Probe& probe : shape.probes) {
      const auto at = scene_.model.numbers.find(probe.variable);
      if (at != scene_.model.numbers.end()) probed_.push_back(at->second);
    }
    from_every_place();
  }

 private:
  void from_every_place() {
    const Values before = world_before(scene_, number_);
    const auto course = course_of(scene_.simulation.runs[number_], replaced_.writes);
    if (!course) return report("has too many phases to look at each with its fallback", code::bound);
    for (const Place& place : course->places) {
      if (place.kind == Place::Kind::not_begun || place.kind == Place::Kind::ended) continue;
      Values world = before;
      show(*course, place, world);
      const std::string problem = from(before, world);
      if (problem.empty()) continue;
      return report("falls back to " + step_.action + ", which " + problem + ", where the step has come to " +
                    seen_at(*course, place));
    }
  }

  std::string seen_at(const Course& course, const Place& place) const {
    std::vector<std::pair<int, plan::Value>> values;
    for (std::size_t i = 0; i < course.variables.size(); ++i) values.emplace_back(course.variables[i], place.values[i]);
    return words(named(scene_.model, values));
  }

  /// What is wrong with the fallback from that world, or nothing.
  std::string from(const Values& before, const Values& world) const {
    const Run run = begin(step_, world);
    if (already(run, world)) return ends_alike(before, world);
    for (const Compiled& formula : step_.requires_) {
      if (truth(formula, world) != Truth::yes)
        return "may not begin (" + seen_words(scene_.model, formula, world) + ")";
    }
    const auto course = course_of(run, step_.writes);
    if (!course) return "has too many phases to look at";
    Values now = world;
    for (const Place& place : course->places) {
      if (place.kind != Place::Kind::running && place.kind != Place::Kind::ended) continue;
      show(*course, place, now);
      if (const auto rule = broken(world, now); !rule.empty()) return "breaks " + rule;
    }
    return ends_alike(before, now);
  }

  /// Its effects hold, and probes can see that they do: it does nothing.
  bool already(const Run& run, const Values& world) const {
    bool some = false;
    for (const Moment& moment : run.moments) {
      for (const Change& change : moment.changes) {
        if (change.to.type == plan::Value::Type::unknown) continue;
        some = true;
        const bool probed = std::find(probed_.begin(), probed_.end(), change.variable) != probed_.end();
        if (!probed || !same(world[change.variable], change.to)) return false;
      }
    }
    return some;
  }

  std::string broken(const Values& bound_in, const Values& world) const {
    for (const Rule& rule : scene_.model.rules) {
      if (truth(rule.formula, bound_in) == Truth::yes && truth(rule.formula, world) != Truth::yes) return rule.text;
    }
    return "";
  }

  /// It has to leave what the step would have left.
  std::string ends_alike(const Values& before, const Values& end) const {
    Values wanted = before;
    for (const Either& either : scene_.simulation.runs[number_].ended) wanted[either.variable] = either.before;
    for (std::size_t v = 0; v < wanted.size(); ++v) {
      if (same(end[v], wanted[v])) continue;
      return "leaves `" + scene_.model.names[v] + "` as " + words(end[v]) + " and not as " + words(wanted[v]);
    }
    return "";
  }

  void report(const std::string& what, const VerdictCode& problem = code::fallback) {
    findings_.push_back(finding(problem, replaced_.id, "", named(replaced_) + " " + what));
  }

  const plan::Plan& plan_;
  const Scene& scene_;
  const Step& replaced_;
  const int number_;
  std::vector<Finding>& findings_;
  Step step_;
  std::vector<int> probed_;
};

}  // namespace

void check_fallbacks(const plan::Plan& plan, const Scene& scene, std::vector<Finding>& findings) {
  for (std::size_t s = 0; s < scene.model.steps.size(); ++s) {
    const auto shape = plan.templates.find(scene.model.steps[s].source->step_template);
    if (shape == plan.templates.end() || !shape->second.fallback) continue;
    Fallback(plan, scene, static_cast<int>(s), findings).check();
  }
}

}  // namespace exm::model
