// Events that each need others to have happened, and a weight on each: which set of them, closed under what they need,
// weighs least. This is the minimum closure of a graph, found as a minimum cut (Picard 1976) by Dinic's algorithm.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

namespace exm::model {

class Closure {
 public:
  /// An event; gives its number. Weights may be negative.
  int add(std::int64_t weight);
  /// `event` happens only once `before` has.
  void needs(int event, int before) { needs_.emplace_back(event, before); }

  struct Least {
    std::int64_t weight = 0;
    std::vector<bool> happened;  // by event: of the sets that weigh least, the smallest
  };
  Least least() const;

 private:
  std::vector<std::int64_t> weights_;
  std::vector<std::pair<int, int>> needs_;
};

}  // namespace exm::model
