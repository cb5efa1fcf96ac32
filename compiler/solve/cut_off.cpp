#include "compiler/solve/cut_off.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <set>

namespace exm::planning {

namespace {

/// So many variables are looked at in all their combinations; and so many combinations.
constexpr std::size_t most_exact = 8, most_values = 256;

/// What the step gives another value than it has, be it for a while; `vague` those of them that may be unknown then.
struct Touched {
  std::vector<Var> variables, vague;
};

void sort_unique(std::vector<Var>& v) {
  std::sort(v.begin(), v.end());
  v.erase(std::unique(v.begin(), v.end()), v.end());
}

Touched touched(const Begun& begun, const State& before) {
  std::vector<Write> writes = writes_of(begun);
  writes.insert(writes.end(), begun.during.begin(), begun.during.end());
  Touched out;
  for (const auto& w : writes) {
    if (w.value == before[w.variable]) continue;
    out.variables.push_back(w.variable);
    if (w.maybe || w.value == 0 || before[w.variable] == 0) out.vague.push_back(w.variable);
  }
  sort_unique(out.variables);
  sort_unique(out.vague);
  return out;
}

/// All that the step leaves in `seen` when it is cut off. Nothing where there are too many.
std::optional<CutOff> all_of(const Begun& begun, const std::vector<Var>& seen, const State& before) {
  CutOff out;
  const auto all = halfways(begun, seen, before, out.variables);
  std::set<std::vector<Val>> values;
  for (const auto& at : all) {
    values.insert(at.cut_off.begin(), at.cut_off.end());
    if (values.size() > most_values) return std::nullopt;
  }
  if (values.empty()) return std::nullopt;
  out.values.assign(values.begin(), values.end());
  return out;
}

/// These are taken for unknown, whatever the step has done.
CutOff blurred(const CutOff& cut, const std::vector<Var>& unknown) {
  CutOff out;
  std::set_union(cut.variables.begin(), cut.variables.end(), unknown.begin(), unknown.end(), std::back_inserter(out.variables));
  for (const auto& values : cut.values) {
    std::vector<Val> all;
    for (Var v : out.variables) {
      const auto at = std::lower_bound(cut.variables.begin(), cut.variables.end(), v);
      all.push_back(at != cut.variables.end() && *at == v ? values[static_cast<std::size_t>(at - cut.variables.begin())] : 0);
    }
    out.values.push_back(std::move(all));
  }
  return out;
}

}  // namespace

CutOff cut_off(const Model& model, std::uint32_t op, const State& before) {
  const Begun begun = begin(model, op, before);
  const Touched all = touched(begun, before);
  if (all.variables.size() <= most_exact)
    if (auto cut = all_of(begun, all.variables, before)) return *cut;
  std::vector<Var> definite;
  std::set_difference(all.variables.begin(), all.variables.end(), all.vague.begin(), all.vague.end(), std::back_inserter(definite));
  if (definite.size() <= most_exact)
    if (const auto cut = all_of(begun, definite, before)) return blurred(*cut, all.vague);
  return blurred({{}, {{}}}, all.variables);
}

}  // namespace exm::planning
