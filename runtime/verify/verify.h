// The independent check of a plan: clauses 1 to 7 of "A plan" (semantics), from the plan alone. `verify` is the entry.
//
// What it leans on: where no two steps race (clause 2), whatever a step reads is the same in every order, so one run of
// the plan (simulate.h) proves requirements, wishes and restoration; and for rules it is enough to walk, rule by rule,
// the places of the steps that touch the rule's variables (course.h, reach.h).
#pragma once

#include <set>
#include <string>

#include "runtime/plan/plan.h"
#include "runtime/verify/evaluate.h"
#include "runtime/verify/verdict.h"

namespace exm {

/// Whether the plan is valid from its own start, and its digest is right where it has one.
Verdict verify(const plan::Plan& plan, const VerifyBounds& bounds = {});

/// Whether what is left of the plan is valid from an observed world, in which the steps in `done` have ended (or were
/// skipped) and no other has begun.
Verdict verify(const plan::Plan& plan, const World& observed, const std::set<std::string>& done,
               const VerifyBounds& bounds = {});

/// Whether the retreat from a step, without its first `taken` steps, is valid from a world that was observed, in which no
/// command of the step goes on.
Verdict verify_retreat(const plan::Plan& plan, const std::string& step, const World& observed, std::size_t taken = 0);

/// What a world has that is to be restored and is not, with the values that it has there.
World left_open(const plan::Plan& plan, const World& world);

/// Adds to the verdict where the plan has a digest that is not its own.
void check_digest(const plan::Plan& plan, Verdict& verdict);

}  // namespace exm
