#include "runtime/verify/closure.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace exm::model {
namespace {

constexpr std::int64_t no_limit = std::numeric_limits<std::int64_t>::max() / 4;

/// A network of pipes, and the greatest flow through it.
class Network {
 public:
  explicit Network(int nodes) : out_(static_cast<std::size_t>(nodes)) {}

  void pipe(int from, int to, std::int64_t room) {
    out_[from].push_back(static_cast<int>(pipes_.size()));
    pipes_.push_back({to, room});
    out_[to].push_back(static_cast<int>(pipes_.size()));
    pipes_.push_back({from, 0});
  }

  std::int64_t flow(int source, int sink) {
    std::int64_t total = 0;
    while (layer(source, sink)) {
      tried_.assign(out_.size(), 0);
      while (const std::int64_t more = push_path(source, sink)) total += more;
    }
    return total;
  }

  /// After `flow`: whether there is still room from the source to there.
  bool reached(int node) const { return layer_[node] >= 0; }

 private:
  struct Pipe {
    int to = 0;
    std::int64_t room = 0;
  };

  bool layer(int source, int sink) {
    layer_.assign(out_.size(), -1);
    layer_[source] = 0;
    std::vector<int> queue{source};
    for (std::size_t i = 0; i < queue.size(); ++i) {
      for (const int p : out_[queue[i]]) {
        const Pipe& pipe = pipes_[p];
        if (pipe.room == 0 || layer_[pipe.to] >= 0) continue;
        layer_[pipe.to] = layer_[queue[i]] + 1;
        queue.push_back(pipe.to);
      }
    }
    return layer_[sink] >= 0;
  }

  /// One way from the source to the sink, each pipe one layer on, and what fits through it. Without recursion: chains
  /// of events are as long as a plan.
  std::int64_t push_path(int source, int sink) {
    std::vector<int> path;
    int node = source;
    while (node != sink) {
      const int pipe = open_pipe(node);
      if (pipe >= 0) {
        path.push_back(pipe);
        node = pipes_[pipe].to;
      } else if (path.empty()) {
        return 0;
      } else {  // a dead end: back one pipe, never this way again
        node = pipes_[path.back() ^ 1].to;
        ++tried_[node];
        path.pop_back();
      }
    }
    std::int64_t fits = no_limit;
    for (const int p : path) fits = std::min(fits, pipes_[p].room);
    for (const int p : path) {
      pipes_[p].room -= fits;
      pipes_[p ^ 1].room += fits;
    }
    return fits;
  }

  int open_pipe(int node) {
    for (std::size_t& i = tried_[node]; i < out_[node].size(); ++i) {
      const Pipe& pipe = pipes_[out_[node][i]];
      if (pipe.room > 0 && layer_[pipe.to] == layer_[node] + 1) return out_[node][i];
    }
    return -1;
  }

  std::vector<Pipe> pipes_;  // each beside its way back
  std::vector<std::vector<int>> out_;
  std::vector<int> layer_;
  std::vector<std::size_t> tried_;  // by node: its pipes that lead no further
};

}  // namespace

int Closure::add(std::int64_t weight) {
  weights_.push_back(weight);
  return static_cast<int>(weights_.size()) - 1;
}

Closure::Least Closure::least() const {
  const int events = static_cast<int>(weights_.size()), source = events, sink = events + 1;
  Network network(events + 2);
  std::int64_t gain = 0;
  for (int e = 0; e < events; ++e) {
    if (weights_[e] < 0) network.pipe(source, e, -weights_[e]), gain -= weights_[e];
    if (weights_[e] > 0) network.pipe(e, sink, weights_[e]);
  }
  for (const auto& [event, before] : needs_) network.pipe(event, before, no_limit);
  Least least{network.flow(source, sink) - gain, std::vector<bool>(weights_.size())};
  for (int e = 0; e < events; ++e) least.happened[e] = network.reached(e);
  return least;
}

}  // namespace exm::model
