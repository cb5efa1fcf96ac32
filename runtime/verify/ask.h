// Does a formula hold in every state that any order, any overlap and any number of cut-off steps can reach? `ask` says
// so, by the cheapest method that is exact for the formula, and tells the shortest way to a state where it fails.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "runtime/verify/course.h"

namespace exm::model {

/// What all questions about one plan share.
struct Scene {
  const Model& model;
  const Order& order;
  const Simulation& simulation;
  std::vector<std::vector<int>> writers;  // by variable, in the order's sequence
  std::vector<int> slot_steps;            // that take or give back slots
  std::uint64_t bound = 0;                // states per question
};

Scene scene_of(const Model& model, const Order& order, const Simulation& simulation, std::uint64_t bound);
/// Whether a step cannot begin, or one before it cannot.
bool blocked(const Scene& scene, int step);

struct Question {
  Compiled formula;
  bool binds_later = false;   // only from the first state in which it holds
  std::vector<Fault> faults;  // in every state, up to `at_once` of them happen
  int at_once = 0;
};

/// How an answer was found. Each is exact: none says "holds" where it does not.
namespace method {
inline constexpr std::string_view untouched = "touched by no step";
inline constexpr std::string_view enumerated = "phases enumerated";
inline constexpr std::string_view chains = "least value by chains";
}  // namespace method

struct Answer {
  enum class Kind { holds, broken, bound_reached };
  Kind kind = Kind::holds;
  std::uint64_t states = 0;
  std::vector<Event> trace;                        // of broken: a shortest one
  std::vector<std::pair<int, plan::Value>> shown;  // of broken: the variables of the formula there
  bool shortest = true;                            // of broken: no trace has fewer events
  std::string_view method = method::enumerated;
};

Answer ask(const Scene& scene, const Question& question);

/// All that happens to a step from its begin to its end.
std::vector<Event> whole_step(const Scene& scene, int step);
/// All steps before one, each from begin to end.
std::vector<Event> before_step(const Scene& scene, int step);

}  // namespace exm::model
