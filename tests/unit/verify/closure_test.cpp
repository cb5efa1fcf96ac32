// The least closed set of events, against all sets.
#include "runtime/verify/closure.h"

#include <catch2/catch.hpp>
#include <random>

using exm::model::Closure;

namespace {

struct Small {
  std::vector<std::int64_t> weights;
  std::vector<std::pair<int, int>> needs;
};

Small random_events(std::mt19937_64& random) {
  const auto below = [&](int n) { return static_cast<int>(random() % static_cast<std::uint64_t>(n)); };
  Small small;
  for (int e = 1 + below(9); e > 0; --e) small.weights.push_back(below(11) - 5);
  const int n = static_cast<int>(small.weights.size());
  for (int i = below(2 * n); i > 0; --i) small.needs.emplace_back(below(n), below(n));
  return small;
}

/// The least weight, and the smallest set that has it (they are closed under intersection, so there is one).
std::pair<std::int64_t, unsigned> brute_force(const Small& small) {
  std::pair<std::int64_t, unsigned> best{0, 0};
  for (unsigned set = 0; set < 1u << small.weights.size(); ++set) {
    const auto has = [&](int e) { return ((set >> e) & 1) != 0; };
    bool closed = true;
    for (const auto& [event, before] : small.needs) closed = closed && (!has(event) || has(before));
    if (!closed) continue;
    std::int64_t weight = 0;
    for (std::size_t e = 0; e < small.weights.size(); ++e) weight += has(static_cast<int>(e)) ? small.weights[e] : 0;
    if (weight < best.first || (weight == best.first && (set & best.second) == set)) best = {weight, set};
  }
  return best;
}

}  // namespace

TEST_CASE("the least closed set is that of brute force, and the smallest one") {
  std::mt19937_64 random(1);
  for (int round = 0; round < 2'000; ++round) {
    const Small small = random_events(random);
    Closure closure;
    for (const std::int64_t weight : small.weights) closure.add(weight);
    for (const auto& [event, before] : small.needs) closure.needs(event, before);
    const Closure::Least least = closure.least();
    const auto [weight, set] = brute_force(small);
    INFO("round " << round);
    REQUIRE(least.weight == weight);
    for (std::size_t e = 0; e < small.weights.size(); ++e) REQUIRE(least.happened[e] == (((set >> e) & 1) != 0));
  }
}

TEST_CASE("a chain of events as long as a plan") {
  Closure closure;
  const int length = 200'000;
  for (int e = 0; e < length; ++e) {
    closure.add(e + 1 == length ? -3 : e == 0 ? 2 : 0);
    if (e > 0) closure.needs(e, e - 1);
  }
  CHECK(closure.least().weight == -1);
}
