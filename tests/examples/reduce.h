// A plan made small enough for brute force: without all but some of its services. Services are alike, depend on nothing but
// the steps of their own server, and no rule speaks of them; so what is true of the rest is true of the whole. Entry: reduced.
#pragma once

#include <set>
#include <string>

#include "runtime/plan/plan.h"

namespace exm::cli {

/// Without the services whose name is not among these: their objects, what is done to them, what is asked of them.
plan::Plan reduced(plan::Plan plan, const std::set<std::string>& keep);

/// The names of all services in the plan.
std::set<std::string> services_of(const plan::Plan& plan);

}  // namespace exm::cli
