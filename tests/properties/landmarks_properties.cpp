// The searches for what is large, on small random tasks: guided by landmarks they answer as uniform cost does, and no answer is wrong where
// a bound ends them early.
#include <catch2/catch.hpp>

#include <numeric>

#include "compiler/solve/landmarks.h"
#include "compiler/solve/relevance.h"
#include "compiler/solve/search.h"
#include "compiler/solve/solve.h"
#include "runtime/verify/verify.h"
#include "tests/properties/task_plan.h"
#include "tests/properties/task_random.h"
#include "tests/properties/task_search.h"

using namespace exm;
using namespace exm::planning;

namespace {

Search whole(const Model& model, const Limits& limits) {
  std::vector<std::uint32_t> wishes(model.task.wishes.size());
  std::iota(wishes.begin(), wishes.end(), 0u);
  const Relevant used = relevant(model, wishes, model.start);
  return {used.operators, {wishes, used.variables}, model.start, Bound(model.rules.size(), false), limits};
}

Limits guided_at_once() {
  Limits limits;
  limits.plain_states = 0;
  return limits;
}

/// No place for `away`: of that landmarks say nothing.
std::vector<std::int64_t> compared(const Model& model, const Cost& cost) {
  std::vector<std::int64_t> out;
  for (const auto measure : model.task.minimize) {
    if (measure == program::Measure::away) break;
    out.push_back(cost[measure]);
  }
  return out;
}

}  // namespace

TEST_CASE("guided by landmarks, a search has the answer of uniform cost, and one that costs no more") {
  int found = 0, guided = 0;
  for (std::uint64_t seed = 700'000; seed < 703'000; ++seed) {
    const task::Task task = naive::random_task(seed, {});
    const Model model(task);
    const Sequence plain = search(model, whole(model, {}));
    const Sequence other = search(model, whole(model, guided_at_once()));
    INFO("seed " << seed << "\n" << naive::outline(task));
    REQUIRE(plain.answer == other.answer);
    if (plain.answer != Sequence::Answer::found) continue;
    ++found;
    guided += !other.least;
    CHECK(compared(model, plain.cost) == compared(model, other.cost));
  }
  CHECK(found > 500);
  CHECK(guided > 500);
}

TEST_CASE("landmarks never ask for more than the least sequence costs") {
  for (std::uint64_t seed = 710'000; seed < 712'000; ++seed) {
    const task::Task task = naive::random_task(seed, {});
    const Model model(task);
    const Search problem = whole(model, {});
    const auto weights = least_weights(model, problem);
    REQUIRE(weights);
    const Sequence plain = search(model, problem);
    Landmarks landmarks(model, problem, *weights);
    const Weight least = landmarks.still_to_come(model.start);
    INFO("seed " << seed << "\n" << naive::outline(task));
    if (plain.answer == Sequence::Answer::found) CHECK(least <= *weigh(model, plain.cost));
  }
}

TEST_CASE("where bounds end searches early, what is found is a plan, and nothing is called impossible that is not") {
  int found = 0, gave_up = 0;
  Limits tight;
  tight.search_states = 60;
  tight.plain_states = 2;
  for (std::uint64_t seed = 720'000; seed < 723'000; ++seed) {
    const task::Task task = naive::random_task(seed, {});
    const Solution solution = solve(task, tight);
    INFO("seed " << seed << "\n" << naive::outline(task));
    gave_up += std::holds_alternative<GaveUp>(solution);
    if (const auto* plan = std::get_if<Found>(&solution)) {
      ++found;
      CHECK(verify(naive::plan_of(task, plan->steps, plan->slots)).valid);
    }
    if (!std::holds_alternative<Impossible>(solution)) continue;
    const naive::Explored all = naive::explore(naive::World(task), false);
    if (all.complete) CHECK_FALSE(all.plan);
  }
  CHECK(found > 300);
  CHECK(gave_up > 20);
}
