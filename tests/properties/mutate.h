// Plans made wrong on purpose, in every way that a hand or a bug would: for any plan, each with a name. `mutations` is
// the entry; who uses it asks the checker and, beside it, brute force.
#pragma once

#include <string>
#include <vector>

#include "runtime/plan/plan.h"

namespace exm::naive {

struct Mutation {
  std::string what;
  plan::Plan plan;
};

/// Each step dropped, each two steps along an edge swapped, each edge removed, all edges between hosts removed, each
/// assignment changed or dropped, each requirement deleted, each exception dropped; each retreat, each of its steps and
/// each thing that it leaves open likewise, and then each probe too. The digests are left empty.
std::vector<Mutation> mutations(const plan::Plan& plan);

}  // namespace exm::naive
