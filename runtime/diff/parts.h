// The parts of a comparison: each gives the changes of one section. For diff.cpp only.
#pragma once

#include <string>
#include <vector>

#include "runtime/diff/diff.h"

namespace exm::diff {

using Lines = std::vector<std::string>;

/// What only one of them has, each as often as it has it more, in their orders: "- " what is gone, "+ " what came.
Lines changed_lines(const Lines& before, const Lines& now);

/// Of two lists in which order means nothing: an entry that is gone, an entry that came. What is alike but for numbers is not put together.
std::vector<DiffEntry> changed_entries(const Lines& before, const Lines& now);

/// All that a step is, line by line, but for its place in the order. Slots stay where the template has them.
Lines lines_of(const plan::Template& shape);
/// The way back of a step, likewise.
Lines way_back_lines(const plan::Plan& plan, const plan::Step& step);

struct StepChanges {
  std::vector<DiffEntry> steps;
  std::vector<DiffEntry> order;
};
StepChanges step_changes(const plan::Plan& before, const plan::Plan& now);

std::vector<DiffEntry> start_changes(const plan::Plan& before, const plan::Plan& now);
std::vector<DiffEntry> source_changes(const plan::Plan& before, const plan::Plan& now);
std::vector<DiffEntry> rule_changes(const plan::Plan& before, const plan::Plan& now);
std::vector<DiffEntry> wish_changes(const plan::Plan& before, const plan::Plan& now);
std::vector<DiffEntry> limit_changes(const plan::Plan& before, const plan::Plan& now);
std::vector<DiffEntry> end_changes(const plan::Plan& before, const plan::Plan& now);

struct MeasureChanges {
  std::vector<DiffEntry> measures;
  std::vector<DiffEntry> nearness;  // headroom and exposure
};
MeasureChanges measure_changes(const plan::Plan& before, const plan::Plan& now);

}  // namespace exm::diff
