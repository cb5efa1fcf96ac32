#include "runtime/run/headroom.h"

#include <algorithm>

#include "runtime/plan/instantiate.h"

namespace exm {

std::string count_text(const CountNow& count) {
  return count.what + ": " + std::to_string(count.now) + " of " + std::to_string(count.all) + ", " + std::to_string(count.needed) + " needed";
}

Counts::Counts(const plan::Plan& plan) {
  for (const auto& rule : plan.rules) {
    const auto formulas = plan::instances(rule.formula);
    for (std::size_t i = 0; i < formulas.size(); ++i) {
      const auto& objects = rule.formula.instances;
      const bool one_of_many = formulas.size() > 1 && !objects[i].empty();
      look(formulas[i], rule.id + (one_of_many ? " of " + objects[i].front() : ""));
    }
  }
}

void Counts::look(const plan::Expression& formula, const std::string& what) {
  using plan::Operator;
  if (formula.op == Operator::and_)
    for (const auto& part : formula.operands) look(part, what);
  if (formula.operands.size() != 2) return;
  const auto& left = formula.operands[0];
  const auto& right = formula.operands[1];
  const auto add = [&](const plan::Expression& number, const plan::Expression& count) {
    if (number.op == Operator::constant && number.value.type == plan::Value::Type::integer && count.op == Operator::count)
      counts_.push_back({what, count.operands, number.value.number});
  };
  if (formula.op == Operator::less_equal) add(left, right);
  if (formula.op == Operator::greater_equal) add(right, left);
}

std::vector<CountNow> Counts::nearest(const World& world, std::size_t most) const {
  std::vector<CountNow> list;
  for (const auto& count : counts_) {
    const auto now = std::count_if(count.terms.begin(), count.terms.end(), [&](const auto& term) { return truth(term, world) == Truth::yes; });
    list.push_back({count.what, now, static_cast<std::int64_t>(count.terms.size()), count.needed});
  }
  std::stable_sort(list.begin(), list.end(), [](const CountNow& a, const CountNow& b) { return a.now - a.needed < b.now - b.needed; });
  if (list.size() > most) list.resize(most);
  return list;
}

}  // namespace exm
