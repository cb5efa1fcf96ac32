#include "compiler/solve/graph.h"

namespace exm::planning {

void Graph::add(std::uint32_t a, std::uint32_t b) {
  if (before(a, b)) return;
  const auto join = [&](std::uint32_t to) {
    for (std::size_t w = 0; w < words_; ++w) before_[to * words_ + w] |= before_[a * words_ + w];
    before_[to * words_ + a / 64] |= std::uint64_t{1} << (a % 64);
  };
  join(b);
  for (std::uint32_t c = b + 1; c < n_; ++c)
    if (before(b, c)) join(c);
}

std::vector<std::uint32_t> Graph::direct(std::uint32_t b) const {
  std::vector<std::uint32_t> out;
  for (std::uint32_t a = 0; a < b; ++a) {
    if (!before(a, b)) continue;
    bool follows = false;
    for (std::uint32_t c = a + 1; c < b && !follows; ++c) follows = before(a, c) && before(c, b);
    if (!follows) out.push_back(a);
  }
  return out;
}

}  // namespace exm::planning
