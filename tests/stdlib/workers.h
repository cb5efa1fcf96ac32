// As many things at once as the machine can do. Entry point: each_of.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <thread>
#include <vector>

namespace exm::clauses {

/// Calls `act(i)` for each i below `count`, in any order.
template <class Act>
void each_of(std::size_t count, Act act) {
  std::atomic<std::size_t> next = 0;
  std::vector<std::jthread> workers;
  for (unsigned w = 0; w < std::max(1u, std::thread::hardware_concurrency()); ++w)
    workers.emplace_back([&] {
      for (std::size_t i = next++; i < count; i = next++) act(i);
    });
}

}  // namespace exm::clauses
