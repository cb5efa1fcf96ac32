// How far a run has come: the state of each step, the world as the plan has it by now, and the world as it is believed to
// be. A live run and the replay of a journal keep it by the same functions. Entry point: Progress.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "runtime/plan/plan.h"
#include "runtime/run/record.h"

namespace exm {

/// What was known when a step's command was given.
struct Brief {
  World before;   // of the variables that it writes
  Changes goals;  // what they are to be
};

class Progress {
 public:
  /// The plan outlives it.
  explicit Progress(const plan::Plan& plan);

  /// Takes a transition over, with what the probes showed.
  void take(const Record& record);
  /// Takes what was observed over.
  void see(const World& values);

  StepState state(int step) const { return states_[static_cast<std::size_t>(step)]; }
  int attempt(int step) const { return attempts_[static_cast<std::size_t>(step)]; }
  Milliseconds since(int step) const { return since_[static_cast<std::size_t>(step)]; }
  int step_count() const { return static_cast<int>(states_.size()); }
  /// The number of a step, or -1.
  int number_of(const std::string& id) const;
  std::shared_ptr<const plan::Template> shape(int step) const;

  const World& planned() const { return planned_; }
  const World& believed() const { return believed_; }
  /// Of a step that was begun and is not over.
  const Brief& brief(int step) { return briefs_[step]; }
  /// The ids of the steps that are done or skipped.
  std::set<std::string> over() const;
  int count(StepState state) const;

  /// Whether some variable is now known to be, or may be, other than the plan has it. The plan's validity carries over
  /// to every world that only knows more, so only then the rest of the plan has to be verified anew.
  bool strays() const { return !astray_.empty(); }
  const std::set<std::string>& astray() const { return astray_; }

 private:
  void compare(const std::string& variable);
  void finish(int step, StepState state);
  void keep_brief(int step);

  const plan::Plan& plan_;
  std::vector<StepState> states_;
  std::vector<int> attempts_;
  std::vector<Milliseconds> since_;
  std::map<std::string, int> numbers_;
  std::map<int, Brief> briefs_;
  mutable std::map<int, std::shared_ptr<const plan::Template>> shapes_;  // of steps that are looked at or under way: asked for again and again
  World planned_, believed_;
  std::set<std::string> astray_;
};

}  // namespace exm
