// The one place where the slots of templates, rules, faults and retreats are replaced.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/plan/plan.h"

namespace exm::plan {

using Args = std::map<std::string, Value>;

/// `$0`, `$1`, … become the objects, `$name` an argument's text, `$$` a dollar sign. A slot that is not there stays as it is.
std::string fill(std::string_view text, std::span<const std::string> objects, const Args& args = {});

/// As `fill`, for titles: an object stands as its name, not as its path.
std::string fill_title(std::string_view text, std::span<const std::string> objects, const Args& args = {});

Expression instantiate(const Expression& expression, std::span<const std::string> objects, const Args& args = {});
Assignment instantiate(const Assignment& assignment, std::span<const std::string> objects, const Args& args = {});
Effect instantiate(const Effect& effect, std::span<const std::string> objects, const Args& args = {});
/// Objects and arguments become values.
Text instantiate(const Text& text, std::span<const std::string> objects, const Args& args = {});
Command instantiate(const Command& command, std::span<const std::string> objects, const Args& args = {});
Probe instantiate(const Probe& probe, std::span<const std::string> objects, const Args& args = {});
Template instantiate(const Template& shape, std::span<const std::string> objects, const Args& args = {});

/// The step's template with every slot replaced. The template must exist.
Template instantiate(const Plan& plan, const Step& step);

/// The template without its commands, probes and words: what decides whether a plan is valid, which is far less to copy.
Template logic_of(const Template& shape);

/// A retreat's step with all its arguments: those that it does not give itself are those of the step that names the retreat.
RetreatStep completed(const RetreatStep& back, const Step& step);

/// A retreat's step as a step of its own, for the step that names the retreat. It has no id, and comes after nothing.
Step step_back(const RetreatStep& back, const Step& from);

/// A retreat's step, for the step that names the retreat: its slots are that step's objects.
Template instantiate(const Plan& plan, const RetreatStep& back, const Step& step);

/// The template that a step falls back on; its objects are already paths (that of an instantiated template).
Template instantiate(const Plan& plan, const Fallback& fallback, const Args& args);

/// The formulas of all instances, in order; one where it has none.
std::vector<Expression> instances(const Formula& formula);

}  // namespace exm::plan
