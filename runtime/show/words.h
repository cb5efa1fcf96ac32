// The words that all forms share: times, lengths, counts and values as a person would write them; lines of a width.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/plan/plan.h"

namespace exm::show {

/// "15 min", "2 h 24 min", "30 s".
std::string duration_words(plan::Seconds seconds);

/// "+0:16", "+1:02:30": time since the first step.
std::string clock_words(plan::Seconds seconds);

std::string value_words(const plan::Value& value);

/// What an action's lease does: "a timer on the host puts EX1.mode back after 30 min, should the run be lost". Of an instantiated template.
std::vector<std::string> lease_lines(const plan::Template& shape);

/// What a step does with slots: "Takes one of 3 slots of enough_hosts_serve(casnlb), when one is free."
std::vector<std::string> slot_lines(const plan::Plan& plan, const plan::Step& step);

/// Why a state may end other than it was.
std::string free_words(plan::Free::Why why);

/// The object that is new because of this variable, "" where it is not about that.
std::string what_is_new(const plan::Plan& plan, const std::string& variable);

/// A state of something new, which goes without saying: that the thing is new is said.
bool comes_along(const plan::Plan& plan, const std::string& variable);

/// "1 step", "2 steps".
std::string count_words(std::int64_t n, std::string_view noun);

/// "a", "a and b", "a, b and c"; past `most` the rest is counted.
std::string list_words(const std::vector<std::string>& items, std::size_t most = 12);

/// Begins with a capital, unless that is a name, and ends with a full stop.
std::string sentence(std::string_view text);

/// Control characters, and what turns the direction of text, become a space: nothing that a plan says moves a terminal's cursor.
std::string clean(std::string_view text);

/// Lines of at most so many characters, broken at spaces; a longer word stands alone.
std::vector<std::string> wrap(std::string_view text, std::size_t width);

}  // namespace exm::show
