// The ways back against brute force: on small random tasks, for each step of each plan, no way back leaves less open or as much with
// fewer steps than the one that was found; and where none was found there is none.
#include <catch2/catch.hpp>

#include <cstdlib>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "compiler/solve/retreat.h"
#include "compiler/solve/solve.h"
#include "tests/properties/task_naive.h"
#include "tests/properties/task_plan.h"
#include "tests/properties/task_random.h"

using namespace exm;
using naive::Bits;
using naive::Truth;
using naive::Values;
using naive::World;

namespace {

constexpr std::size_t most_nodes = 4000, most_places = 64;

/// Where the environment may be, and which rules bind there.
using Place = std::pair<Values, Bits>;
using Places = std::set<Place>;

/// What a way back costs: open states first, then steps.
using Rank = std::pair<std::size_t, std::size_t>;

class BruteForce {
 public:
  BruteForce(const task::Task& task, const Found& found, std::size_t from) : task_(task), world_(task), found_(found), from_(from) {
    end_ = naive::start_of(task);
    for (const auto& step : found.steps) apply(step.op.index, end_);
    for (const auto& d : task.disrupts_when) free_of_.push_back(naive::truth(task, d.formula, naive::start_of(task)) == Truth::no);
  }

  bool complete() const { return complete_; }

  std::optional<Rank> least() {
    std::map<Places, std::size_t> seen;
    std::vector<Places> now{starts()};
    std::optional<Rank> least;
    for (std::size_t steps = 0; !now.empty(); ++steps) {
      std::vector<Places> next;
      for (const Places& places : now) {
        if (!felt(places)) least = std::min(least.value_or(Rank{open(places), steps}), Rank{open(places), steps});
        for (std::size_t op = 0; op < task_.operators.size(); ++op) {
          const auto after = step(places, op);
          if (!after || !seen.emplace(*after, steps).second) continue;
          next.push_back(*after);
          complete_ = complete_ && seen.size() < most_nodes && after->size() < most_places;
        }
        if (!complete_) return std::nullopt;
      }
      now = std::move(next);
    }
    return least;
  }

 private:
  void apply(std::size_t op, Values& state) const { state = naive::with(state, world_.begin(op, state)->phases.back().left); }

  /// All that the step can leave when all that precedes it is done.
  Places starts() const {
    std::set<std::size_t> before;
    const auto add = [&](const auto& self, std::size_t step) -> void {
      for (auto a : found_.steps[step].after)
        if (before.insert(a).second) self(self, a);
    };
    add(add, from_);
    Values state = naive::start_of(task_);
    for (auto b : before) apply(found_.steps[b].op.index, state);
    Places out;
    const auto course = world_.begin(found_.steps[from_].op.index, state);
    for (const auto& phase : course->phases)
      for (const Values& left : World::cut_off(phase, state)) out.emplace(left, world_.binding(left));
    return out;
  }

  /// After the operator, wherever the environment is; nothing where it may not begin, or does nothing anywhere.
  std::optional<Places> step(const Places& places, std::size_t op) const {
    const auto& o = task_.operators[Id<task::Operator>(op)];
    if (op == found_.steps[from_].op.index) return std::nullopt;
    Places out;
    std::optional<std::vector<std::uint32_t>> read;
    for (const Place& place : places) {
      if (holds_already(o, place.first)) {
        out.insert(place);
        continue;
      }
      std::vector<std::uint32_t> reads;
      for (auto v : o.reads) reads.push_back(place.first[v.index]);
      if (read && *read != reads) return std::nullopt;
      read = reads;
      const auto after = run(place, op);
      if (!after) return std::nullopt;
      out.insert(*after);
    }
    return read ? std::optional(out) : std::nullopt;
  }

  bool holds_already(const task::Operator& o, const Values& state) const {
    if (o.forbidden && world_.holds(o.forbidden)) return false;
    bool same = true, some = false;
    const auto look = [&](const auto& self, const task::Effect& effect) -> void {
      for (const auto& a : effect.assignments) {
        const Truth when = a.when ? naive::truth(task_, a.when, state) : Truth::yes;
        const auto to = naive::value(task_, a.to, state);
        if (when == Truth::no || to == 0) continue;
        some = true;
        same = same && state[a.variable.index] == to && task_.variables[a.variable].probed;
      }
      for (const auto& part : effect.parts) self(self, part);
    };
    look(look, o.effects);
    return some && same;
  }

  std::optional<Place> run(const Place& place, std::size_t op) const {
    const auto course = world_.begin(op, place.first);
    if (!course) return std::nullopt;
    std::vector<Bits> bound;  // by phase: whatever came to hold on some way there
    for (const auto& phase : course->phases) {
      const Values shown = naive::with(place.first, phase.running);
      Bits binds = place.second;
      for (auto before : phase.from) binds |= bound[before];
      if (!world_.fine(shown, binds)) return std::nullopt;
      bound.push_back(binds | world_.binding(shown));
    }
    const Values ended = naive::with(place.first, course->phases.back().left);
    if (!world_.fine(ended, bound.back())) return std::nullopt;
    return Place{ended, bound.back() | world_.binding(ended)};
  }

  bool felt(const Places& places) const {
    for (const auto& [state, bound] : places)
      for (std::size_t d = 0; d < free_of_.size(); ++d)
        if (free_of_[d] && naive::truth(task_, task_.disrupts_when[d].formula, state) != Truth::no) return true;
    return false;
  }

  std::size_t open(const Places& places) const {
    std::set<std::uint32_t> out;
    for (const auto& [state, bound] : places)
      for (std::uint32_t v = 0; v < state.size(); ++v)
        if (world_.must_restore(v) && state[v] != task_.variables[Id<task::Variable>(v)].restore.index && state[v] != end_[v]) out.insert(v);
    return out.size();
  }

  const task::Task& task_;
  World world_;
  const Found& found_;
  std::size_t from_;
  Values end_;
  std::vector<bool> free_of_;  // by entry of disrupts_when: nobody feels it at the start
  bool complete_ = true;
};

struct Counts {
  int ways = 0, none = 0;
};

std::string words(const std::optional<Rank>& rank) {
  return rank ? std::to_string(rank->first) + " open after " + std::to_string(rank->second) + " steps" : "none";
}

std::string least_ways_back(const task::Task& task, Counts& counts) {
  Solution solution = solve(task, {});
  auto* found = std::get_if<Found>(&solution);
  if (!found) return "";
  for (const auto& none : find_retreats(task, {}, *found))
    if (none.bound) return "";
  for (std::size_t s = 0; s < found->steps.size(); ++s) {
    BruteForce brute(task, *found, s);
    const auto least = brute.least();
    if (!brute.complete()) continue;
    const auto& way = found->steps[s].retreat;
    if (way && !way->least) continue;
    ++(way ? counts.ways : counts.none);
    const auto is = way ? std::optional(Rank{way->open.size(), way->steps.size()}) : std::nullopt;
    if (is == least) continue;
    std::string text = "from step " + std::to_string(s) + ": found " + words(is) + ", brute force " + words(least) + "\n";
    for (const auto& step : found->steps) text += " " + task.operators[step.op].title;
    if (way) {
      text += "\n back:";
      for (const auto& step : way->steps) text += " " + task.operators[step.op].title;
      text += "; open:";
      for (const auto& open : way->open) text += " " + task.variables[open.variable].name;
    }
    return text;
  }
  return "";
}

int rounds(int usual) {
  const char* asked = std::getenv("EXM_ROUNDS");
  return asked ? std::atoi(asked) : usual;
}

}  // namespace

TEST_CASE("ways back leave as little open as brute force, with as few steps") {
  Counts counts;
  const int n = rounds(4000);
  int failures = 0;
  for (int i = 0; i < n && failures < 3; ++i) {
    const std::uint64_t seed = 9'100'000 + static_cast<std::uint64_t>(i);
    task::Task task = naive::random_task(seed, {6, 4, 2, true, i % 5 == 0});
    std::uint64_t bits = seed * 0x9e3779b97f4a7c15ull;
    for (auto& variable : task.variables.items()) {
      variable.probed = (bits & 3) != 0;  // most can be looked at
      bits >>= 2;
    }
    const std::string wrong = least_ways_back(task, counts);
    if (wrong.empty()) continue;
    ++failures;
    FAIL_CHECK("seed " << seed << ": " << wrong << "\n" << naive::outline(task));
  }
  CHECK(counts.ways > n / 8);
  CHECK(counts.none > 0);
}
