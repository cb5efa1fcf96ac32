#include "compiler/driver/expectations.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>

#include "compiler/check/evaluate.h"
#include "compiler/driver/ruled_out.h"
#include "compiler/lower/lower.h"
#include "compiler/solve/retreat.h"
#include "compiler/solve/solve.h"
#include "runtime/verify/survey.h"
#include "runtime/verify/verify.h"

namespace exm {

namespace {

using program::Expect;
using program::ExpectKind;

/// A maintenance's plan, or why there is none.
struct Planned {
  std::optional<task::Task> task;
  Diagnostics diagnostics;  // why there is no task
  Solution solution;
  plan::Plan plan;
  Verdict verdict;
};

Planned planned(const program::Program& program, const program::Test& test, const Limits& limits) {
  Planned out;
  out.task = ground(program, test.maintenance, &test.with, limits, out.diagnostics);
  if (!out.task) return out;
  out.solution = solve(*out.task, limits);
  if (auto* found = std::get_if<Found>(&out.solution)) {
    find_retreats(*out.task, limits, *found);  // a step without one is what the verdict says
    out.plan = lower(program, *out.task, *found, {});
    out.verdict = verify(out.plan);
  }
  return out;
}

/// One test, held against the plan that it is about.
class Judge {
 public:
  Judge(const program::Program& program, const Sources& sources, const program::Test& test, const Planned& planned, const Limits& limits)
      : program_(program), sources_(sources), test_(test), limits_(limits), task_(planned.task), solution_(planned.solution), plan_(planned.plan) {
    for (const auto& d : planned.diagnostics.all()) fail(d.span, d.message);
    for (const auto& finding : planned.verdict.findings) fail(test_.span, "the plan does not hold: " + finding.message);
  }

  std::vector<std::string> failures() {
    if (!task_) return failures_;
    for (const auto& expect : test_.expectations) judge(expect);
    return failures_;
  }

 private:
  void fail(Span span, const std::string& message) { failures_.push_back(sources_.place(span) + ": " + message); }
  const Found* found() const { return std::get_if<Found>(&solution_); }

  void judge(const Expect& expect) {
    if (expect.kind == ExpectKind::no_plan) return judge_no_plan(expect);
    if (!found()) {
      const auto* bound = std::get_if<GaveUp>(&solution_);
      return fail(expect.span, bound ? "the search ended at a bound: " + bound->bound : "there is no plan");
    }
    switch (expect.kind) {
      case ExpectKind::before: return judge_before(expect);
      case ExpectKind::always: return judge_always(expect);
      case ExpectKind::step:
        if (steps_of(*expect.first).empty()) fail(expect.span, "no such step is in the plan: " + call_text(*expect.first));
        return;
      case ExpectKind::no_step:
        if (!steps_of(*expect.first).empty()) fail(expect.span, "such a step is in the plan: " + call_text(*expect.first));
        return;
      case ExpectKind::retreat: return judge_retreat(expect);
      case ExpectKind::headroom: return judge_headroom(expect);
      case ExpectKind::no_plan: return;
    }
  }

  static bool names(const task::Task& task, const Impossible& impossible, const std::string& because) {
    using Kind = task::Constraint::Kind;
    const auto is_it = [&](Id<task::Constraint> c) {
      return task.constraints[c].name == because || (because == "keep" && task.constraints[c].kind == Kind::keep);
    };
    return std::any_of(impossible.conflicts.begin(), impossible.conflicts.end(),
                       [&](const auto& set) { return std::any_of(set.begin(), set.end(), is_it); });
  }

  void judge_no_plan(const Expect& expect) {
    if (found()) return fail(expect.span, "there is a plan");
    const auto* impossible = std::get_if<Impossible>(&solution_);
    if (!impossible) return fail(expect.span, "it is not known whether there is a plan: " + std::get<GaveUp>(solution_).bound);
    if (expect.because.empty() || names(*task_, *impossible, expect.because)) return;
    const auto fuller = with_what_facts_rule_out(program_, *task_, *impossible, &test_.with, limits_);
    if (fuller && names(fuller->task, fuller->impossible, expect.because)) return;
    fail(expect.span, fmt::format("there is no plan, but not because of `{}`", expect.because));
  }

  std::vector<program::Value> arguments(const program::Call<program::Action>& call) const {
    std::vector<program::Value> out;
    for (const auto& a : call.arguments) out.push_back(program::evaluate(program_, a, {}, program::States::at_start));
    return out;
  }

  std::string call_text(const program::Call<program::Action>& call) const {
    std::string out;
    for (const auto& value : arguments(call)) out += (out.empty() ? "" : ", ") + program::to_text(program_, value);
    return fmt::format("{}({})", program_.actions[call.callee].name, out);
  }

  std::vector<std::uint32_t> steps_of(const program::Call<program::Action>& call) const {
    const auto wanted = arguments(call);
    std::vector<std::uint32_t> out;
    for (std::uint32_t s = 0; s < found()->steps.size(); ++s) {
      const auto& op = task_->operators[found()->steps[s].op];
      if (op.action == call.callee && op.arguments == wanted) out.push_back(s);
    }
    return out;
  }

  bool ordered(std::uint32_t first, std::uint32_t second) const {
    const auto& after = found()->steps[second].after;
    return std::any_of(after.begin(), after.end(), [&](std::uint32_t a) { return a == first || (a > first && ordered(first, a)); });
  }

  /// Every step of the one kind is before every step of the other, in every order that the plan allows.
  void judge_before(const Expect& expect) {
    const auto first = steps_of(*expect.first), second = steps_of(*expect.second);
    if (first.empty()) return fail(expect.span, "no such step is in the plan: " + call_text(*expect.first));
    if (second.empty()) return fail(expect.span, "no such step is in the plan: " + call_text(*expect.second));
    for (auto a : first)
      for (auto b : second)
        if (!ordered(a, b)) return fail(expect.span, fmt::format("{} need not come before {}", call_text(*expect.first), call_text(*expect.second)));
  }

  /// The same plan, with what is expected as something to be kept, goes through the checker.
  void judge_always(const Expect& expect) {
    program::Wishes more = test_.with;
    more.keep.push_back({*expect.value, std::nullopt, std::nullopt, expect.span});
    more.locals = std::max(more.locals, expect.locals);
    Diagnostics diagnostics;
    const auto task = ground(program_, test_.maintenance, &more, limits_, diagnostics);
    if (!task) {
      for (const auto& d : diagnostics.all()) fail(expect.span, d.message);
      return;
    }
    const plan::Plan plan = lower(program_, *task, *found(), {});
    for (const auto& finding : verify(plan).findings) fail(expect.span, finding.message);
  }

  void judge_retreat(const Expect& expect) {
    const auto steps = steps_of(*expect.first);
    if (steps.empty()) return fail(expect.span, "no such step is in the plan: " + call_text(*expect.first));
    for (auto s : steps)
      if (plan_.steps[s].retreat.empty()) return fail(expect.span, "no way back is recorded from " + call_text(*expect.first));
  }

  /// How far every count that the rule is about stays from its limit, in every state that the plan can reach.
  void judge_headroom(const Expect& expect) {
    const auto wanted = program::evaluate(program_, *expect.value, {}, program::States::at_start).number;
    Verdict verdict = verify(plan_);
    survey(plan_, verdict);
    bool any = false;
    for (const Headroom& h : verdict.headroom) {
      const bool shape_of_it = h.rule.starts_with(expect.because + "_") && h.rule.find_first_not_of("0123456789", expect.because.size() + 1) == std::string::npos;
      if (h.rule != expect.because && !shape_of_it) continue;
      any = true;
      const auto room = h.at_most ? h.limit - h.nearest : h.nearest - h.limit;
      if (room >= wanted) continue;
      return fail(expect.span, fmt::format("the headroom of `{}`{} is {}, not {}: {} where {} {}", expect.because, h.of.empty() ? "" : " of " + h.of, room,
                                           wanted, h.nearest, h.limit, h.at_most ? "are allowed" : "are needed"));
    }
    if (!any) fail(expect.span, fmt::format("`{}` is no rule of this plan that counts", expect.because));
  }

  const program::Program& program_;
  const Sources& sources_;
  const program::Test& test_;
  const Limits& limits_;
  const std::optional<task::Task>& task_;
  const Solution& solution_;
  const plan::Plan& plan_;
  std::vector<std::string> failures_;
};

}  // namespace

std::vector<TestResult> run_tests(const program::Program& program, const Sources& sources, const Limits& limits, Touched& touched) {
  std::vector<TestResult> out;
  std::map<Id<program::Maintenance>, Planned> as_it_is;  // tests that add nothing share the plan
  for (const auto& test : program.tests) {
    std::optional<Planned> own;
    if (!test.with.empty()) own = planned(program, test, limits);
    else if (!as_it_is.contains(test.maintenance)) as_it_is.emplace(test.maintenance, planned(program, test, limits));
    const Planned& plan = own ? *own : as_it_is.at(test.maintenance);
    if (plan.task) touch(*plan.task, plan.solution, plan.plan, touched);
    out.push_back({test.title, program.maintenances[test.maintenance].name, Judge(program, sources, test, plan, limits).failures()});
  }
  return out;
}

}  // namespace exm
