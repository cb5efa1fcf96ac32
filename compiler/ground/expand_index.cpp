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

/// A comparison that an index can answer: `element` reads the quantifier's element (or what `within` goes through, which reads
/// just the element) and nothing else, `other` reads neither.
struct Sides {
  const Expr* element = nullptr;
  const Expr* other = nullptr;
  const Expr* within = nullptr;  // `exists h in a.nlb.hosts: h.server == s`
};

bool reads_only(const Expr& expr, std::uint32_t local) {
  std::vector<std::uint32_t> bound;
  return mentions(expr, local, bound) == Mentions::only;
}

Sides comparison(const Expr& where, std::uint32_t local) {
  if (where.op == Op::and_) {
    for (const Expr& operand : where.operands)
      if (const Sides sides = comparison(operand, local); sides.element) return sides;
  }
  if (where.op == Op::exists && reads_only(where.operands[0], local)) {
    Sides sides = comparison(where.operands[2], where.local);
    if (!sides.element || sides.within || touches(*sides.other, local)) return {};
    sides.within = &where;
    return sides;
  }
  if (where.op == Op::in && reads_only(where.operands[1], local) && !touches(where.operands[0], local)) return {&where.operands[1], &where.operands[0], nullptr};
  if (where.op != Op::equal) return {};
  for (int side : {0, 1}) {
    const Expr &a = where.operands[static_cast<std::size_t>(side)], &b = where.operands[static_cast<std::size_t>(1 - side)];
    if (reads_only(a, local) && !touches(b, local)) return {&a, &b, nullptr};
  }
  return {};
}

/// The values under which an element is found; nothing where these depend on states.
std::optional<std::vector<Value>> keys_of(Expander& facts, const Expr& quantifier, const Sides& sides, Terms& frame) {
  std::vector<Value> keys;
  auto add = [&] {
    const auto value = facts.constant(facts.expand(*sides.element, frame));
    if (!value || value->tag == Value::Tag::unknown) return false;
    if (value->tag == Value::Tag::set || value->tag == Value::Tag::list) keys.insert(keys.end(), value->elements.begin(), value->elements.end());
    keys.push_back(*value);
    return true;
  };
  if (!sides.within) return add() ? std::optional(keys) : std::nullopt;
  frame.resize(std::max(frame.size(), std::max<std::size_t>(quantifier.local, sides.within->local) + 1));
  for (const Member& member : facts.elements(*sides.within, frame)) {
    frame[sides.within->local] = {false, member.value, {}};
    if (!add()) return {};
  }
  return keys;
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
      const auto keys = keys_of(facts, quantifier, sides, alone);
      if (!keys) index.open.push_back(object);
      else for (const Value& key : *keys) index.by_value[key].push_back(object);
    }
  }
  std::vector<Id<program::Object>> objects = index.open;
  if (const auto found = index.by_value.find(*wanted); found != index.by_value.end()) objects.insert(objects.end(), found->second.begin(), found->second.end());
  std::sort(objects.begin(), objects.end());
  objects.erase(std::unique(objects.begin(), objects.end()), objects.end());
  std::vector<Member> result;
  for (Id<program::Object> object : objects) result.push_back({b_.constant(object_value(object)), existence(object)});
  return result;
}

}  // namespace exm::task
