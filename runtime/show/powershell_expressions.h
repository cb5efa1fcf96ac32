// Plan expressions as PowerShell, for the functions of one action. Conditions are three-valued, by the functions of the
// script's runtime. Entry points: condition, words, slotted.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/plan/plan.h"

namespace exm::show {

/// An action of a script: a template of the plan, the name that its functions share, and the variables that are its
/// parameters. `sample` is a step that takes it: what is equal for all of them (types) is read there.
struct Action {
  std::string id;
  std::string name;
  const plan::Plan* plan = nullptr;
  const plan::Template* shape = nullptr;
  std::vector<std::string> slots;             // the variable that holds the path of the object in each slot
  std::map<std::string, std::string> arguments;  // and that of each argument
  std::vector<std::string> sample;            // the objects of one step
};

/// The variable for the object in a slot, with its dollar sign.
std::string slot_variable(const Action& action, int slot);

/// The variable for an argument, likewise.
std::string argument_variable(const Action& action, const std::string& name);

/// A value of a plan as the script's conditions have it: none is [DBNull], a set is a hash table, unknown is $null.
std::string script_value(const plan::Value& value);

/// The value of an expression, as a PowerShell expression that can stand as an argument.
std::string script_expression(const plan::Expression& expression, const Action& action);

/// An expression in words for a person, slots still in it.
std::string words(const plan::Expression& expression);

/// What slots and arguments stand for in a text.
enum class Slot { path, name };

/// A text with slots as a PowerShell string.
std::string slotted(std::string_view text, const Action& action, Slot slot);

/// Whether the variable, slots and all, is of this type of value; decided on the action's sample.
plan::Type variable_type(std::string_view variable, const Action& action);

}  // namespace exm::show
