// The order of a plan's steps: which are before which, and one sequence that keeps it. `Order::of` is the entry.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace exm::model {

/// A set of small numbers.
class Bits {
 public:
  explicit Bits(std::size_t size = 0) : words_((size + 63) / 64) {}
  void add(int i) { words_[at(i)] |= std::uint64_t{1} << (i % 64); }
  bool has(int i) const { return (words_[at(i)] >> (i % 64)) & 1; }
  void add(const Bits& other) {
    for (std::size_t w = 0; w < words_.size(); ++w) words_[w] |= other.words_[w];
  }

 private:
  static std::size_t at(int i) { return i / 64; }
  std::vector<std::uint64_t> words_;
};

class Order {
 public:
  /// Nothing where the order is a circle. `after[i]` are the direct predecessors of `i`.
  static std::optional<Order> of(const std::vector<std::vector<int>>& after);

  /// Every number once, predecessors first; ties by number.
  const std::vector<int>& sequence() const { return sequence_; }
  /// Where `i` stands in the sequence.
  int place(int i) const { return place_[i]; }
  /// Whether `a` has to be over before `b` may begin.
  bool before(int a, int b) const { return ancestors(b).has(a); }
  bool ordered(int a, int b) const { return before(a, b) || before(b, a); }
  /// Of `steps`, which stand in the order's sequence: for each, by their place in the list, those before it that no
  /// other one of them stands between.
  std::vector<std::vector<int>> nearest(const std::vector<int>& steps) const;
  const Bits& ancestors(int i) const { return ancestors_[i]; }
  std::size_t size() const { return place_.size(); }

 private:
  std::vector<int> sequence_;
  std::vector<int> place_;
  std::vector<Bits> ancestors_;
};

}  // namespace exm::model
