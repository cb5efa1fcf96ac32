// A partial order of steps, with its transitive closure kept.
#pragma once

#include <cstdint>
#include <vector>

namespace exm::planning {

class Graph {
 public:
  explicit Graph(std::size_t n) : n_(n), words_((n + 63) / 64), before_(n * words_, 0) {}
  /// Is a before b?
  bool before(std::uint32_t a, std::uint32_t b) const { return (before_[b * words_ + a / 64] >> (a % 64)) & 1; }
  /// a before b, where a stands before b in the list.
  void add(std::uint32_t a, std::uint32_t b);
  /// The edges that follow from no others, into b.
  std::vector<std::uint32_t> direct(std::uint32_t b) const;
  std::size_t size() const { return n_; }

 private:
  std::size_t n_;
  std::size_t words_;
  std::vector<std::uint64_t> before_;  // per step, a bit for each that is before it
};

}  // namespace exm::planning
