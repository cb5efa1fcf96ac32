// The planner against brute force: on small random tasks each plan is one, each "no plan" is true, each measure that is
// called least is, each bound is below all plans, and each conflict is irreducible.
#include <catch2/catch.hpp>

#include <cstdlib>
#include <functional>

#include "compiler/solve/solve.h"
#include "runtime/plan/timeline.h"
#include "runtime/verify/verdict_text.h"
#include "runtime/verify/verify.h"
#include "tests/properties/task_plan.h"
#include "tests/properties/task_random.h"
#include "tests/properties/task_search.h"
#include "tests/properties/verify_naive.h"

using namespace exm;
using naive::Explored;
using naive::Shape;

namespace {

int rounds(int usual) {
  const char* asked = std::getenv("EXM_ROUNDS");
  return asked ? std::atoi(asked) : usual;
}

/// What is wrong with a task's solution, or nothing.
using Property = std::function<std::string(const task::Task&)>;

std::string words(const naive::Rank& rank) {
  std::string text;
  for (auto n : rank) text += " " + std::to_string(n);
  return text;
}

naive::Rank rank(const task::Task& task, const Measures& measures) {
  naive::Rank out{};
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = measures.of(task.minimize[i]);
  return out;
}

/// Pieces are left out for as long as the property still fails.
task::Task shrunk(task::Task task, const Property& property) {
  for (bool changed = true; changed;) {
    changed = false;
    for (std::size_t n = 0;; ++n) {
      auto less = naive::smaller(task, n);
      if (!less) break;
      const naive::World world(*less);
      const auto start = naive::start_of(*less);
      if (!world.fine(start, world.binding(start)) || property(*less).empty()) continue;
      task = std::move(*less);
      changed = true;
      break;
    }
  }
  return task;
}

std::string solution_words(const task::Task& task) {
  const Solution solution = solve(task, {});
  if (const auto* found = std::get_if<Found>(&solution)) {
    std::string text = naive::outline(task, found->steps) + "measures" + words(rank(task, found->measures)) + ", least " + std::to_string(found->least.size());
    for (const auto& [measure, bound] : found->bounds) text += ", bound " + std::to_string(bound);
    return text;
  }
  if (const auto* gave_up = std::get_if<GaveUp>(&solution)) return "gave up: " + gave_up->bound;
  std::string text = "impossible";
  for (const auto& set : std::get<Impossible>(solution).conflicts) {
    text += "\n  conflict:";
    for (auto c : set) text += " " + task.constraints[c].name + "(" + std::to_string(static_cast<int>(task.constraints[c].kind)) + ")";
  }
  return text;
}

void hold(const Shape& shape, int usual, std::uint64_t first_seed, const Property& property) {
  int failures = 0;
  const int n = rounds(usual);
  for (int i = 0; i < n && failures < 3; ++i) {
    const std::uint64_t seed = first_seed + static_cast<std::uint64_t>(i);
    const task::Task task = naive::random_task(seed, shape);
    if (property(task).empty()) continue;
    ++failures;
    const task::Task small = shrunk(task, property);
    FAIL_CHECK("seed " << seed << ": " << property(small) << "\n" << naive::outline(small) << solution_words(small));
  }
}

std::string not_valid(const task::Task& task, const Found& found) {
  const plan::Plan plan = naive::plan_of(task, found.steps, found.slots);
  const Verdict verdict = verify(plan);
  if (!verdict.valid) return "the checker refuses it:\n" + verdict_text(verdict, plan, "plan");
  if (found.steps.size() <= 3) {
    const auto judged = naive::judge(plan, 20'000);
    if (!judged.gave_up && !judged.several_ends && !judged.valid) return "brute force over all orders refuses it: " + judged.why;
  }
  const Measures& m = found.measures;
  const Measured& v = verdict.measured;
  if (m.disruption != v.disruption || m.duration != v.duration || m.cost != v.cost || m.away != v.away)
    return "the checker measures disruption " + std::to_string(v.disruption) + " duration " + std::to_string(v.duration) + " cost " + std::to_string(v.cost) +
           " away " + std::to_string(v.away);
  const auto spans = plan::timeline(plan);
  for (std::size_t s = 0; s < spans.size(); ++s)
    if (spans[s].start != found.steps[s].start || spans[s].end != found.steps[s].end) return "step " + std::to_string(s) + " is at another time on the plan's timeline";
  return "";
}

std::string every_plan_is_valid(const task::Task& task) {
  const Solution solution = solve(task, {});
  const auto* found = std::get_if<Found>(&solution);
  return found ? not_valid(task, *found) : "";
}

std::string finds_what_there_is(const task::Task& task) {
  const Explored all = naive::explore(naive::World(task), false);
  if (!all.complete) return "";
  const Solution solution = solve(task, {});
  if (const auto* gave_up = std::get_if<GaveUp>(&solution)) return "it gave up: " + gave_up->bound;
  const bool found = std::holds_alternative<Found>(solution);
  if (found && !all.plan) return "brute force finds no plan at all";
  return !found && all.plan ? "brute force finds a plan" : "";
}

/// What is claimed of measures against the least that there is.
std::string false_claim(const task::Task& task, const Found& found, const naive::Rank& least) {
  const naive::Rank is = rank(task, found.measures);
  for (std::size_t i = 0; i < is.size(); ++i) {
    if (i < found.least.size()) {
      if (is[i] > least[i]) return "called least, and brute force has" + words(least);
      if (is[i] < least[i]) return "brute force misses this plan, and has" + words(least);
      continue;
    }
    const auto bound = found.bounds.find(task.minimize[i]);
    if (bound != found.bounds.end() && bound->second > least[i]) return "the bound is above what brute force has:" + words(least);
    break;
  }
  return "";
}

bool on_one_host(const task::Task& task) {
  for (const auto& op : task.operators)
    if (!op.on || op.on != task.operators[Id<task::Operator>(0u)].on) return false;
  return !task.operators.empty();
}

std::string least_on_one_host(const task::Task& task) {
  if (!on_one_host(task)) return "";
  const Solution solution = solve(task, {});
  const auto* found = std::get_if<Found>(&solution);
  if (!found) return "";
  const Explored all = naive::explore(naive::World(task));
  if (!all.complete || !all.least) return "";
  return false_claim(task, *found, *all.least);
}

std::string least_on_two_hosts(const task::Task& task) {
  const Solution solution = solve(task, {});
  const auto* found = std::get_if<Found>(&solution);
  const naive::World world(task);
  if (!found || (found->least.empty() && found->bounds.empty()) || found->steps.empty() || world.any_latent()) return "";
  const auto all = naive::timelines(world, naive::explore(world, false), 3000);
  if (!all.complete || !all.least) return "";
  return false_claim(task, *found, *all.least);
}

/// A window just too short for the plan: it fits all the same, or nothing does.
std::string fits_the_window(const task::Task& task) {
  const Solution first = solve(task, {});
  const auto* found = std::get_if<Found>(&first);
  if (!found || found->measures.duration < 2 || task.constraints.empty()) return "";
  task::Task hurried = task;
  hurried.longest = found->measures.duration - 1;
  hurried.longest_constraint = hurried.constraints.add({task::Constraint::Kind::window, "window", "", "", {}});
  const Solution second = solve(hurried, {});
  if (const auto* shorter = std::get_if<Found>(&second)) return not_valid(hurried, *shorter);
  if (!std::holds_alternative<Impossible>(second) || !on_one_host(task)) return "";
  hurried.minimize = {program::Measure::duration, program::Measure::disruption, program::Measure::cost, program::Measure::away};
  const Explored all = naive::explore(naive::World(hurried));
  return all.complete && all.least && all.least->front() <= hurried.longest ? "brute force fits the window" : "";
}

std::string conflicts_are_irreducible(const task::Task& task) {
  const Solution solution = solve(task, {});
  const auto* none = std::get_if<Impossible>(&solution);
  if (!none) return "";
  if (none->conflicts.empty()) return "no conflict is named";
  for (std::size_t i = 0; i < none->conflicts.size(); ++i) {
    std::vector<bool> dropped(task.constraints.size(), true);
    for (auto c : none->conflicts[i]) dropped[c.index] = false;
    const std::string which = "conflict " + std::to_string(i);
    if (naive::explore(naive::World(task, dropped), false).plan) return which + " alone leaves a plan";
    for (auto c : none->conflicts[i]) {
      std::vector<bool> without = dropped;
      without[c.index] = true;
      if (!naive::explore(naive::World(task, without), false).plan) return which + " is one without " + task.constraints[c].name + " too";
    }
  }
  for (const auto& way : none->ways_out) {
    if (way.kind != WayOut::Kind::allowed && way.kind != WayOut::Kind::left) continue;
    const auto& changed = task.constraints[way.constraints.front()];
    std::vector<bool> dropped(task.constraints.size(), false);
    for (std::uint32_t c = 0; c < dropped.size(); ++c) {
      const auto& other = task.constraints[Id<task::Constraint>(c)];
      dropped[c] = other.kind == changed.kind && other.span.begin == changed.span.begin;
    }
    if (!naive::explore(naive::World(task, dropped), false).plan) return "there is no plan without " + changed.name + " either";
  }
  return "";
}

std::string the_same_twice(const task::Task& task) { return solution_words(task) == solution_words(task) ? "" : "two answers to one question"; }

}  // namespace

TEST_CASE("each plan that is found is valid, and measured as the checker does") { hold({}, 3000, 1, every_plan_is_valid); }

namespace {

Shape strayed() {
  Shape shape;
  shape.strayed = true;
  return shape;
}

}  // namespace

TEST_CASE("from where a run was left, each plan that is found is valid, and measured as the checker does") { hold(strayed(), 2000, 1'000'000, every_plan_is_valid); }

TEST_CASE("from where a run was left, a plan is found where there is one, and none where there is none") { hold(strayed(), 2000, 1'100'000, finds_what_there_is); }

TEST_CASE("a plan is found where there is one, and none where there is none") { hold({}, 3000, 100'000, finds_what_there_is); }

TEST_CASE("what is called least on one host is") { hold({7, 5, 1}, 3000, 200'000, least_on_one_host); }

TEST_CASE("what is called least, and each bound, is below all timelines of two hosts") { hold({5, 4, 2, false}, 1500, 300'000, least_on_two_hosts); }

TEST_CASE("a plan fits its window where one does") { hold({7, 5, 1}, 1500, 600'000, fits_the_window); }

/// The tasks are worth something only where many have plans, many have none, and claims are made.
TEST_CASE("the random tasks are of all sorts") {
  int found = 0, impossible = 0, steps = 0, all_least = 0, overlapping = 0;
  for (std::uint64_t seed = 1; seed <= 1000; ++seed) {
    const task::Task task = naive::random_task(seed, {});
    const Solution solution = solve(task, {});
    impossible += std::holds_alternative<Impossible>(solution);
    const auto* plan = std::get_if<Found>(&solution);
    if (!plan) continue;
    ++found;
    steps += plan->steps.size() >= 3;
    all_least += plan->least.size() == 4 && plan->steps.size() >= 2;
    for (std::size_t s = 1; s < plan->steps.size(); ++s)
      if (plan->steps[s].start < plan->steps[s - 1].end) {
        ++overlapping;
        break;
      }
  }
  INFO(found << " plans, " << steps << " of three steps and more, " << all_least << " proven least, " << overlapping << " with steps side by side, " << impossible << " without a plan");
  CHECK(found > 300);
  CHECK(impossible > 200);
  CHECK(steps > 20);
  CHECK(all_least > 50);
  CHECK(overlapping > 8);
}

TEST_CASE("conflicts are irreducible") { hold({5, 4, 2}, 1500, 400'000, conflicts_are_irreducible); }

TEST_CASE("the same task has the same solution") { hold({}, 500, 500'000, the_same_twice); }
