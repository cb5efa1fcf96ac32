// The clauses of "A plan" (semantics), a function each. `verify.cpp` calls them in order; each adds what it finds.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "runtime/plan/plan.h"
#include "runtime/verify/ask.h"
#include "runtime/verify/verdict.h"

namespace exm::model {

/// Fills in headroom and exposure of a verdict that has no findings.
void survey(const plan::Plan& plan, const Scene& scene, std::uint64_t most_states, Verdict& verdict);

/// Clause 1: requirements are known to hold, effects do not conflict.
void check_requirements(const plan::Plan& plan, const Scene& scene, std::vector<Finding>& findings);
/// Clause 2: steps without an order share nothing that one of them writes, and no host.
void check_races(const Model& model, const Order& order, std::vector<Finding>& findings);
/// Clause 3: rules in every state.
void check_rules(const plan::Plan& plan, const Scene& scene, Verdict& verdict);
/// Clause 4: wishes at the end.
void check_wishes(const plan::Plan& plan, const Scene& scene, std::vector<Finding>& findings);
/// Clause 5: everything else as it was.
void check_restored(const plan::Plan& plan, const Scene& scene, std::vector<Finding>& findings);
/// Clause 6: forbid, at most, windows, gates.
void check_limits(const plan::Plan& plan, const Scene& scene, std::int64_t duration, std::vector<Finding>& findings);
/// Clause 6: slots are there, and no order waits for ever.
void check_slots(const Scene& scene, std::vector<Finding>& findings);
/// Clause 6: a few faults more break no rule.
void check_withstand(const plan::Plan& plan, const Scene& scene, Verdict& verdict);

/// Clause 7, of fallbacks: each is valid from every phase of the step it replaces, and gives what that would have
/// given.
void check_fallbacks(const plan::Plan& plan, const Scene& scene, std::vector<Finding>& findings);

/// Whether retreats are to be right for all that the plan can come to, or for one world that was observed: there each rule
/// that they touch has to hold in the end, and what stays open is whatever it is.
enum class RetreatsFrom { plan, observed };
/// Clause 7: each step has a valid retreat. Gives from how many steps one was checked.
std::int64_t check_retreats(const plan::Plan& plan, const Scene& scene, RetreatsFrom from,
                            std::vector<Finding>& findings);
/// What the model's start has that is to be restored and is not.
World left_open(const plan::Plan& plan, const Model& model);

/// A step as a person names it: "step 1e (Install UR5 on EX3)".
std::string named(const Step& step);
/// Variables with their names.
std::vector<std::pair<std::string, plan::Value>> named(const Model& model,
                                                       const std::vector<std::pair<int, plan::Value>>& values);
/// "EX3.up is false and EX4.up is unknown": what the formula sees there.
std::string seen_words(const Model& model, const Compiled& formula, const Values& values);
Finding finding(const VerdictCode& code, std::string step, std::string rule, std::string message);

}  // namespace exm::model
