#include <algorithm>

#include "tests/properties/task_random.h"

namespace exm::naive {

namespace {

/// Counts pieces down; at the n-th, takes it out.
class Taker {
 public:
  explicit Taker(std::size_t n) : left_(n) {}
  bool done() const { return done_; }

  template <class List>
  void from(List& list) {
    if (done_) return;
    if (left_ < list.size()) {
      list.erase(list.begin() + static_cast<std::ptrdiff_t>(left_));
      done_ = true;
    } else {
      left_ -= list.size();
    }
  }

  /// One piece, put in by `change`.
  template <class F>
  void one(bool there, const F& change) {
    if (done_ || !there) return;
    if (left_-- > 0) return;
    change();
    done_ = true;
  }

  void from(task::Effect& effect) {
    from(effect.assignments);
    for (auto& a : effect.assignments) one(static_cast<bool>(a.when), [&] { a.when = {}; });
    from(effect.parts);
    for (auto& part : effect.parts) from(part);
  }

 private:
  std::size_t left_;
  bool done_ = false;
};

/// A state that is to be put back has its wish and a step, as grounding would have it.
bool hangs_together(const task::Task& task) {
  for (std::uint32_t i = 0; i < task.variables.size(); ++i) {
    const Id<task::Variable> v(i);
    const auto& variable = task.variables[v];
    const bool wished = std::any_of(task.wishes.begin(), task.wishes.end(), [&](const auto& wish) { return wish.restores == v; });
    const bool written = std::any_of(task.operators.begin(), task.operators.end(), [&](const auto& op) { return assigns(op.effects, v); });
    const bool strayed = variable.free == task::Variable::Free::no && variable.start != variable.restore;
    if (strayed != wished || (strayed && !written)) return false;
  }
  return true;
}

}  // namespace

std::optional<task::Task> smaller(const task::Task& task, std::size_t n) {
  task::Task out = task;
  Taker taker(n);
  taker.from(out.operators.items());
  taker.from(out.rules);
  taker.from(out.wishes);
  taker.from(out.withstand);
  taker.from(out.disrupts_when);
  taker.one(out.at_most.has_value(), [&] { out.at_most = std::nullopt, out.at_most_constraint = {}; });
  for (auto& op : out.operators) {
    taker.from(op.requires_);
    taker.from(op.during);
    taker.from(op.uses);
    taker.from(op.reads);
    taker.from(op.disrupts);
    taker.from(op.effects);
    taker.one(static_cast<bool>(op.forbidden), [&] { op.forbidden = {}; });
    taker.one(op.takes > 1, [&] { op.takes = 1; });
    taker.one(op.cost != 1, [&] { op.cost = 1; });
    taker.one(static_cast<bool>(op.on), [&] { op.on = {}; });
  }
  for (auto& v : out.variables)
    taker.one(v.free == task::Variable::Free::no, [&] { v.free = task::Variable::Free::left; });
  if (!taker.done()) return std::nullopt;
  return hangs_together(out) ? out : smaller(task, n + 1);
}

}  // namespace exm::naive
