// A brute force beside the checker: whole worlds, one event at a time, every interleaving and every cut-off. It shares
// the expression evaluator with the checker and nothing else. `naive::judge` is the entry.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "runtime/plan/plan.h"
#include "runtime/verify/verdict.h"

namespace exm::naive {

struct Judgement {
  bool valid = true;
  bool gave_up = false;  // too many states to look at
  std::string why;       // the first thing that was wrong
  bool races = false;
  bool several_ends = false;                    // a doubtful effect and another in any order: the last one decides
  std::map<std::string, std::size_t> shortest;  // by rule id: the fewest events after which an instance is broken
  std::size_t states = 0;
};

Judgement judge(const plan::Plan& plan, std::size_t most_states = 200'000);

/// Whether these events can happen in this order and leave some instance of the rule broken; else why not.
std::optional<std::string> replay(const plan::Plan& plan, const std::vector<Event>& trace, const std::string& rule);

/// What is wrong with the first retreat that is not valid, or nothing. Of a plan that is valid but for them.
std::string judge_retreats(const plan::Plan& plan);

/// What a retreat from a step leaves open; nothing where it is not valid.
std::optional<std::map<std::string, plan::Value>> open_after(const plan::Plan& plan, std::size_t step,
                                                             const plan::Retreat& retreat);

/// The world after all steps, one after another; nothing where the order is a circle.
std::optional<std::map<std::string, plan::Value>> end_of(const plan::Plan& plan);

}  // namespace exm::naive
