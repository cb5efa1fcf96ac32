// The templates of retreat steps, each compiled once however many steps use it: its variables have numbers of its own,
// and `bind` tells which variables of the plan they are for some objects. `Shapes` is the entry.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "runtime/verify/model.h"

namespace exm::model {

struct Shape {
  int id = 0;
  Step step;                       // with the shape's own numbers; no title
  std::vector<std::string> paths;  // by number
  bool filled = false;             // whether the paths have objects for slots already
  std::vector<int> probed;         // sorted
};

/// A step of a retreat as one step of the plan has it.
struct Bound {
  const Shape* shape = nullptr;  // nothing: it names a template or a state that is not there
  std::vector<int> variables;    // of the plan, by the shape's numbers
};

class Shapes {
 public:
  Shapes(const plan::Plan& plan, const Model& model) : plan_(plan), model_(model) {}
  /// `objects` are those of the step that names the retreat.
  const Bound& bind(const plan::RetreatStep& step, const std::vector<std::string>& objects);

 private:
  /// What decides whether two steps of one template are the same shape.
  struct About {
    std::set<std::string> arguments;  // that formulas read
    bool only_names_vary = true;      // with the objects
  };
  const Shape* shape(const plan::RetreatStep& step, const std::vector<std::string>& objects, const std::string& names);
  const About& about(const std::string& name, const plan::Template& shape);

  const plan::Plan& plan_;
  const Model& model_;
  std::map<std::string, About> about_;  // by template
  std::map<std::string, Shape> shapes_;
  std::map<std::string, Bound> bound_;
};

}  // namespace exm::model
