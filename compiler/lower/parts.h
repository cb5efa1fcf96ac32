// The parts of a plan that `lower` puts together, one function each.
#pragma once

#include <string>
#include <vector>

#include "compiler/ground/grounding.h"
#include "compiler/lower/steps.h"
#include "runtime/plan/plan.h"

namespace exm::lowering {

struct Lowering {
  const program::Program& program;
  const task::Task& task;
  const Found& found;
  task::Assignments start;
  task::Assignments end;
  std::vector<std::uint8_t> written;  // by variable: does a step write it, or one of a way back?
  std::vector<std::string> ids = {};  // of the steps

  bool touches(task::NodeId formula) const;  // does it read what these write?
};

/// "1a", "1b", …: a lane for each host, in the order of the steps.
std::vector<std::string> step_ids(const Lowering& l);

/// Templates and steps: what repeats is written once, what differs becomes arguments.
void share(const Lowering& l, Drafts& drafts, plan::Plan& plan);

/// The ways back, one for all steps that are equal but for names. `made`: the steps that only ways back have.
void lower_retreats(const Lowering& l, const Drafts& drafts, const std::vector<plan::Step>& made, plan::Plan& plan);

std::string why(const Lowering& l, std::size_t step);

void lower_rules(const Lowering& l, plan::Plan& plan);
void lower_disruptions(const Lowering& l, plan::Plan& plan);
void lower_faults(const Lowering& l, plan::Plan& plan);
void lower_limits(const Lowering& l, plan::Plan& plan);
/// What the steps take and give back. After `share`, which makes the steps.
void lower_slots(const Lowering& l, plan::Plan& plan);
void lower_free(const Lowering& l, plan::Plan& plan);
/// Kinds, objects, hosts and preludes of all that the rest of the plan names: comes last.
void lower_environment(const Lowering& l, const Places& places, plan::Plan& plan);
/// Likewise, with every object that there is.
void lower_all_objects(const Lowering& l, const Places& places, plan::Plan& plan);

}  // namespace exm::lowering
