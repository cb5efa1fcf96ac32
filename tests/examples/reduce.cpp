#include "tests/examples/reduce.h"

#include <algorithm>

#include "runtime/plan/paths.h"

namespace exm::cli {
namespace {

using plan::Expression;
using plan::Operator;

class Reducer {
 public:
  Reducer(plan::Plan& plan, const std::set<std::string>& keep) : plan_(plan), keep_(keep) {}

  void run() {
    std::erase_if(plan_.objects, [&](const auto& object) { return gone(object.first); });
    std::erase_if(plan_.free, [&](const auto& free) { return gone(free.first); });
    for (auto& [name, shape] : plan_.templates) {
      std::erase_if(shape.requires_, [&](auto& requirement) { return !thin(requirement.formula); });
      std::erase_if(shape.during, [&](const auto& assignment) { return gone(assignment.variable); });
      std::erase_if(shape.probes, [&](const auto& probe) { return gone(probe.variable); });
      thin(shape.effects);
    }
  }

 private:
  /// Whether the path goes through a service that is not kept.
  bool gone(const std::string& path) const {
    const auto parts = plan::split_path(path);
    const auto at = std::find(parts.begin(), parts.end(), "services");
    return at != parts.end() && at + 1 != parts.end() && keep_.count(*(at + 1)) == 0;
  }

  bool mentions(const Expression& e) const {
    return (e.op == Operator::variable && gone(e.text)) || std::any_of(e.operands.begin(), e.operands.end(), [&](const auto& o) { return mentions(o); });
  }

  /// Takes out of a conjunction what speaks of services that are gone. False: nothing is left of it.
  bool thin(Expression& e) const {
    if (e.op != Operator::and_) return !mentions(e);
    const std::size_t before = e.operands.size();
    std::erase_if(e.operands, [&](auto& o) { return !thin(o); });
    if (e.operands.size() != 1) return before == 0 || !e.operands.empty();
    Expression only = std::move(e.operands.front());
    e = std::move(only);
    return true;
  }

  void thin(plan::Effect& effect) const {
    std::erase_if(effect.assignments, [&](const auto& assignment) { return gone(assignment.variable); });
    for (auto& part : effect.parts) thin(part);
    using Kind = plan::Effect::Kind;
    std::erase_if(effect.parts, [](const auto& part) { return part.kind == Kind::together ? part.assignments.empty() : part.parts.empty(); });
  }

  plan::Plan& plan_;
  const std::set<std::string>& keep_;
};

}  // namespace

plan::Plan reduced(plan::Plan plan, const std::set<std::string>& keep) {
  Reducer(plan, keep).run();
  plan.digest.clear();
  return plan;
}

std::set<std::string> services_of(const plan::Plan& plan) {
  std::set<std::string> names;
  for (const auto& [path, object] : plan.objects)
    if (object.kind == "service") names.insert(plan::object_name(path));
  return names;
}

}  // namespace exm::cli
