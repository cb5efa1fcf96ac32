// A count over many hosts, without walking all orders between them: each host's steps are walked by themselves, for the least that they
// leave of the count with each number of slots that the host holds. It can prove, and never refutes. Entry point: kept_by_each.
#include <algorithm>
#include <optional>
#include <unordered_set>

#include "runtime/plain/check.h"

namespace exm::plain {

namespace {

constexpr std::size_t most_states = 50'000;  // of one host

/// `least <= factor * sum`.
struct Bound {
  const Formula& sum;
  std::int64_t factor, least;
};

std::optional<Bound> bound_of(const Formula& formula) {
  const bool negated = formula.op == Op::negation;  // not a < b: b <= a
  const Formula& less = negated ? formula.parts[0] : formula;
  if (less.op != Op::less) return std::nullopt;
  const Formula &a = less.parts[0], &b = less.parts[1];
  const auto is_number = [](const Formula& f) { return f.op == Op::constant && f.value->type == Type::number; };
  if (is_number(a) && b.op == Op::sum) return negated ? Bound{b, -1, -a.value->number} : Bound{b, 1, a.value->number + 1};
  if (is_number(b) && a.op == Op::sum) return negated ? Bound{a, 1, b.value->number} : Bound{a, -1, 1 - b.value->number};
  return std::nullopt;
}

bool is_counted(const Formula& term) {
  const auto is_number = [](const Formula& f) { return f.op == Op::constant && f.value->type == Type::number; };
  return term.op == Op::choice && is_number(term.parts[1]) && is_number(term.parts[2]);
}

/// The least that a term may be.
std::int64_t least_of(const Formula& term, std::int64_t factor, const World& world) {
  const std::int64_t then = factor * term.parts[1].value->number, otherwise = factor * term.parts[2].value->number;
  const Truth is = truth(term.parts[0], world);
  return is == Truth::unknown ? std::min(then, otherwise) : is == Truth::yes ? then : otherwise;
}

/// Steps that the plan orders, with the terms that they change.
struct Host {
  std::vector<std::size_t> steps;  // in the plan's order
  std::vector<const Formula*> terms;
};

/// By the number of slots held: the least that the terms may be together.
using Least = std::map<std::int64_t, std::int64_t>;

/// All places of one host's steps. Nothing: there are too many.
std::optional<Least> walk(const Played& plan, const Host& host, const std::set<int>& variables, std::int64_t factor, const std::string& slot) {
  std::vector<Course> courses;
  for (const std::size_t s : host.steps) {
    auto places = course(plan.runs[s], variables, CutOffs::looked_at);
    if (!places) return std::nullopt;
    courses.push_back(std::move(*places));
  }
  Least out;
  std::vector<std::u16string> open{std::u16string(courses.size(), u'\0')};
  std::unordered_set<std::u16string> seen(open.begin(), open.end());
  while (!open.empty() && seen.size() <= most_states) {
    const std::u16string state = std::move(open.back());
    open.pop_back();
    World world = plan.model.start;
    std::int64_t held = 0, least = 0;
    for (std::size_t i = 0; i < courses.size(); ++i) {
      const Step& step = plan.model.steps[host.steps[i]];
      const bool ended = state[i] + std::size_t{1} == courses[i].size();
      for (const auto& [variable, value] : courses[i][state[i]].values) world[at(variable)] = value;
      if (state[i] != 0) held += std::count(step.acquires.begin(), step.acquires.end(), slot);
      if (ended) held -= std::count(step.releases.begin(), step.releases.end(), slot);
    }
    for (const Formula* term : host.terms) least += least_of(*term, factor, world);
    const auto known = out.emplace(held, least).first;
    known->second = std::min(known->second, least);
    for (std::size_t i = 0; i < courses.size(); ++i) {
      bool may_begin = true;
      for (std::size_t j = 0; j < i; ++j)
        may_begin = may_begin && (state[j] + std::size_t{1} == courses[j].size() || !plan.model.before[host.steps[j]][host.steps[i]]);
      if (state[i] == 0 && !may_begin) continue;
      for (const int next : courses[i][state[i]].next) {
        std::u16string moved = state;
        moved[i] = static_cast<char16_t>(next);
        if (seen.insert(moved).second) open.push_back(std::move(moved));
      }
    }
  }
  return open.empty() ? std::optional(out) : std::nullopt;
}

/// The steps that the formula or a slot is about, those that have an order together; each term with those that change it.
std::optional<std::vector<Host>> hosts_of(const Played& plan, const std::vector<Formula>& terms, const std::set<int>& variables,
                                          std::vector<const Formula*>& unchanged) {
  std::vector<Host> hosts;
  for (const int s : plan.model.order) {
    const Step& step = plan.model.steps[at(s)];
    const auto matters = [&](int v) { return variables.contains(v); };
    if (step.acquires.empty() && step.releases.empty() && std::none_of(step.action->writes.begin(), step.action->writes.end(), matters)) continue;
    Host host;
    for (Host& other : hosts) {
      if (std::none_of(other.steps.begin(), other.steps.end(), [&](std::size_t o) { return plan.model.before[o][at(s)]; })) continue;
      host.steps.insert(host.steps.end(), other.steps.begin(), other.steps.end());
      other.steps.clear();
    }
    std::erase_if(hosts, [](const Host& other) { return other.steps.empty(); });
    host.steps.push_back(at(s));
    hosts.push_back(std::move(host));
  }
  for (Host& host : hosts)  // each after those before it again
    std::sort(host.steps.begin(), host.steps.end(), [&](std::size_t a, std::size_t b) {
      return std::find(plan.model.order.begin(), plan.model.order.end(), a) < std::find(plan.model.order.begin(), plan.model.order.end(), b);
    });
  for (const Formula& term : terms) {
    std::set<int> read;
    variables_in(term, read);
    std::vector<Host*> owners;
    for (Host& host : hosts)
      if (std::any_of(host.steps.begin(), host.steps.end(), [&](std::size_t s) {
            const auto& writes = plan.model.steps[s].action->writes;
            return std::any_of(read.begin(), read.end(), [&](int v) { return writes.contains(v); });
          }))
        owners.push_back(&host);
    if (owners.size() > 1 || !is_counted(term)) return std::nullopt;
    (owners.empty() ? unchanged : owners.front()->terms).push_back(&term);
  }
  return hosts;
}

}  // namespace

bool kept_by_each(const Played& plan, const Formula& formula) {
  const auto bound = bound_of(formula);
  if (!bound) return false;
  std::set<int> variables;
  variables_in(formula, variables);
  std::vector<const Formula*> unchanged;
  const auto hosts = hosts_of(plan, bound->sum.parts, variables, unchanged);
  if (!hosts) return false;
  std::int64_t rest = 0;
  for (const Formula* term : unchanged) rest += least_of(*term, bound->factor, plan.model.start);
  std::map<std::string, std::int64_t> slots{{"", 0}};  // no step takes one without a name
  for (const auto& [name, n] : under(under(plan.json, "limits"), "slots").items()) slots[name] = n;
  return std::any_of(slots.begin(), slots.end(), [&](const auto& slot) {
    Least together{{0, rest}};  // of the hosts so far, with so many slots held by them
    for (const Host& host : *hosts) {
      if (host.terms.empty()) continue;
      const auto alone = walk(plan, host, variables, bound->factor, slot.first);
      if (!alone) return false;
      Least more;
      for (const auto& [held, least] : together)
        for (const auto& [holds, costs] : *alone) {
          const auto known = more.emplace(held + holds, least + costs).first;
          known->second = std::min(known->second, least + costs);
        }
      together = std::move(more);
    }
    return std::all_of(together.begin(), together.end(), [&](const auto& one) { return one.first > slot.second || one.second >= bound->least; });
  });
}

}  // namespace exm::plain
