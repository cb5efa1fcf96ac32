#include "runtime/verify/order.h"

#include <algorithm>
#include <functional>
#include <queue>

namespace exm::model {

std::optional<Order> Order::of(const std::vector<std::vector<int>>& after) {
  const std::size_t n = after.size();
  std::vector<std::vector<int>> next(n);
  std::vector<std::size_t> waits(n);
  std::priority_queue<int, std::vector<int>, std::greater<>> ready;
  for (std::size_t i = 0; i < n; ++i) {
    waits[i] = after[i].size();
    for (const int p : after[i]) next[p].push_back(static_cast<int>(i));
    if (waits[i] == 0) ready.push(static_cast<int>(i));
  }
  Order order;
  order.place_.resize(n);
  order.ancestors_.assign(n, Bits(n));
  while (!ready.empty()) {
    const int i = ready.top();
    ready.pop();
    order.place_[i] = static_cast<int>(order.sequence_.size());
    order.sequence_.push_back(i);
    Bits& mine = order.ancestors_[i];
    for (const int p : after[i]) {
      mine.add(order.ancestors(p));
      mine.add(p);
    }
    for (const int s : next[i]) {
      if (--waits[s] == 0) ready.push(s);
    }
  }
  if (order.sequence_.size() < n) return std::nullopt;
  return order;
}

std::vector<std::vector<int>> Order::nearest(const std::vector<int>& steps) const {
  std::vector<std::vector<int>> nearest(steps.size());
  for (std::size_t i = 0; i < steps.size(); ++i) {
    for (std::size_t j = i; j-- > 0;) {  // the last ones first: what is before one of them is before it anyhow
      if (!before(steps[j], steps[i])) continue;
      const auto& found = nearest[i];
      const bool implied = std::any_of(found.begin(), found.end(), [&](int k) { return before(steps[j], steps[k]); });
      if (!implied) nearest[i].push_back(static_cast<int>(j));
    }
  }
  return nearest;
}

}  // namespace exm::model
