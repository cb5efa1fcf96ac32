// Components that are equal but for names, such as a thousand arrays of the same kind: one of them is planned, the others
// take its plan over.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

#include "compiler/solve/component.h"

namespace exm::planning {

class Alike {
 public:
  Alike(const Model& model, const std::vector<Component>& components);

  /// The first component that is equal to this one but for names; often the component itself.
  std::size_t first(std::size_t component) const { return first_[component]; }
  /// What stands in this component for what is in `first(component)`.
  Renaming renaming(std::size_t component) const;
  /// The plan of `first(component)`, with the names of this one.
  Planned renamed(const Planned& plan, std::size_t component) const;

 private:
  /// What a component's plan can depend on, each in the order of the task.
  struct Parts {
    std::vector<Var> variables;
    std::vector<std::uint32_t> operators, rules, disruptions;
    std::vector<std::uint32_t> constraints, objects;  // in the order in which they are met
  };
  friend class Outline;

  const task::Task& task_;
  std::map<std::uint32_t, task::ValueId> object_values_;  // by object
  std::vector<std::size_t> first_;
  std::vector<Parts> parts_;  // by component
};

}  // namespace exm::planning
