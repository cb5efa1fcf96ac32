#include "runtime/verify/check_retreats.h"

#include <algorithm>
#include <set>

#include "runtime/plan/instantiate.h"
#include "runtime/verify/retreat_cut.h"

namespace exm::model {
namespace {

constexpr int most_traces = 20;  // of a plan that is wrong throughout, a few ways tell enough

/// The effect without nesting that says nothing: parts of its own kind stand in it, and one alone stands for it.
plan::Effect unnested(const plan::Effect& effect) {
  if (effect.kind == plan::Effect::Kind::together) return effect;
  plan::Effect out{effect.kind, {}, {}};
  for (const plan::Effect& nested : effect.parts) {
    const plan::Effect part = unnested(nested);
    if (part.kind == effect.kind)
      out.parts.insert(out.parts.end(), part.parts.begin(), part.parts.end());
    else if (!part.assignments.empty() || !part.parts.empty())
      out.parts.push_back(part);
  }
  return out.parts.size() == 1 ? plan::Effect(out.parts[0]) : out;
}

/// Whether two templates with their slots filled are the same step.
bool same_step(const plan::Template& a, const plan::Template& b) {
  return a.action == b.action && unnested(a.effects) == unnested(b.effects) && a.during == b.during;
}

class Retreats {
 public:
  Retreats(const plan::Plan& plan, const Scene& scene, RetreatsFrom from, std::vector<Finding>& findings)
      : plan_(plan),
        scene_(scene),
        model_(scene.model),
        findings_(findings),
        shapes_(plan, scene.model),
        cutter_(plan, scene),
        different_(scene.model.steps.size()),
        disrupted_(scene.model.steps.size()),
        observed_(from == RetreatsFrom::observed),
        whole_(scene.model.from_start && !observed_) {}

  std::int64_t check() {
    std::int64_t checked = 0;
    for (const int s : scene_.order.sequence()) {
      gather(s);
      const std::string& name = model_.steps[s].source->retreat;
      const auto retreat = plan_.retreats.find(name);
      if (!name.empty() && retreat != plan_.retreats.end()) {
        from(s, retreat->second);
        ++checked;
      } else if (!allowed(model_.steps[s].action)) {
        findings_.push_back(finding(code::no_retreat, model_.steps[s].id, "",
                                    "there is no retreat from " + named(model_.steps[s]) +
                                        ", and the maintenance does not allow that of " + model_.steps[s].action));
      }
    }
    return checked;
  }

 private:
  bool allowed(const std::string& action) const {
    const auto& allow = plan_.limits.allow;
    return std::find(allow.begin(), allow.end(), action) != allow.end();
  }

  /// What is different and what disrupts when a step begins. A state that the last writer before the step left so was
  /// left so to a direct predecessor as well, or by it.
  void gather(int s) {
    std::set<int> variables, disruptions;
    const auto& after = model_.steps[s].after;
    for (const int p : after) {
      variables.insert(different_[p].begin(), different_[p].end());
      disruptions.insert(disrupted_[p].begin(), disrupted_[p].end());
      for (const int v : model_.steps[p].writes) {
        variables.insert(v);
        disruptions.insert(cutter_.disruptions_of(v).begin(), cutter_.disruptions_of(v).end());
      }
    }
    if (after.empty()) gather_start(variables, disruptions);
    for (const int v : variables) {
      if (differs(cutter_.due(v), cutter_.before(s, v))) different_[s].push_back(v);
    }
    for (const int d : disruptions) {
      if (disrupts(s, d)) disrupted_[s].push_back(d);
    }
  }

  void gather_start(std::set<int>& variables, std::set<int>& disruptions) {
    if (!start_) {
      start_.emplace();
      for (std::size_t v = 0; v < model_.names.size(); ++v) {
        const int number = static_cast<int>(v);
        if (differs(cutter_.due(number), model_.start[v])) start_->different.insert(number);
        const auto& about = cutter_.disruptions_of(number);
        start_->disruptions.insert(about.begin(), about.end());
      }
      std::erase_if(start_->disruptions,
                    [&](int d) { return truth(model_.disruptions[d].formula, model_.start) == Truth::no; });
    }
    variables.insert(start_->different.begin(), start_->different.end());
    disruptions.insert(start_->disruptions.begin(), start_->disruptions.end());
  }

  bool disrupts(int s, int d) const {
    const auto& variables = cutter_.variables_of_disruption(d);
    Values values;
    for (const int v : variables) values.push_back(cutter_.before(s, v));
    const Compiled formula = renumbered(model_.disruptions[d].formula, [&](int v) {
      return static_cast<int>(std::find(variables.begin(), variables.end(), v) - variables.begin());
    });
    return truth(formula, values) != Truth::no;
  }

  void from(int s, plan::Retreat retreat) {
    const Step& step = model_.steps[s];
    for (plan::RetreatStep& back : retreat.steps) back = plan::completed(back, *step.source);
    std::vector<const Bound*> back;
    for (std::size_t k = 0; k < retreat.steps.size(); ++k) {
      back.push_back(&shapes_.bind(retreat.steps[k], step.source->objects));
      if (const std::string wrong = unfit(step, retreat.steps[k], *back.back()); !wrong.empty()) {
        return report(finding(back.back()->shape == nullptr ? code::malformed : code::retreat, step.id, "",
                              "the retreat from " + named(step) + " " + wrong));
      }
    }
    Cutting cutting = cutter_.cut(s, std::move(back), &disrupted_[s]);
    const auto open = whole_ ? listed(cutting, retreat) : std::nullopt;
    if (whole_ && !open) return;
    const auto [at, fresh] = judged_.try_emplace(cutting.key);
    if (fresh) {
      RetreatCase made = cutter_.case_of(cutting);
      made.open = open;
      for (const int r : cutting.rules) {
        made.must_end_kept.push_back(observed_ && !model_.rules[r].of_steps && !model_.rules[r].repaired);
      }
      at->second = judge(made);
    }
    if (at->second) tell_problem(cutting, retreat, *at->second, open);
  }

  /// Why a step may be no part of the retreat at all, or nothing.
  std::string unfit(const Step& from, const plan::RetreatStep& step, const Bound& bound) const {
    const auto& forbid = plan_.limits.forbid;
    if (!plan_.templates.count(step.step_template)) {
      return "names `" + step.step_template + "`, which is no template";
    }
    if (bound.shape == nullptr) return "has a `" + step.step_template + "`, which names a state that no object has";
    const std::string& action = bound.shape->step.action;
    if (std::find(forbid.begin(), forbid.end(), action) != forbid.end()) {
      return "takes " + action + ", which is forbidden";
    }
    const bool repeats = action == from.action && same_step(plan::instantiate(plan_, step, *from.source),
                                                            plan::instantiate(plan_, *from.source));
    return repeats ? "repeats the step" : "";
  }

  using Open = std::vector<std::optional<plan::Value>>;

  /// What the plan lists as open, by the case's variables. Where it lists what is outside of the case, or not, it is
  /// told here, and there is nothing.
  std::optional<Open> listed(Cutting& cutting, const plan::Retreat& retreat) {
    const Step& step = model_.steps[cutting.step];
    Open open(cutting.variables.size());
    std::set<int> outside;
    const std::size_t told = findings_.size();
    for (const int v : different_[cutting.step]) {
      if (cutter_.number(v) < 0) outside.insert(v);
    }
    for (const auto& [path, value] : retreat.open) {
      const std::string name = plan::fill(path, step.source->objects);
      const auto at = model_.numbers.find(name);
      if (at == model_.numbers.end()) {
        report(finding(
            code::malformed, step.id, "",
            "the retreat from " + named(step) + " leaves `" + name + "` open, which no object of the plan has"));
      } else if (const int v = cutter_.number(at->second); v >= 0) {
        open[v] = value;
        cutter_.add(cutting, v);
        cutter_.add(cutting, value);
      } else if (outside.erase(at->second) == 0) {
        report(tell_open(scene_, cutting.step, name, std::nullopt, value));
      } else if (const plan::Value& is = cutter_.before(cutting.step, at->second); !same(is, value)) {
        report(tell_open(scene_, cutting.step, name, is, value));
      }
    }
    for (const int v : outside) {
      report(tell_open(scene_, cutting.step, model_.names[v], cutter_.before(cutting.step, v), std::nullopt));
    }
    if (findings_.size() > told) return std::nullopt;
    return open;
  }

  void tell_problem(const Cutting& cutting, const plan::Retreat& retreat, const RetreatProblem& problem,
                    const std::optional<Open>& open) {
    if (problem.what == RetreatProblem::What::open) {
      const std::string& name = model_.names[cutting.variables[problem.number]];
      return report(tell_open(scene_, cutting.step, name, problem.ends, (*open)[problem.number]));
    }
    report(tell({plan_, scene_, cutting.step, Takeover::retreat, retreat, cutting.variables, cutting.rules,
                 cutting.disruptions},
                problem, ++traces_ <= most_traces));
  }

  void report(Finding finding) { findings_.push_back(std::move(finding)); }

  struct Start {
    std::set<int> different, disruptions;
  };

  const plan::Plan& plan_;
  const Scene& scene_;
  const Model& model_;
  std::vector<Finding>& findings_;
  Shapes shapes_;
  Cutter cutter_;
  std::vector<std::vector<int>> different_, disrupted_;  // by step, when it begins
  std::optional<Start> start_;
  std::map<std::string, std::optional<RetreatProblem>> judged_;
  const bool observed_, whole_;
  int traces_ = 0;
};

}  // namespace

World left_open(const plan::Plan& plan, const Model& model) {
  World open;
  const auto dues = dues_of(plan, model);
  for (std::size_t v = 0; v < dues.size(); ++v) {
    if (differs(dues[v], model.start[v])) open[model.names[v]] = model.start[v];
  }
  return open;
}

std::int64_t check_retreats(const plan::Plan& plan, const Scene& scene, RetreatsFrom from,
                            std::vector<Finding>& findings) {
  return Retreats(plan, scene, from, findings).check();
}

}  // namespace exm::model
