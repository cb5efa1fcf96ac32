// The clauses of "A plan", each a function that adds what it found to the report. Entry point: check.
#pragma once

#include "runtime/plain/phases.h"

namespace exm::plain {

/// A sentence for each clause that holds, each thing that is broken, and each that is not known since a bound was reached.
struct Report {
  std::vector<std::string> holds, broken, open;
  bool valid() const { return broken.empty() && open.empty(); }
};

/// The file's text: its form, its digest, all clauses.
Report check(const std::string& text);
/// All clauses of a plan whose form is right.
void check(const Json& plan, Report& report);

/// A plan, and one run of it: each step from the world in which it begins, and the world at the end.
struct Played {
  const Json& json;
  Model model;
  std::vector<World> begins;  // by step: all that is before it has ended, nothing else has begun
  std::vector<Run> runs;      // by step
  World end;
};

void check_requirements(Played& plan, Report& report);      // clause 1; it plays the plan
void check_races(const Model& model, Report& report);       // clause 2
void check_rules(const Played& plan, Report& report);       // clause 3, and `withstand` of clause 6
void check_end(const Played& plan, Report& report);         // clauses 4 and 5
void check_limits(const Played& plan, Report& report);      // clause 6
void check_ways_back(const Played& plan, Report& report);   // clause 7

/// Is a count known to hold in every state, by what each host by itself leaves of it, and by slots? No is no answer.
bool kept_by_each(const Played& plan, const Formula& formula);

/// "EX3.up is false, EX4.up is unknown": what a formula sees.
std::string seen(const Model& model, const Formula& formula, const World& world);

}  // namespace exm::plain
