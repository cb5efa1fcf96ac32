// A plan with its slots filled and its variables numbered: what the clauses are read on. Entry point: Model.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "runtime/plain/read.h"

namespace exm::plain {

struct Assignment {
  int variable = 0;
  Formula to;
  std::optional<Formula> when;
  bool operator==(const Assignment&) const = default;
};

/// Assignments that happen at once. `after`: those blocks of the effect, by their place, that are done before it.
struct Block {
  std::vector<Assignment> assignments;
  std::set<int> after;
  bool operator==(const Block&) const = default;
};
using Effect = std::vector<Block>;

/// A template with its slots filled.
struct Action {
  std::string name, on;
  std::vector<std::string> uses;
  std::vector<Formula> needs;
  std::vector<Assignment> during;
  Effect effect;
  std::vector<Assignment> assignments;  // all of both
  std::set<int> reads, writes, probed;
  std::int64_t takes = 0;
};

/// The way back from a step, and what it says to leave different.
struct Retreat {
  std::vector<const Action*> steps;
  std::map<int, Value> open;
};

struct Step {
  std::string id;
  const Action* action = nullptr;
  const Action* fallback = nullptr;
  std::vector<std::string> acquires, releases;
  std::optional<Retreat> retreat;
};

/// One instance of a rule.
struct Rule {
  std::string id;
  Formula formula;
  bool repaired = false, of_steps = false;
  std::set<int> variables;
};

/// An exception from restoring, as the plan has it.
struct Free {
  std::string why;
  Value ends;
};

struct Model {
  explicit Model(const Json& plan);

  std::vector<std::string> names;  // of the variables, by number
  World start, restore;
  std::vector<bool> lasting, planned;
  std::vector<Step> steps;
  std::vector<int> order;                 // all steps, each after those before it
  std::vector<std::vector<bool>> before;  // [a][b]: a has ended when b begins
  std::vector<Rule> rules;
  std::vector<Formula> wishes, disruptions;
  std::map<std::string, std::vector<Effect>> faults;  // by id, each instance
  std::map<int, Free> free;
  std::map<std::string, Action> actions;  // each template with each filling that is used
};

void variables_in(const Formula& formula, std::set<int>& found);
inline std::size_t at(int number) { return static_cast<std::size_t>(number); }

}  // namespace exm::plain
