// The things that formulas speak of: which objects there are of each kind, where each one's variables stand, and what a
// variable that holds an object can hold. `make_world` adds the variables to the task.
#pragma once

#include <map>
#include <vector>

#include "compiler/check/program.h"
#include "compiler/ground/formulas.h"
#include "compiler/ground/task.h"

namespace exm::task {

struct World {
  const program::Program& program;
  const Task& task;
  std::vector<std::vector<Id<program::Object>>> of_kind;    // by kind, in the order of the files
  std::vector<std::uint32_t> first_variable;                // by object
  std::vector<std::uint8_t> existence;                      // by object: has it a variable `exists`?
  std::vector<std::uint8_t> exists_at_start;                // by object
  std::vector<std::uint32_t> state_offset;                  // by field, among the states of its kind without `exists`
  std::map<Id<Variable>, std::vector<program::Value>> held;  // what a variable that holds objects may hold; absent: all of its kind

  static bool is_existence(const program::Field& field) { return field.is_state && field.name == "exists"; }
  /// Nothing for the `exists` of an object that is there all the time, and for a state that its kind has not.
  Id<Variable> variable(Id<program::Object> object, Id<program::Field> state) const;
  /// The variable `exists` of an object, where it has one.
  Id<Variable> existence_variable(Id<program::Object> object) const;
  /// What a variable (or an element of it) may be, for types of few values: objects, enums, bools. Empty: not known.
  std::vector<program::Value> possible(Id<Variable> variable) const;
  /// All values of a type: objects of a kind, names of an enum, bools, `none` where it is optional. Empty: too many.
  std::vector<program::Value> all_values(const program::Type& type) const;
};

program::Value object_value(Id<program::Object> object);

/// Of a task that has its variables already.
World world_of(const program::Program& program, const Task& task);

World make_world(const program::Program& program, Task& task, Builder& builder);

}  // namespace exm::task
