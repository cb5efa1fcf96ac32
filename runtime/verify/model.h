// The plan with numbers for names and every slot filled: what the clauses are checked on. `number_plan` makes it, and
// says of what it could not make sense.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "runtime/plan/plan.h"
#include "runtime/verify/evaluate.h"
#include "runtime/verify/verdict.h"

namespace exm::model {

struct Assignment {
  int variable = 0;
  Compiled to;
  std::optional<Compiled> when;
};

/// Assignments that happen at once. `after` are the blocks that have to be done before, by their place in the step.
struct Block {
  std::vector<Assignment> assignments;
  std::vector<int> after;
};

struct Step {
  const plan::Step* source = nullptr;
  std::string id;
  std::string title;
  std::string action;
  std::string on;
  std::vector<Compiled> requires_;
  std::vector<Assignment> during;
  std::vector<Block> blocks;  // each after those it waits for
  std::vector<int> after;
  std::vector<int> acquires, releases;
  std::vector<int> reads, writes;  // sorted
  std::vector<std::string> uses;
  plan::Seconds takes = 0;
  std::int64_t cost = 1;
  std::vector<plan::Seconds> disrupts;  // by what no state shows
};

/// One instance of a rule.
struct Rule {
  std::string id;
  std::string text;  // the rule as a person reads it, with its objects
  Compiled formula;
  bool repaired = false;
  bool of_steps = false;
};

struct Fault {
  std::string id;
  std::string text;
  std::vector<Block> blocks;
};

/// What users of an object feel for as long as it holds.
struct Disruption {
  int object = 0;
  Compiled formula;
};

struct Model {
  std::vector<std::string> names;  // of the variables, sorted
  std::unordered_map<std::string, int> numbers;
  Values first;    // where the whole plan begins
  Values start;    // where the plan, or what is left of it, begins
  bool from_start = false;  // the two are the same, and no step is done
  Values restore;  // what each variable is to be restored to
  std::vector<bool> lasting, planned;
  std::vector<int> object;  // of each variable, a number
  std::vector<Disruption> disruptions;
  std::vector<Step> steps;
  std::vector<Rule> rules;
  std::vector<Compiled> wishes;
  std::vector<Fault> faults;
  std::vector<std::string> slot_names;
  std::vector<int> slots;  // how many of each are free where it begins
  std::vector<int> held;   // how many of each are held by steps that are done
};

/// The plan without the steps in `done`, from `world`.
Model number_plan(const plan::Plan& plan, const World& world, const std::set<std::string>& done,
                  std::vector<Finding>& findings);

/// Puts the filled template into the step, its variables numbered.
void fill_step(Step& step, const plan::Template& shape, const std::function<int(const std::string&)>& number);

/// The blocks of an effect, each after those it waits for.
std::vector<Block> blocks_of(const plan::Effect& effect, const std::function<int(const std::string&)>& number);

}  // namespace exm::model
