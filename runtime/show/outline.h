// What every form of a plan says, before it is laid out: the summary as sentences, the steps by lane and by the clock.
// All text in it is clean (see words.h). Entry point: outline.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "runtime/plan/plan.h"

namespace exm::show {

struct OutlineStep {
  std::size_t index = 0;  // in the plan's steps
  std::string id;
  std::string title;
  std::string why;  // a sentence, or empty
  plan::Seconds start = 0;
  plan::Seconds takes = 0;
  std::vector<std::string> waits;      // sentences: for steps that are not the one just before in this lane, for a slot
  std::string meanwhile;               // what else runs at the time; or empty
  std::vector<std::string> marks;      // what to be aware of: it cannot be undone, a person does it, …
};

/// The steps that keep one host busy, in the order of time.
struct Lane {
  std::string name;
  std::vector<OutlineStep> steps;
};

struct Outline {
  std::string title;
  std::vector<std::string> summary;   // sentences
  std::vector<std::string> gates;     // what is asked, and before what
  std::vector<Lane> lanes;            // by their first start
  std::vector<std::string> failures;  // if a step fails: which way back there is, and what stays open
  std::vector<std::string> ends;      // what ends other than it was, and why
  std::vector<std::string> notices;
  std::vector<std::string> exposure;  // headroom, and what one more failure would do, each with when
};

Outline outline(const plan::Plan& plan);

}  // namespace exm::show
