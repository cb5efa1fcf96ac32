// A plan's steps carried out one event at a time, in an order and overlap chosen by chance: what a watcher would see of
// the world after each event. It looks at no rule. Entry: play.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "runtime/plan/plan.h"

namespace exm::cli {

using World = std::map<std::string, plan::Value>;

/// A step that has begun and not ended.
struct UnderWay {
  std::string action;
  std::vector<std::string> objects;
};

/// Called at the start and after each event: the world, and the steps that are under way in it.
using Watcher = std::function<void(const World&, const std::vector<UnderWay>&)>;

/// The world at the end. What a condition that nobody knows decides is left unknown.
World play(const plan::Plan& plan, std::uint32_t seed, const Watcher& watch);

}  // namespace exm::cli
