// A retreat as a plan of its own: the way back from a step that was cut off runs like any other plan, in the same journal,
// under step ids of its own ("1e/retreat/1"). Entry points: retreat_plan, retreat_words, begun_retreat.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "runtime/plan/plan.h"
#include "runtime/run/progress.h"
#include "runtime/run/record.h"

namespace exm {

/// The steps that were begun and are not over, by number.
std::vector<int> cut_off_steps(const Progress& progress);

/// The retreat from a step, from that world on. Wishes, gates, windows and slots of the plan do not bind it; its rules do.
plan::Plan retreat_plan(const plan::Plan& plan, const plan::Step& from, const World& world);

/// What it does and what stays open, in a line; nothing where the step has none.
std::string retreat_words(const plan::Plan& plan, const plan::Step& from);

/// The title of a step of the plan or of a retreat, by its id; empty where there is none.
std::string title_of(const plan::Plan& plan, const std::string& id);

/// A retreat that a journal tells of.
struct BegunRetreat {
  const plan::Step* from = nullptr;
  World world;  // in which it began
};
std::optional<BegunRetreat> begun_retreat(const plan::Plan& plan, const std::vector<Record>& records);

/// "EX3.build is unknown": what is to be restored and is not, a line each.
std::vector<std::string> open_lines(const plan::Plan& plan, const World& world);

}  // namespace exm
