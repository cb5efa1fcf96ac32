// One instance of something that repeats, on its way to what is shared: its objects become slots, and in a step's template
// its constants become holes, which `share` fills where all instances have the same and lifts to arguments elsewhere.
#pragma once

#include <string>
#include <vector>

#include "compiler/ground/task.h"
#include "runtime/plan/plan.h"

namespace exm::lowering {

/// A constant that may differ between instances, and a name for the argument that it may become.
struct Hole {
  plan::Value value;
  std::string name;
};

class Shape {
 public:
  enum class Constants { written_out, holes };
  enum class Objects { written_out, slots };
  Shape(const program::Program& program, const task::Task& task, Constants constants, Objects objects = Objects::slots)
      : program_(program), task_(task), constants_(constants), objects_are_(objects) {}

  /// "$0", "$0.forefront": an object stands by itself where it has a name of its own, else under its owner.
  std::string path(Id<program::Object> object);
  std::string variable(Id<task::Variable> variable);
  int slot(Id<program::Object> object);
  /// The slot for an object's name in a text; negative for what stands under its owner: its name is the same for all.
  int name_slot(Id<program::Object> object) { return objects_are_ == Objects::slots && stands_alone(object) ? slot(object) : -1; }
  plan::Expression expression(task::NodeId formula, const std::string& hint = "value");
  plan::Expression constant(const program::Value& value, const std::string& hint);
  plan::Assignment assignment(const task::Assignment& assignment);
  plan::Effect effect(const task::Effect& effect);
  /// The marker of a hole, for expressions, pieces and texts.
  std::string hole(const plan::Value& value, const std::string& hint);

  const std::vector<Id<program::Object>>& objects() const { return objects_; }
  const std::vector<Hole>& holes() const { return holes_; }
  std::vector<std::string> paths() const;

 private:
  bool stands_alone(Id<program::Object> object) const;
  std::string hint_of(const task::Node& node, const std::string& otherwise) const;

  const program::Program& program_;
  const task::Task& task_;
  Constants constants_;
  Objects objects_are_;
  std::vector<Id<program::Object>> objects_;
  std::vector<Hole> holes_;
};

/// A marker is one control character, a number, and another: no name holds them.
inline constexpr char hole_begin = '\x01', hole_end = '\x02';

/// Equal for equal templates; holes count by their place and type.
std::string key_of(const plan::Template& shape);
std::string key_of(const plan::Expression& expression);
std::string key_of(const plan::Effect& effect);
std::string key_of(const plan::Value& value);

/// Puts something in for each hole: a value, or an argument's name.
struct Filling {
  std::vector<plan::Value> values;
  std::vector<std::string> arguments;  // by hole; empty: the value
};
void fill(plan::Template& shape, const Filling& filling);

}  // namespace exm::lowering
