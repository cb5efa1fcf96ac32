#include "runtime/verify/projection.h"

#include <algorithm>
#include <set>

namespace exm::model {
namespace {

/// Adds what the fault reads where it writes one of `wanted`; whether that is more.
bool want_read(const Fault& fault, std::set<int>& wanted) {
  const std::size_t before = wanted.size();
  for (const Block& block : fault.blocks) {
    for (const Assignment& assignment : block.assignments) {
      if (!wanted.count(assignment.variable)) continue;
      each_variable(assignment.to, [&](int v) { wanted.insert(v); });
      if (assignment.when) each_variable(*assignment.when, [&](int v) { wanted.insert(v); });
    }
  }
  return wanted.size() > before;
}

}  // namespace

Projection::Projection(const Model& model, const Compiled& formula, const std::vector<Fault>& faults) {
  std::set<int> wanted;
  each_variable(formula, [&](int v) {
    if (v >= 0) wanted.insert(v);
  });
  for (bool grew = !faults.empty(); grew;) {
    grew = false;
    for (const Fault& fault : faults) grew |= want_read(fault, wanted);
  }
  variables_.assign(wanted.begin(), wanted.end());
  for (const int v : variables_) start_.push_back(model.start[v]);
}

int Projection::local(int variable) const {
  const auto at = std::lower_bound(variables_.begin(), variables_.end(), variable);
  return at == variables_.end() || *at != variable ? -1 : static_cast<int>(at - variables_.begin());
}

Compiled Projection::local(const Compiled& formula) const {
  return renumbered(formula, [&](int v) { return local(v); });
}

Fault Projection::local(const Fault& fault) const {
  Fault mine = fault;
  for (Block& block : mine.blocks) {
    std::erase_if(block.assignments, [&](const Assignment& a) { return local(a.variable) < 0; });
    for (Assignment& assignment : block.assignments) {
      assignment.variable = local(assignment.variable);
      assignment.to = local(assignment.to);
      if (assignment.when) assignment.when = local(*assignment.when);
    }
  }
  return mine;
}

void Projection::show(const Course& course, int place, Values& values) const {
  const Values& shown = course.places[place].values;
  for (std::size_t i = 0; i < shown.size(); ++i) values[local(course.variables[i])] = shown[i];
}

FaultIndex::FaultIndex(const Model& model, const std::string& id) : model_(model) {
  for (std::size_t f = 0; f < model.faults.size(); ++f) {
    if (!id.empty() && model.faults[f].id != id) continue;
    for (const Block& block : model.faults[f].blocks) {
      for (const Assignment& a : block.assignments) by_variable_[a.variable].push_back(static_cast<int>(f));
    }
  }
}

std::vector<int> FaultIndex::touching(const Compiled& formula) const {
  std::set<int> wanted, found;
  std::vector<int> open;
  const auto want = [&](int v) {
    if (wanted.insert(v).second) open.push_back(v);
  };
  each_variable(formula, want);
  while (!open.empty()) {
    const auto at = by_variable_.find(open.back());
    open.pop_back();
    if (at == by_variable_.end()) continue;
    for (const int f : at->second) {
      if (!found.insert(f).second) continue;
      for (const Block& block : model_.faults[f].blocks) {
        for (const Assignment& a : block.assignments) {
          each_variable(a.to, want);
          if (a.when) each_variable(*a.when, want);
        }
      }
    }
  }
  return {found.begin(), found.end()};
}

bool strikes(const Fault& fault) {
  return std::any_of(fault.blocks.begin(), fault.blocks.end(), [](const Block& b) { return !b.assignments.empty(); });
}

std::vector<Change> strike(const Fault& fault, Values& values) {
  std::vector<Change> done;
  const Values before = values;
  for (const Moment& moment : moments_of(fault.blocks, before)) {
    for (const Change& change : moment.changes) {
      plan::Value& v = values[change.variable];
      v = change.when == Truth::yes || same(v, change.to) ? change.to : plan::unknown();
      done.push_back({change.variable, v, Truth::yes});
    }
  }
  return done;
}

}  // namespace exm::model
