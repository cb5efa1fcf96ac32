#include "runtime/verify/observed.h"

#include <vector>

#include "runtime/plan/instantiate.h"
#include "runtime/plan/paths.h"

namespace exm::model {
namespace {

void note(const plan::Effect& effect, std::set<std::string>& names) {
  for (const plan::Assignment& a : effect.assignments) names.insert(a.variable);
  for (const plan::Effect& part : effect.parts) note(part, names);
}

}  // namespace

std::set<std::string> written(const plan::Plan& plan) {
  std::set<std::string> names;
  for (const plan::Step& step : plan.steps) {
    if (!plan.templates.count(step.step_template)) continue;
    const plan::Template shape = plan::instantiate(plan, step);
    for (const plan::Assignment& a : shape.during) names.insert(a.variable);
    note(shape.effects, names);
  }
  return names;
}

void leave_alone(const plan::Plan& plan, Model& numbered) {
  const World start = plan::start_world(plan);
  std::vector<std::size_t> otherwise;
  for (std::size_t v = 0; v < numbered.names.size(); ++v) {
    if (!same(numbered.start[v], start.at(numbered.names[v]))) otherwise.push_back(v);
  }
  if (otherwise.empty()) return;
  const std::set<std::string> touched = written(plan);
  for (const std::size_t v : otherwise) {
    if (!touched.count(numbered.names[v])) numbered.restore[v] = numbered.start[v];
  }
}

}  // namespace exm::model
