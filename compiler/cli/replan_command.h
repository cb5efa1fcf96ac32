// `replan`: a new plan from where a run was left, on to the wish or back. Entry point: replan_run.
#pragma once

#include "compiler/cli/plan_command.h"

namespace exm {

struct ReplanArguments {
  PlanArguments plan;
  std::string journal;
  std::string adapter;  // what the world is looked at through first; empty: what the run saw last is believed
  std::vector<std::string> adapter_options;
  bool retreat = false;
};

int replan_run(const ReplanArguments& arguments);

}  // namespace exm
