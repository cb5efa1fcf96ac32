// The least value by chains against the walk through all states: on random worlds of a few hosts, each with a chain of
// steps, ordered among each other at random, both must say the same of random counts.
#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdlib>
#include <random>

#include "runtime/verify/chains.h"
#include "runtime/verify/reach.h"

using namespace exm;
using namespace exm::model;
using plan::Operator;

namespace {

int rounds(int usual) {
  const char* asked = std::getenv("EXM_ROUNDS");
  return asked ? std::atoi(asked) : usual;
}

Compiled constant(plan::Value value) {
  return {Operator::constant, std::move(value), -1, {}};
}
Compiled variable(int number) {
  return {Operator::variable, {}, number, {}};
}
Compiled make(Operator op, std::vector<Compiled> operands) {
  return {op, {}, -1, std::move(operands)};
}

/// Hosts with two states each, `up` (2h) and `load` (2h + 1), and steps that move them.
class Hosts {
 public:
  explicit Hosts(int seed) : random_(static_cast<std::uint64_t>(seed)) {
    hosts_ = 2 + below(3);
    for (int v = 0; v < 2 * hosts_; ++v) {
      model.names.push_back("v" + std::to_string(v));
      model.start.push_back(chance(85) ? plan::boolean(true) : value());
    }
    make_steps();
    if (chance(20)) make_slots();
  }

  Compiled formula() {
    if (chance(60)) return comparison();
    std::vector<Compiled> parts{comparison()};
    for (int i = 1 + below(2); i > 0; --i) parts.push_back(chance(50) ? comparison() : atom());
    return make(Operator::or_, std::move(parts));
  }

  std::vector<Fault> faults() {
    std::vector<Fault> faults;
    for (int h = 0; h < hosts_; ++h) {
      Assignment down{2 * h, constant(plan::boolean(false)), std::nullopt};
      if (chance(30)) down.when = variable(2 * h + 1);
      faults.push_back({"lost", "lost", {Block{{down}, {}}}});
    }
    return faults;
  }

  Model model;

 private:
  int below(int n) { return static_cast<int>(random_() % static_cast<std::uint64_t>(n)); }
  bool chance(int percent) { return below(100) < percent; }
  plan::Value value() { return chance(12) ? plan::unknown() : plan::boolean(chance(45)); }

  Assignment assignment(int host) { return {2 * host + below(2), constant(value()), std::nullopt}; }

  void make_steps() {
    std::vector<int> last(static_cast<std::size_t>(hosts_), -1);
    for (int s = hosts_ + below(hosts_ + 2); s > 0; --s) {
      const int host = below(hosts_), me = static_cast<int>(model.steps.size());
      Step step;
      step.id = "s" + std::to_string(me);
      if (last[host] >= 0) step.after.push_back(last[host]);
      for (int other = 0; other < me; ++other) {
        if (chance(12)) step.after.push_back(other);
      }
      if (chance(50)) step.during.push_back(assignment(host));
      for (int b = 1 + below(2); b > 0; --b) {
        Block block{{assignment(host)}, {}};
        if (!step.blocks.empty() && chance(50)) block.after.push_back(0);
        step.blocks.push_back(block);
      }
      for (const Assignment& a : step.during) step.writes.push_back(a.variable);
      for (const Block& block : step.blocks) step.writes.push_back(block.assignments[0].variable);
      std::sort(step.writes.begin(), step.writes.end());
      step.writes.erase(std::unique(step.writes.begin(), step.writes.end()), step.writes.end());
      if (chance(6) && host > 0) {  // one that moves two hosts, and need not follow the steps on the other
        step.blocks.push_back({{{0, constant(value()), std::nullopt}}, {}});
        if (step.writes[0] != 0) step.writes.insert(step.writes.begin(), 0);
        if (last[0] >= 0) step.after.push_back(last[0]);
        last[0] = me;
      }
      last[host] = me;
      model.steps.push_back(step);
    }
  }

  void make_slots() {
    model.slot_names = {"out"};
    model.slots = {1 + below(2)};
    for (Step& step : model.steps) {
      if (chance(50)) step.acquires = step.releases = {0};
    }
  }

  Compiled atom() {
    const Compiled v = variable(below(2 * hosts_));
    return chance(25) ? make(Operator::not_, {v}) : v;
  }

  Compiled comparison() {
    std::vector<Compiled> terms;
    const bool sum = chance(30);
    for (int h = 0; h < hosts_; ++h) {
      const Compiled serves =
          make(Operator::and_, {variable(2 * h), chance(40) ? variable(2 * h + 1) : variable(2 * h)});
      const auto weight = [&] { return constant(plan::integer(below(4) - 1)); };
      terms.push_back(sum ? make(Operator::if_, {serves, weight(), weight()}) : serves);
    }
    Compiled total = make(sum ? Operator::sum : Operator::count, terms);
    if (chance(10)) total = make(Operator::subtract, {total, make(Operator::count, {atom()})});
    static constexpr Operator ops[] = {Operator::greater_equal, Operator::greater, Operator::less_equal, Operator::less,
                                       Operator::equal};
    const Compiled formula = make(ops[chance(70) ? below(2) : below(5)], {total, constant(plan::integer(below(3)))});
    return chance(15) ? make(Operator::not_, {formula}) : formula;
  }

  std::mt19937_64 random_;
  int hosts_ = 0;
};

std::vector<std::vector<int>> edges(const Model& model) {
  std::vector<std::vector<int>> after;
  for (const Step& step : model.steps) after.push_back(step.after);
  return after;
}

}  // namespace

TEST_CASE("the least value by chains is that of all states") {
  int held = 0, broken = 0, asked = 0;
  for (int seed = 1; seed <= rounds(3000); ++seed) {
    Hosts world(seed);
    const auto order = Order::of(edges(world.model));
    REQUIRE(order);
    const Simulation simulation = simulate(world.model, *order);
    const Scene scene = scene_of(world.model, *order, simulation, 100'000);
    Question question{world.formula(), false, {}, 0};
    if (seed % 4 == 0) question.faults = world.faults(), question.at_once = 1 + seed / 4 % 2;
    if (truth(question.formula, world.model.start) != Truth::yes) continue;
    const Answer walked = reach(scene, question, Purpose::proof, 100'000);
    if (walked.kind == Answer::Kind::bound_reached) continue;
    ++asked;
    const auto answer = least_by_chains(scene, question);
    if (!answer) continue;
    ++(answer->kind == Answer::Kind::holds ? held : broken);
    INFO("seed " << seed);
    REQUIRE(answer->kind == walked.kind);
    if (answer->kind == Answer::Kind::broken) REQUIRE(!answer->shown.empty());
  }
  INFO(held << " held and " << broken << " broken by chains, of " << asked);
  CHECK(held > asked / 5);
  CHECK(broken > asked / 8);
  CHECK(held + broken > asked * 2 / 3);
}
