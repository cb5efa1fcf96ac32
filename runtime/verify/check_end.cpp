// Clauses 4 and 5: what holds at the end, and what is again as it was.
#include <map>
#include <optional>

#include "runtime/verify/clauses.h"
#include "runtime/verify/words.h"

namespace exm::model {
namespace {

using Why = plan::Free::Why;

/// Whether all that the plan is for still holds where some variables are put back alone.
class PutBack {
 public:
  explicit PutBack(const Scene& scene) : model_(scene.model), end_(scene.simulation.end) {
    for (std::size_t w = 0; w < model_.wishes.size(); ++w) note(model_.wishes[w]);
    for (const Rule& rule : model_.rules) {
      if (rule.repaired) note(rule.formula);
    }
  }

  bool breaks_a_wish(const std::vector<int>& variables) {
    std::vector<plan::Value> kept;
    for (const int v : variables) {
      kept.push_back(end_[v]);
      end_[v] = model_.restore[v];
    }
    bool breaks = false;
    for (const int v : variables) {
      for (const Compiled* wish : about_[v]) breaks = breaks || truth(*wish, end_) != Truth::yes;
    }
    for (std::size_t i = 0; i < variables.size(); ++i) end_[variables[i]] = kept[i];
    return breaks;
  }

 private:
  void note(const Compiled& wish) {
    each_variable(wish, [&](int v) {
      if (v >= 0 && (about_[v].empty() || about_[v].back() != &wish)) about_[v].push_back(&wish);
    });
  }

  const Model& model_;
  Values end_;
  std::map<int, std::vector<const Compiled*>> about_;
};

std::string_view why_words(Why why) {
  switch (why) {
    case Why::lasting:
      return "lasting";
    case Why::left:
      return "left";
    case Why::achieved:
      return "achieved";
    case Why::unknown:
      return "unknown";
    case Why::planned:
      return "planned";
  }
  return "";
}

/// Whether the reason that the plan gives for an exception is one. What is left is the author's word.
bool excuses(Why why, int variable, const Model& model, PutBack& put_back) {
  switch (why) {
    case Why::left:
      return true;
    case Why::lasting:
      return model.lasting[variable];
    case Why::planned:
      return model.planned[variable];
    case Why::unknown:
      return model.restore[variable].type == plan::Value::Type::unknown;
    case Why::achieved:
      return put_back.breaks_a_wish({variable});
  }
  return false;
}

std::string last_writer(const Scene& scene, int variable) {
  const auto& writers = scene.writers[variable];
  return writers.empty() ? "" : scene.model.steps[writers.back()].id;
}

std::string difference(const Scene& scene, int v) {
  return "`" + scene.model.names[v] + "` ends as " + words(scene.simulation.end[v]) + ", not as " +
         words(scene.model.restore[v]);
}

/// Why a difference is no exception that the plan may make, or nothing where it is one.
std::optional<Finding> judge(const plan::Plan& plan, const Scene& scene, int v, PutBack& put_back) {
  const auto listed = plan.free.find(scene.model.names[v]);
  const std::string step = last_writer(scene, v);
  if (listed == plan.free.end()) {
    return finding(code::restore, step, "", difference(scene, v) + ", and the plan does not list it as an exception");
  }
  if (!excuses(listed->second.why, v, scene.model, put_back)) {
    return finding(code::restore, step, "",
                   difference(scene, v) + "; the plan calls it \"" + std::string(why_words(listed->second.why)) +
                       "\", which it is not");
  }
  return std::nullopt;
}

/// Variables that can each be put back without harm to a wish, but not two of them together.
void name_either_or(const Scene& scene, const std::vector<int>& loose, PutBack& put_back,
                    std::vector<Finding>& findings) {
  constexpr std::size_t enough = 64;
  for (std::size_t i = 0; i < loose.size() && i < enough; ++i) {
    for (std::size_t j = i + 1; j < loose.size() && j < enough; ++j) {
      if (!put_back.breaks_a_wish({loose[i], loose[j]})) continue;
      findings.push_back(finding(code::either_or, last_writer(scene, loose[i]), "",
                                 "`" + scene.model.names[loose[i]] + "` and `" + scene.model.names[loose[j]] +
                                     "` can each be put back, but not both: no plan restores all that it must"));
    }
  }
}

}  // namespace

void check_wishes(const plan::Plan& plan, const Scene& scene, std::vector<Finding>& findings) {
  const Model& model = scene.model;
  for (std::size_t w = 0; w < model.wishes.size(); ++w) {
    const Compiled& wish = model.wishes[w];
    if (truth(wish, scene.simulation.end) == Truth::yes) continue;
    std::string step;
    each_variable(wish, [&](int v) {
      if (v >= 0 && step.empty()) step = last_writer(scene, v);
    });
    findings.push_back(finding(code::wish, step, "",
                               "the wish `" + words(plan.achieve[w]) + "` is not known to hold at the end: " +
                                   seen_words(model, wish, scene.simulation.end)));
  }
  for (const Rule& rule : model.rules) {
    if (!rule.repaired || truth(rule.formula, scene.simulation.end) == Truth::yes) continue;
    findings.push_back(
        finding(code::repair, "", rule.id, rule.text + " was to be repaired, and is not known to hold at the end"));
  }
}

void check_restored(const plan::Plan& plan, const Scene& scene, std::vector<Finding>& findings) {
  const Model& model = scene.model;
  PutBack put_back(scene);
  std::vector<int> loose;
  for (std::size_t i = 0; i < model.names.size(); ++i) {
    const int v = static_cast<int>(i);
    if (same(scene.simulation.end[i], model.restore[i])) continue;
    auto problem = judge(plan, scene, v, put_back);
    if (!problem) continue;
    findings.push_back(std::move(*problem));
    if (!put_back.breaks_a_wish({v})) loose.push_back(v);
  }
  name_either_or(scene, loose, put_back, findings);
  for (const auto& [name, free] : plan.free) {
    const auto at = model.numbers.find(name);
    if (at == model.numbers.end()) continue;  // said when the plan was numbered
    const plan::Value& end = scene.simulation.end[at->second];
    if (same(free.ends, end)) continue;
    findings.push_back(
        finding(code::free, last_writer(scene, at->second), "",
                "the plan says that `" + name + "` ends as " + words(free.ends) + "; it ends as " + words(end)));
  }
}

}  // namespace exm::model
