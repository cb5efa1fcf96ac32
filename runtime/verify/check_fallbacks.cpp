// Clause 7, of fallbacks: another action that takes over where a step fails or times out, wherever the step has come
// to. It is a retreat of one step that ends where the step would have.
#include "runtime/plan/instantiate.h"
#include "runtime/verify/check_retreats.h"
#include "runtime/verify/retreat_cut.h"

namespace exm::model {
namespace {

class Fallbacks {
 public:
  Fallbacks(const plan::Plan& plan, const Scene& scene, std::vector<Finding>& findings)
      : plan_(plan), scene_(scene), findings_(findings), shapes_(plan, scene.model), cutter_(plan, scene) {}

  void check(int s, const plan::Fallback& fallback) {
    const plan::Step& source = *scene_.model.steps[s].source;
    plan::RetreatStep step{fallback.step_template, {}, source.args, {}};
    for (const std::string& object : fallback.objects) {
      step.objects.push_back(plan::fill(object, source.objects, source.args));
    }
    const std::string to = "falls back to `" + fallback.step_template + "`, which ";
    if (!plan_.templates.count(fallback.step_template)) return report(s, to + "is no template");
    const Bound& bound = shapes_.bind(step, {});
    if (bound.shape == nullptr) return report(s, to + "names a state that no object has");
    const Cutting cutting = cutter_.cut(s, {&bound}, nullptr);
    const auto [at, fresh] = judged_.try_emplace(cutting.key);
    if (fresh) {
      RetreatCase made = cutter_.case_of(cutting);
      made.ends_as_cut = true;
      at->second = judge(made);
    }
    if (!at->second) return;
    const plan::Retreat taken{{step}, {}};
    findings_.push_back(
        tell({plan_, scene_, s, Takeover::fallback, taken, cutting.variables, cutting.rules, {}}, *at->second, false));
  }

 private:
  void report(int s, const std::string& what) {
    const Step& step = scene_.model.steps[s];
    findings_.push_back(finding(code::fallback, step.id, "", named(step) + " " + what));
  }

  const plan::Plan& plan_;
  const Scene& scene_;
  std::vector<Finding>& findings_;
  Shapes shapes_;
  Cutter cutter_;
  std::map<std::string, std::optional<RetreatProblem>> judged_;
};

}  // namespace

void check_fallbacks(const plan::Plan& plan, const Scene& scene, std::vector<Finding>& findings) {
  std::optional<Fallbacks> fallbacks;
  for (std::size_t s = 0; s < scene.model.steps.size(); ++s) {
    const auto shape = plan.templates.find(scene.model.steps[s].source->step_template);
    if (shape == plan.templates.end() || !shape->second.fallback) continue;
    if (!fallbacks) fallbacks.emplace(plan, scene, findings);
    fallbacks->check(static_cast<int>(s), *shape->second.fallback);
  }
}

}  // namespace exm::model
