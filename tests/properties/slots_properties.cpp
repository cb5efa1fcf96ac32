// Slots in place of edges: on random rows of hosts of which so many must be in, the plan is valid by brute force and by the checker, and one
// slot more would break it.
#include <catch2/catch.hpp>

#include <cstdlib>
#include <random>

#include "compiler/ground/formulas.h"
#include "compiler/solve/solve.h"
#include "runtime/plan/timeline.h"
#include "runtime/verify/verdict_text.h"
#include "runtime/verify/verify.h"
#include "tests/properties/task_plan.h"
#include "tests/properties/verify_naive.h"

using namespace exm;
using task::NodeId;
using task::NodeOp;
using Kind = task::Constraint::Kind;

namespace {

int rounds(int usual) {
  const char* asked = std::getenv("EXM_ROUNDS");
  return asked ? std::atoi(asked) : usual;
}

constexpr std::size_t most_states = 15'000;  // of the brute force

/// Hosts that are taken out, worked on and put back; how many may be out at a time follows from a count.
class Row {
 public:
  explicit Row(std::uint64_t seed) : random_(seed * 6151 + 3), builder_(task) {
    task.minimize = {program::Measure::disruption, program::Measure::duration, program::Measure::cost, program::Measure::away};
    const int hosts = 3 + below(2);
    for (int h = 0; h < hosts; ++h) add_host(static_cast<std::uint32_t>(h));
    const int counted = static_cast<int>(serving_.size());
    add_count(serving_, 1 + below(counted));
    if (chance(30)) add_count(in_, 1 + below(hosts));
    if (chance(15)) task.at_most = 1 + below(3);
  }

  task::Task task;

 private:
  int below(int n) { return static_cast<int>(random_() % static_cast<std::uint64_t>(n)); }
  bool chance(int percent) { return below(100) < percent; }

  Id<task::Constraint> constraint(Kind kind, const std::string& name) {
    place_ += 10;
    return task.constraints.add({kind, name, name, name, Span{0, place_, place_ + 5}});
  }

  Id<task::Variable> variable(const std::string& name, std::uint32_t object, task::ValueId start) {
    task::Variable v;
    v.name = "o" + std::to_string(object) + "." + name;
    v.object = Id<program::Object>(object);
    v.start = v.restore = start;
    v.restoration = constraint(Kind::restoration, v.name);
    return task.variables.add(v);
  }

  NodeId is(Id<task::Variable> v) { return builder_.variable(v); }
  NodeId node(NodeOp op, const std::vector<NodeId>& operands) { return builder_.node(op, operands); }
  NodeId truth(bool b) { return builder_.constant(b ? task::true_ : task::false_); }
  NodeId unknown() { return builder_.constant(task::unknown); }

  using Set = std::pair<Id<task::Variable>, NodeId>;

  void step(std::uint32_t host, const std::string& name, const std::vector<NodeId>& needs, const std::vector<Set>& during, const std::vector<Set>& effects) {
    task::Operator op;
    op.title = name + std::to_string(host);
    program::Value on;
    on.tag = program::Value::Tag::object;
    on.object = Id<program::Object>(host);
    op.on = builder_.constant(builder_.value(on));
    if (chance(15)) op.uses.push_back(Id<program::Object>(9u));
    for (NodeId n : needs) op.requires_.push_back({n, constraint(Kind::requirement, op.title)});
    for (const auto& [v, n] : during) op.during.push_back({v, n, {}});
    op.effects.kind = task::Effect::Kind::sequence;
    for (const auto& [v, n] : effects) op.effects.parts.push_back({task::Effect::Kind::together, {{v, n, {}}}, {}});
    op.takes = 1 + below(6);
    op.cost = 1;
    task.operators.add(std::move(op));
  }

  void add_host(std::uint32_t h) {
    const auto in = variable("in", h, task::true_), up = variable("up", h, chance(8) ? task::unknown : task::true_);
    const auto done = variable("done", h, task::false_), watched = variable("watched", h, task::true_);
    if (task.variables[up].start == task::unknown) task.variables[up].free = task::Variable::Free::unknown_at_start;
    const bool quiet = chance(40);  // the work wants monitoring off, too
    std::vector<NodeId> for_work{node(NodeOp::not_, {is(in)})};
    if (quiet) for_work.push_back(node(NodeOp::not_, {is(watched)}));
    step(h, "out", {}, chance(50) ? std::vector<Set>{{in, unknown()}} : std::vector<Set>{}, {{in, truth(false)}});
    step(h, "work", for_work, chance(50) ? std::vector<Set>{{up, truth(false)}} : std::vector<Set>{}, {{up, truth(true)}, {done, truth(true)}});
    step(h, "in", {is(done)}, {}, {{in, truth(true)}});
    if (quiet) {
      step(h, "mute", {}, {}, {{watched, truth(false)}});
      step(h, "watch", {}, {}, {{watched, truth(true)}});
    }
    if (!chance(10)) task.wishes.push_back({is(done), constraint(Kind::wish, "done" + std::to_string(h))});
    in_.push_back(is(in));
    serving_.push_back(chance(80) ? node(NodeOp::and_, {is(in), is(up)}) : is(in));
  }

  void add_count(const std::vector<NodeId>& terms, int needed) {
    program::Value number;
    number.tag = program::Value::Tag::integer;
    number.number = needed;
    task::Rule rule{};
    rule.formula = node(NodeOp::less_equal, {builder_.constant(builder_.value(number)), node(NodeOp::count, terms)});
    rule.constraint = constraint(Kind::rule, "enough");
    task.rules.push_back(rule);
  }

  std::mt19937_64 random_;
  task::Builder builder_;
  std::vector<NodeId> in_, serving_;
  std::uint32_t place_ = 0;
};

/// What is wrong with the plan, or nothing.
std::string wrong(const plan::Plan& plan, const Found& found) {
  const Verdict verdict = verify(plan);
  if (!verdict.valid) return verdict_text(verdict, plan, "plan");
  const auto judged = naive::judge(plan, most_states);
  if (!judged.gave_up && !judged.valid) return "by brute force: " + judged.why;
  const auto spans = plan::timeline(plan);
  for (std::size_t s = 0; s < spans.size(); ++s)
    if (spans[s].start != found.steps[s].start) return plan.steps[s].id + " starts at " + std::to_string(spans[s].start) + ", planned " + std::to_string(found.steps[s].start);
  return {};
}

}  // namespace

TEST_CASE("plans with slots are valid by brute force, keep the time that was planned, and have no slot too few or too many") {
  int with_slots = 0, planned = 0;
  for (int seed = 0; seed < rounds(80); ++seed) {
    const Row row(static_cast<std::uint64_t>(seed));
    const Solution solution = solve(row.task, {});
    const auto* found = std::get_if<Found>(&solution);
    if (!found) continue;
    ++planned;
    plan::Plan plan = naive::plan_of(row.task, found->steps, found->slots);
    INFO("seed " << seed << "\n" << naive::outline(row.task) << naive::outline(row.task, found->steps));
    CHECK(wrong(plan, *found) == "");
    if (found->slots.empty()) continue;
    ++with_slots;
    for (auto& [name, n] : plan.limits.slots) {
      ++n;
      const auto judged = naive::judge(plan, most_states);
      const bool refused = judged.gave_up || !judged.valid;
      CHECK(refused);
      CHECK(!verify(plan).valid);
      --n;
    }
  }
  CHECK(planned > rounds(80) / 2);
  CHECK(with_slots > rounds(80) / 20);
}
