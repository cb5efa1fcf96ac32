// What there is to observe of an environment, and what its files say of it: made from `.exm` files, asked through an adapter.
// Entry point: Observation.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "runtime/plan/plan.h"

namespace exm::plan {

/// A state that has a probe.
struct Observable {
  std::string variable;
  std::string host;      // an object's path, "controller", or empty
  Probe probe;           // no slots are left in it
  std::string obstacle;  // why it can't be asked for, in words; empty: it can
};

/// What the files say that a state is, and where.
struct Said {
  Value value;
  std::string file;
  int line = 0;  // from 1
  int column = 0;
};

struct Observation {
  Plan plan;  // kinds, objects, hosts and preludes; no steps
  std::vector<Observable> observables;  // in the order of the files; those of a planned object are for when it exists
  std::map<std::string, Said> said;     // of those states that can be observed, by variable; of objects that exist according to the files
};

}  // namespace exm::plan
