// A step to a template of its own, in the state in which it begins: what it requires and does, its commands and probes.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "compiler/ground/expand.h"
#include "compiler/ground/formula_value.h"
#include "compiler/lower/shape.h"
#include "compiler/solve/solution.h"

namespace exm::lowering {

/// A template with holes, and what stands for its slots and holes in this step.
struct Draft {
  plan::Template shape;
  std::vector<Id<program::Object>> objects;
  std::vector<Hole> holes;
  std::optional<std::size_t> fallback;  // an index into Drafts::fallbacks
};

/// Where commands run, and in which languages.
struct Places {
  std::set<Id<program::Object>> hosts;
  std::set<std::pair<std::string, std::string>> languages;  // and the kind of the host; empty: the controller
};

struct Drafts {
  std::vector<Draft> steps;      // those of the plan in order, then those that only ways back have
  std::vector<Draft> fallbacks;
  std::vector<std::vector<std::size_t>> ways_back;  // of each step of the plan: indexes into `steps`
  Places places;
};

using Changes = std::map<Id<task::Variable>, task::ValueId>;

/// What a step that begins in `state` changes.
Changes changes(const task::Task& task, const task::Operator& op, const task::Assignments& state);

/// Makes the changes; what undoes them comes back.
Changes make_changes(const Changes& changes, task::Assignments& state);

/// Drafts of all steps, in order; `end` is the state after the last.
Drafts draft_steps(const program::Program& program, const task::Task& task, const Found& found, task::Assignments& end);

/// Texts and commands in the state that the expander reads.
class Words {
 public:
  Words(const program::Program& program, task::Expander& x, Shape& shape, const std::vector<program::Local>& parameters)
      : program_(program), x_(x), shape_(shape), parameters_(parameters) {}
  std::string text(const program::Expr& expr, task::Terms& frame);
  plan::Text command(const program::Expr& expr, task::Terms& frame);
  /// The object that an expression is; nothing for none and unknown.
  Id<program::Object> object(const program::Expr& expr, task::Terms& frame);

 private:
  std::string hint(const program::Expr& expr) const;
  plan::Piece piece(const program::Expr& expr, task::Terms& frame);
  const program::Program& program_;
  task::Expander& x_;
  Shape& shape_;
  const std::vector<program::Local>& parameters_;
};

}  // namespace exm::lowering
