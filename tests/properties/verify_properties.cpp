// The checker against brute force: on thousands of small random plans both must say the same, and a trace must be one
// that can happen, and none shorter.
#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdlib>
#include <set>

#include "runtime/plan/paths.h"
#include "runtime/plan/timeline.h"
#include "runtime/verify/verdict_text.h"
#include "runtime/verify/verify.h"
#include "runtime/verify/words.h"
#include "tests/properties/verify_naive.h"
#include "tests/properties/verify_random.h"

using namespace exm;

namespace {

/// Whatever else is wrong with the plan, the retreats are judged wherever clauses 1 to 3 hold.
std::string retreats_differ(const plan::Plan& plan, const Verdict& verdict) {
  if (!verdict.unjudged.empty()) return "";
  std::string refused;
  for (const Finding& finding : verdict.findings) {
    if (finding.code == code::bound.id) return "";
    if (finding.clause == "7") refused = finding.code;
  }
  const std::string wrong = naive::judge_retreats(plan);
  if (refused.empty() == wrong.empty()) return "";
  return wrong.empty() ? "brute force takes the retreats, not " + refused : "brute force refuses: " + wrong;
}

/// How the two differ, or nothing.
std::string difference(const plan::Plan& plan) {
  const naive::Judgement judgement = naive::judge(plan, 60'000);
  if (judgement.gave_up || judgement.several_ends) return "";
  const Verdict verdict = verify(plan);
  if (verdict.valid != judgement.valid) {
    return verdict.valid ? "brute force refuses it: " + judgement.why : "brute force finds nothing wrong";
  }
  if (judgement.races) return "";
  if (const std::string how = retreats_differ(plan, verdict); !how.empty()) return how;
  std::set<std::string> broken;
  for (const Finding& finding : verdict.findings) {
    if (finding.code != code::rule.id) continue;
    broken.insert(finding.rule);
    if (const auto problem = naive::replay(plan, finding.trace, finding.rule)) return "the trace: " + *problem;
    const auto shortest = judgement.shortest.find(finding.rule);
    if (shortest == judgement.shortest.end()) return "brute force does not break " + finding.rule;
    if (shortest->second != finding.trace.size()) {
      return "there is a trace of " + std::to_string(shortest->second) + " events, not " +
             std::to_string(finding.trace.size());
    }
  }
  for (const auto& [rule, events] : judgement.shortest) {
    if (!broken.count(rule)) return "brute force breaks " + rule;
  }
  return "";
}

void drop_part(plan::Effect& effect, std::size_t& n) {
  for (std::size_t i = 0; i < effect.assignments.size(); ++i) {
    if (n-- == 0) {
      effect.assignments.erase(effect.assignments.begin() + static_cast<std::ptrdiff_t>(i));
      return;
    }
  }
  for (plan::Effect& part : effect.parts) {
    const std::size_t before = n;
    drop_part(part, n);
    if (n > before) return;  // it wrapped: dropped
  }
}

/// The plan with its n-th piece gone; nothing where there are fewer.
bool drop(plan::Plan& plan, std::size_t n) {
  const auto from = [&n](auto& list) {
    if (n < list.size()) {
      list.erase(std::next(list.begin(), static_cast<std::ptrdiff_t>(n)));
      n = static_cast<std::size_t>(-1);
      return true;
    }
    n -= list.size();
    return false;
  };
  if (n < plan.steps.size()) {
    const std::string id = plan.steps[n].id;
    for (plan::Step& step : plan.steps) std::erase(step.after, id);
    return from(plan.steps);
  }
  if (from(plan.steps) || from(plan.rules) || from(plan.achieve) || from(plan.limits.withstand)) return true;
  for (auto& [name, shape] : plan.templates) {
    if (from(shape.requires_) || from(shape.during)) return true;
    const std::size_t before = n;
    drop_part(shape.effects, n);
    if (n > before) return true;
  }
  for (auto& [name, retreat] : plan.retreats) {
    if (from(retreat.steps) || from(retreat.open)) return true;
  }
  return from(plan.disrupts_when);
}

plan::Plan shrunk(plan::Plan plan) {
  for (bool smaller = true; smaller;) {
    smaller = false;
    for (std::size_t n = 0; n < 60; ++n) {
      plan::Plan less = plan;
      if (!drop(less, n)) break;
      if (difference(less).empty()) continue;
      plan = less;
      smaller = true;
      break;
    }
  }
  return plan;
}

std::string outline(const plan::Effect& effect) {
  std::string text;
  for (const plan::Assignment& a : effect.assignments) {
    text += (text.empty() ? "" : ", ") + a.variable + " := " + words(a.to) + (a.when ? " when " + words(*a.when) : "");
  }
  for (const plan::Effect& part : effect.parts) text += (text.empty() ? "" : "; ") + outline(part);
  if (effect.kind == plan::Effect::Kind::sequence) return "seq(" + text + ")";
  return effect.kind == plan::Effect::Kind::any_order ? "all(" + text + ")" : "{" + text + "}";
}

std::string outline(const plan::Plan& plan) {
  std::string text;
  for (const auto& [name, value] : plan::start_world(plan)) text += "start " + name + " = " + words(value) + "\n";
  for (const plan::Step& step : plan.steps) {
    const plan::Template& shape = plan.templates.at(step.step_template);
    text += "step " + step.id + " after";
    for (const std::string& id : step.after) text += " " + id;
    for (const std::string& slot : step.acquires) text += " acquires " + slot;
    for (const std::string& slot : step.releases) text += " releases " + slot;
    for (const plan::Requirement& r : shape.requires_) text += " requires " + words(r.formula);
    text += " during " + outline(plan::Effect{plan::Effect::Kind::together, shape.during, {}}) + " effect " +
            outline(shape.effects) + " on " + shape.on + "\n";
  }
  for (const plan::Rule& rule : plan.rules) {
    text += "rule " + rule.id + (rule.of_steps ? " of steps" : "") + (rule.repaired ? " repaired" : "") + ": " +
            words(rule.formula.formula) + "\n";
  }
  for (const plan::Expression& wish : plan.achieve) text += "achieve " + words(wish) + "\n";
  for (const plan::Fault& fault : plan.faults) text += "fault " + fault.id + " " + outline(fault.effects) + "\n";
  for (const plan::Withstand& w : plan.limits.withstand)
    text += "withstand " + std::to_string(w.n) + " " + w.fault + "\n";
  for (const auto& [name, retreat] : plan.retreats) {
    text += "retreat " + name + ":";
    for (const plan::RetreatStep& step : retreat.steps) {
      const plan::Template& shape = plan.templates.at(step.step_template);
      text += " [" + step.step_template;
      for (const plan::Requirement& r : shape.requires_) text += " requires " + words(r.formula);
      text += " during " + outline(plan::Effect{plan::Effect::Kind::together, shape.during, {}}) + " effect " +
              outline(shape.effects) + " probes";
      for (const plan::Probe& probe : shape.probes) text += " " + probe.variable;
      text += "]";
    }
    for (const auto& [variable, value] : retreat.open) text += " open " + variable + " = " + words(value);
    text += "\n";
  }
  for (const plan::Formula& formula : plan.disrupts_when) text += "disrupts when " + words(formula.formula) + "\n";
  for (const auto& [name, free] : plan.free) text += "free " + name + " ends " + words(free.ends) + "\n";
  return text;
}

int rounds(int usual) {
  const char* asked = std::getenv("EXM_ROUNDS");
  return asked ? std::atoi(asked) : usual;
}

}  // namespace

TEST_CASE("the checker agrees with brute force on random plans") {
  int valid = 0, with_retreats = 0, refused = 0;
  const int n = rounds(2000);
  for (int seed = 1; seed <= n; ++seed) {
    const plan::Plan plan = naive::random_plan(static_cast<std::uint64_t>(seed));
    const std::string how = difference(plan);
    if (!how.empty()) {
      const plan::Plan small = shrunk(plan);
      FAIL_CHECK("seed " << seed << ": " << difference(small) << "\n"
                         << outline(small) << verdict_text(verify(small), small, "plan"));
      if (refused++ > 3) break;
    }
    const Verdict verdict = verify(plan);
    valid += verdict.valid;
    with_retreats += verdict.valid && verdict.retreats > 0;
  }
  INFO("valid plans among them: " << valid << ", with retreats: " << with_retreats);
  CHECK(valid > n / 20);
  CHECK(with_retreats > n / 50);
}

TEST_CASE("the checker's timeline is that of the plan") {
  for (int seed = 1; seed <= rounds(2000); ++seed) {
    const plan::Plan plan = naive::random_plan(static_cast<std::uint64_t>(seed));
    const Verdict verdict = verify(plan);
    if (!verdict.valid) continue;
    INFO("seed " << seed << "\n" << outline(plan));
    CHECK(verdict.measured.duration == plan::duration(plan::timeline(plan)));
  }
}
