#include "runtime/verify/ask.h"

#include <algorithm>

#include "runtime/verify/chains.h"
#include "runtime/verify/reach.h"
#include "runtime/verify/tell.h"

namespace exm::model {
namespace {

/// Where a way to a broken rule is known already, a shorter one is looked for among so many states.
constexpr std::uint64_t shorter_bound = 50'000;

Answer shortest_of(const Scene& scene, const Question& question, Answer known, std::uint64_t bound) {
  Answer shortest = reach(scene, question, Purpose::shortest_trace, bound);
  if (shortest.kind != Answer::Kind::broken) return known;
  if (!shortest.shortest && shortest.trace.size() > known.trace.size()) return known;
  shortest.method = known.method;
  return shortest;
}

}  // namespace

Scene scene_of(const Model& model, const Order& order, const Simulation& simulation, std::uint64_t bound) {
  Scene scene{model, order, simulation, std::vector<std::vector<int>>(model.names.size()), {}, bound};
  for (const int s : order.sequence()) {
    const Step& step = model.steps[s];
    for (const int v : step.writes) scene.writers[v].push_back(s);
    if (!step.acquires.empty() || !step.releases.empty()) scene.slot_steps.push_back(s);
  }
  return scene;
}

bool blocked(const Scene& scene, int step) {
  const auto& obstacles = scene.simulation.obstacles;
  return std::any_of(obstacles.begin(), obstacles.end(), [&](const Obstacle& obstacle) {
    return obstacle.step == step || scene.order.before(obstacle.step, step);
  });
}

Answer ask(const Scene& scene, const Question& question) {
  if (auto answer = least_by_chains(scene, question)) {
    if (answer->kind != Answer::Kind::broken) return *answer;
    return shortest_of(scene, question, *answer, std::min(scene.bound, shorter_bound));
  }
  if (!scene.slot_steps.empty())
    if (Answer answer = reach(scene, question, Purpose::proof, scene.bound, WithSlots::no); answer.kind == Answer::Kind::holds) return answer;
  Answer answer = reach(scene, question, Purpose::proof, scene.bound);
  if (answer.kind != Answer::Kind::broken) return answer;
  return shortest_of(scene, question, answer, scene.bound);
}

std::vector<Event> whole_step(const Scene& scene, int step) {
  Teller teller(scene);
  teller.tell_whole(step);
  return teller.take();
}

std::vector<Event> before_step(const Scene& scene, int step) {
  Teller teller(scene);
  teller.tell_before(step, Bits(scene.model.steps.size()));
  return teller.take();
}

}  // namespace exm::model
