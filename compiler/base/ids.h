// Typed indexes: an Id<Kind> can't be used where an Id<Object> is meant.
#pragma once

#include <cstdint>
#include <limits>
#include <vector>

namespace exm {

template <class T>
struct Id {
  static constexpr std::uint32_t nothing = std::numeric_limits<std::uint32_t>::max();
  std::uint32_t index = nothing;

  constexpr Id() = default;
  constexpr explicit Id(std::size_t i) : index(static_cast<std::uint32_t>(i)) {}
  constexpr explicit operator bool() const { return index != nothing; }
  friend constexpr bool operator==(Id a, Id b) { return a.index == b.index; }
  friend constexpr auto operator<=>(Id a, Id b) { return a.index <=> b.index; }
};

/// A vector that is indexed by the Id of what it holds.
template <class T>
class Table {
 public:
  Id<T> add(T item) {
    items_.push_back(std::move(item));
    return Id<T>(items_.size() - 1);
  }
  T& operator[](Id<T> id) { return items_[id.index]; }
  const T& operator[](Id<T> id) const { return items_[id.index]; }
  std::size_t size() const { return items_.size(); }
  bool empty() const { return items_.empty(); }
  auto begin() { return items_.begin(); }
  auto end() { return items_.end(); }
  auto begin() const { return items_.begin(); }
  auto end() const { return items_.end(); }
  Id<T> id(std::size_t i) const { return Id<T>(i); }
  std::vector<T>& items() { return items_; }
  const std::vector<T>& items() const { return items_; }

 private:
  std::vector<T> items_;
};

}  // namespace exm
