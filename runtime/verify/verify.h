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

}  // namespace exm
