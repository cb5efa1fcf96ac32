// Quantifiers over a whole kind with a condition on a fact (`h in host where h.server == s`) look the objects up: without
// an index, asking this for each server would take time that grows with the square of their number.
#include <algorithm>

#include "compiler/ground/expand.h"

namespace exm::task {

using program::Expr;
using program::Op;
using program::Value;

namespace {

constexpr std::size_t worth_an_index = 16;

enum class Mentions { nothing, only, others };

/// Which locals an expression mentions, beside those that it binds itself.
Mentions mentions(const Expr& expr, std::uint32_t local, std::vector<std::uint32_t>& bound) {
  if (expr.op == Op::local) {
    if (std::find(bound.begin(), bound.end(), expr.local) != bound.end()) return Mentions::nothing;
    return expr.local == local ? Mentions::only : Mentions::others;
  }
  Mentions result = Mentions::nothing;
  auto add = [&](const Expr& e) { result = std::max(result, mentions(e, local, bound)); };
  const bool binds = expr.op == Op::forall || expr.op == Op::exists || expr.op == Op::count || expr.op == Op::sum || expr.op == Op::filter || expr.op == Op::map;
  if (binds) bound.push_back(expr.local);
  for (const Expr& operand : expr.operands) add(operand);
  for (const program::TextPart& part : expr.parts)
    for (const Expr& value : part.value) add(value);
  if (binds) bound.pop_back();
  return result;
}

/// Does it mention the local at all?
bool touches(const Expr& expr, std::uint32_t local) {
  if (expr.op == Op::local) return expr.local == local;
  auto part_touches = [&](const program::TextPart& part) { return !part.value.empty() && touches(part.value[0], local); };
  return std::any_of(expr.operands.begin(), expr.operands.end(), [&](const Expr& e) { return touches(e, local); }) ||
         std::any_of(expr.parts.begin(), expr.parts.end(), part_touches);
}

struct Sides {
  const Expr* element = nullptr;  // reads the element and nothing else
  const Expr* other = nullptr;
};

/// `a == b`, itself or one of several joined by `and`, where one side reads just the element and the other does not.
Sides comparison(const Expr& where, std::uint32_t local) {
  if (where.op == Op::and_) {
    for (const Expr& operand : where.operands)
      if (const Sides sides = comparison(operand, local); sides.element) return sides;
  }
  if (where.op != Op::equal) return {};
  for (int side : {0, 1}) {
    const Expr &a = where.operands[static_cast<std::size_t>(side)], &b = where.operands[static_cast<std::size_t>(1 - side)];
    std::vector<std::uint32_t> bound;
    if (mentions(a, local, bound) == Mentions::only && !touches(b, local)) return {&a, &b};
  }
  return {};
}

}  // namespace

std::optional<std::vector<Member>> Expander::indexed(const Expr& quantifier, Terms& frame) {
  const Expr& collection = quantifier.operands[0];
  if (collection.op != Op::all || world_.of_kind[collection.kind.index].size() < worth_an_index) return {};
  const Sides sides = comparison(quantifier.operands[1], quantifier.local);
  if (!sides.element) return {};
  const auto wanted = constant(expand(*sides.other, frame));
  if (!wanted || wanted->tag == Value::Tag::unknown || wanted->tag == Value::Tag::version) return {};
  const auto [place, is_new] = indexes_.try_emplace(sides.element);
  Index& index = place->second;
  if (is_new) {
    Expander facts(world_, b_, {Reading::Kind::facts, nullptr}, work_);
    for (Id<program::Object> object : world_.of_kind[collection.kind.index]) {
      Terms alone(quantifier.local + 1, unknown_term());
      alone[quantifier.local] = term(object_value(object));
      const auto value = facts.constant(facts.expand(*sides.element, alone));
      if (!value || value->tag == Value::Tag::unknown) index.open.push_back(object);
      else index.by_value[*value].push_back(object);
    }
  }
  std::vector<Id<program::Object>> objects = index.open;
  if (const auto found = index.by_value.find(*wanted); found != index.by_value.end()) objects.insert(objects.end(), found->second.begin(), found->second.end());
  std::sort(objects.begin(), objects.end());
  std::vector<Member> result;
  for (Id<program::Object> object : objects) result.push_back({b_.constant(object_value(object)), existence(object)});
  return result;
}

}  // namespace exm::task
