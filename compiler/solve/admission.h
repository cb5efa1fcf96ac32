// May an operator begin, alone, in a state: its requirements hold, and every rule holds in each of its phases? The answer is
// remembered by the values of what it depends on, since a search asks the same again and again.
#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "compiler/solve/rules.h"

namespace exm::planning {

class Admission {
 public:
  explicit Admission(const Model& model);

  /// `state` is changed and put back.
  bool may_begin(std::uint32_t op, State& state, const Bound& bound);

  /// The operator as read in the state; made once where it reads nothing.
  const Begun& begun(std::uint32_t op, const State& state);

 private:
  struct Hash {
    std::size_t operator()(const std::vector<Val>& key) const {
      std::size_t h = 1469598103934665603ull;
      for (Val v : key) h = (h ^ v) * 1099511628211ull;
      return h;
    }
  };
  struct Known {
    bool prepared = false;
    bool constant = false;       // what it does is the same in every state
    std::vector<Var> depends;    // what the answer depends on
    Begun begun;
    std::unordered_map<std::vector<Val>, bool, Hash> answers;
  };

  Known& known(std::uint32_t op);
  bool decide(std::uint32_t op, State& state, const Bound& bound);

  const Model& model_;
  bool latent_ = false;  // some rule binds only later: then answers depend on more than values
  std::vector<Known> known_;
  std::vector<Val> key_;
};

}  // namespace exm::planning
