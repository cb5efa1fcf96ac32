// The exact search for the least sequence of steps, one at a time: uniform cost over all states that can be reached; where these are many,
// guided by landmarks.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "compiler/ground/ground.h"
#include "compiler/solve/admission.h"
#include "compiler/solve/cost.h"
#include "compiler/solve/goal.h"

namespace exm::planning {

struct Sequence {
  enum class Answer { found, exhausted, bound };
  Answer answer = Answer::exhausted;
  std::vector<std::uint32_t> operators;  // in order
  Cost cost;
  State end;
  Seconds watched = 0;  // for how long the watched formula is not known to hold
  bool least = true;    // in all measures; else `away` may be more than it need be
};

/// A measure of its own, for how long a formula is not known to hold: it goes before all others, but for disruption where
/// the maintenance puts that first.
struct Watch {
  NodeId formula;
};

struct Search {
  std::vector<std::uint32_t> operators;  // that may be used
  Goal goal;
  State from;
  Bound bound;                           // the latent rules that bind already
  Limits limits;
  std::optional<Watch> watch = std::nullopt;
};

Sequence search(const Model& model, const Search& problem);

/// Likewise; several searches of one model may share what they find out.
Sequence search(const Model& model, const Search& problem, Admission& admission);

}  // namespace exm::planning
