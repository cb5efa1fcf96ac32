// Kleene logic, collections and intervals.
#include <algorithm>
#include <limits>

#include "compiler/check/evaluator.h"

namespace exm::program {

Evaluator::Truth Evaluator::equal(const Value& a, const Value& b) const {
  if (a.tag == Value::Tag::unknown || b.tag == Value::Tag::unknown) return Truth::unknown;
  if (a.tag == Value::Tag::version && b.tag == Value::Tag::version) return compare(a, b) == 0 ? Truth::yes : Truth::no;
  const bool set_and_list = (a.tag == Value::Tag::set && b.tag == Value::Tag::list) || (a.tag == Value::Tag::list && b.tag == Value::Tag::set);
  if (set_and_list) return set_of(a.elements) == set_of(b.elements) ? Truth::yes : Truth::no;
  return a == b ? Truth::yes : Truth::no;
}

Evaluator::Truth Evaluator::truth(const Expr& expr, Frame& frame) {
  switch (expr.op) {
    case Op::not_: {
      const Truth t = truth(expr.operands[0], frame);
      return t == Truth::unknown ? t : t == Truth::yes ? Truth::no : Truth::yes;
    }
    case Op::and_: {
      const Truth a = truth(expr.operands[0], frame);
      return a == Truth::no ? a : std::min(a, truth(expr.operands[1], frame));
    }
    case Op::or_: {
      const Truth a = truth(expr.operands[0], frame);
      return a == Truth::yes ? a : std::max(a, truth(expr.operands[1], frame));
    }
    case Op::implies: {
      const Truth a = truth(expr.operands[0], frame);
      if (a == Truth::no) return Truth::yes;
      const Truth b = truth(expr.operands[1], frame);
      return a == Truth::yes || b == Truth::yes ? b : Truth::unknown;
    }
    case Op::equal: case Op::not_equal: case Op::less: case Op::less_equal: case Op::greater: case Op::greater_equal:
      return compared(expr, frame);
    case Op::in: case Op::not_in: return contained(expr, frame);
    case Op::forall: case Op::exists: return quantified(expr, frame);
    case Op::known: return value(expr.operands[0], frame).tag == Value::Tag::unknown ? Truth::no : Truth::yes;
    default: {
      const Value v = value(expr, frame);
      return v.tag != Value::Tag::boolean ? Truth::unknown : v.number != 0 ? Truth::yes : Truth::no;
    }
  }
}

namespace {
bool is_numeric(const Expr& expr) {
  return expr.op == Op::count || expr.op == Op::sum || expr.op == Op::add || expr.op == Op::subtract || expr.op == Op::multiply ||
         expr.op == Op::divide || expr.op == Op::negate;
}
}  // namespace

Evaluator::Truth Evaluator::compared(const Expr& expr, Frame& frame) {
  if (is_numeric(expr.operands[0]) || is_numeric(expr.operands[1])) {
    const auto a = interval(expr.operands[0], frame);
    const auto b = interval(expr.operands[1], frame);
    if (!a || !b) return Truth::unknown;
    const auto decide = [](bool yes, bool no) { return yes ? Truth::yes : no ? Truth::no : Truth::unknown; };
    const bool apart = a->high < b->low || b->high < a->low;
    const bool same = a->low == a->high && b->low == b->high && a->low == b->low;
    switch (expr.op) {
      case Op::equal: return decide(same, apart);
      case Op::not_equal: return decide(apart, same);
      case Op::less: return decide(a->high < b->low, a->low >= b->high);
      case Op::less_equal: return decide(a->high <= b->low, a->low > b->high);
      case Op::greater: return decide(a->low > b->high, a->high <= b->low);
      default: return decide(a->low >= b->high, a->high < b->low);
    }
  }
  const Value a = value(expr.operands[0], frame);
  const Value b = value(expr.operands[1], frame);
  if (expr.op == Op::equal) return equal(a, b);
  if (expr.op == Op::not_equal) {
    const Truth t = equal(a, b);
    return t == Truth::unknown ? t : t == Truth::yes ? Truth::no : Truth::yes;
  }
  if (a.tag != b.tag || a.tag == Value::Tag::unknown || a.tag == Value::Tag::none) return Truth::unknown;
  const int order = compare(a, b);
  const bool holds = expr.op == Op::less ? order < 0 : expr.op == Op::less_equal ? order <= 0 : expr.op == Op::greater ? order > 0 : order >= 0;
  return holds ? Truth::yes : Truth::no;
}

Evaluator::Truth Evaluator::member(const Value& element, const std::vector<Element>& set) const {
  if (element.tag == Value::Tag::unknown) return set.empty() ? Truth::no : Truth::unknown;
  Truth found = Truth::no;
  for (const Element& candidate : set) {
    Truth t = equal(element, candidate.value);
    if (t == Truth::yes && !candidate.sure) t = Truth::unknown;
    found = std::max(found, t);
    if (found == Truth::yes) break;
  }
  return found;
}

Evaluator::Truth Evaluator::contained(const Expr& expr, Frame& frame) {
  const Value element = value(expr.operands[0], frame);
  const auto set = elements(expr.operands[1], frame);
  Truth t = Truth::unknown;
  if (set && spend(set->size())) t = member(element, *set);
  if (expr.op == Op::in || t == Truth::unknown) return t;
  return t == Truth::yes ? Truth::no : Truth::yes;
}

std::optional<std::vector<Evaluator::Element>> Evaluator::elements(const Expr& collection, Frame& frame) {
  std::vector<Element> result;
  const auto add_objects = [&](const std::vector<Id<Object>>& objects, Id<Kind> kind) {
    for (const Id<Object> object : objects) {
      if (program_.objects[object].kind != kind) continue;
      const Truth there = exists(object);
      if (there == Truth::no) continue;
      Value v;
      v.tag = Value::Tag::object;
      v.object = object;
      result.push_back({std::move(v), there == Truth::yes});
    }
  };
  switch (collection.op) {
    case Op::all:
      add_objects(objects_of(collection.kind), collection.kind);
      break;
    case Op::owned: {
      const Value of = value(collection.operands[0], frame);
      if (of.tag == Value::Tag::none) break;
      if (of.tag != Value::Tag::object) return std::nullopt;
      add_objects(program_.objects[of.object].owned, collection.kind);
      break;
    }
    case Op::filter: return elements_where(collection, frame);
    case Op::map: {
      auto inner = elements_where(collection, frame);
      if (!inner) return inner;
      for (Element& element : *inner) {
        frame[collection.local] = element.value;
        result.push_back({value(collection.operands[2], frame), element.sure});
      }
      break;
    }
    case Op::call: {
      const Let& let = program_.lets[collection.let];
      if (let.value.type.tag != Type::Tag::set) break;
      if (collection.operands.empty() && value(collection, frame).tag != Value::Tag::unknown) break;  // remembered
      Frame inner;
      for (const Expr& argument : collection.operands) inner.push_back(value(argument, frame));
      inner.resize(std::max<std::size_t>(let.locals, inner.size()));
      if (depth_ >= 1000) return std::nullopt;
      ++depth_;
      auto found = elements(let.value, inner);
      --depth_;
      return found;
    }
    case Op::set: case Op::list:
      for (const Expr& operand : collection.operands) result.push_back({value(operand, frame), true});
      break;
    default: break;
  }
  if (collection.op == Op::all || collection.op == Op::owned || collection.op == Op::map || collection.op == Op::set || collection.op == Op::list)
    return spend(result.size()) ? std::optional(std::move(result)) : std::nullopt;
  Value v = value(collection, frame);
  if (v.tag == Value::Tag::none) return result;
  if (v.tag != Value::Tag::set && v.tag != Value::Tag::list) return std::nullopt;
  for (Value& element : v.elements) result.push_back({std::move(element), true});
  return spend(result.size()) ? std::optional(std::move(result)) : std::nullopt;
}

std::optional<std::vector<Evaluator::Element>> Evaluator::elements_where(const Expr& quantifier, Frame& frame) {
  auto all = elements(quantifier.operands[0], frame);
  if (!all) return all;
  if (frame.size() <= quantifier.local) frame.resize(quantifier.local + 1);
  std::vector<Element> result;
  for (Element& element : *all) {
    frame[quantifier.local] = element.value;
    const Truth t = truth(quantifier.operands[1], frame);
    if (t == Truth::no) continue;
    result.push_back({std::move(element.value), element.sure && t == Truth::yes});
  }
  return result;
}

Evaluator::Truth Evaluator::quantified(const Expr& expr, Frame& frame) {
  const bool universal = expr.op == Op::forall;
  const Truth decided = universal ? Truth::no : Truth::yes;
  Truth result = universal ? Truth::yes : Truth::no;
  auto all = elements(expr.operands[0], frame);
  if (!all) return Truth::unknown;
  if (frame.size() <= expr.local) frame.resize(expr.local + 1);
  for (Element& element : *all) {
    frame[expr.local] = std::move(element.value);
    const Truth where = truth(expr.operands[1], frame);
    if (where == Truth::no) continue;
    Truth t = truth(expr.operands[2], frame);
    if (t == decided && (where == Truth::unknown || !element.sure)) t = Truth::unknown;
    result = universal ? std::min(result, t) : std::max(result, t);
    if (result == decided) break;
  }
  return result;
}

Value Evaluator::collected(const Expr& expr, Frame& frame) {
  Value result;
  if (expr.op == Op::range) {
    const Value from = value(expr.operands[0], frame);
    const Value to = value(expr.operands[1], frame);
    if (from.tag != Value::Tag::integer || to.tag != Value::Tag::integer) return result;
    result.tag = Value::Tag::list;
    // the difference as unsigned: it can't overflow
    if (from.number > to.number || !spend(static_cast<std::uint64_t>(to.number) - static_cast<std::uint64_t>(from.number))) return result;
    for (std::int64_t i = from.number;; ++i) {
      result.elements.push_back(integer(i));
      if (i == to.number) break;
    }
    return result;
  }
  auto all = elements(expr, frame);
  if (!all) return result;
  std::vector<Value> values;
  for (Element& element : *all) {
    if (!element.sure || element.value.tag == Value::Tag::unknown) return result;
    values.push_back(std::move(element.value));
  }
  if (expr.op != Op::list) return set_of(std::move(values));
  result.tag = Value::Tag::list;
  result.elements = std::move(values);
  return result;
}

std::optional<Evaluator::Interval> Evaluator::interval(const Expr& expr, Frame& frame) {
  switch (expr.op) {
    case Op::count: return counted(expr, frame);
    case Op::sum: return summed(expr, frame);
    case Op::negate: {
      const auto a = interval(expr.operands[0], frame);
      if (!a || a->low == std::numeric_limits<std::int64_t>::min()) return std::nullopt;
      return Interval{-a->high, -a->low};
    }
    case Op::add: case Op::subtract: case Op::multiply: case Op::divide: return arithmetic(expr, frame);
    default: {
      const Value v = value(expr, frame);
      if (v.tag != Value::Tag::integer && v.tag != Value::Tag::duration) return std::nullopt;
      return Interval{v.number, v.number};
    }
  }
}

std::optional<Evaluator::Interval> Evaluator::counted(const Expr& expr, Frame& frame) {
  const auto all = elements_where(expr, frame);
  if (!all) return std::nullopt;
  Interval result;
  for (const Element& element : *all) {
    ++result.high;
    if (element.sure) ++result.low;
  }
  return result;
}

std::optional<Evaluator::Interval> Evaluator::summed(const Expr& expr, Frame& frame) {
  auto all = elements_where(expr, frame);
  if (!all) return std::nullopt;
  Interval result;
  for (Element& element : *all) {
    frame[expr.local] = std::move(element.value);
    auto term = interval(expr.operands[2], frame);
    if (!term && expr.operands[2].op == Op::if_) {  // either branch
      const auto then = interval(expr.operands[2].operands[1], frame);
      const auto otherwise = interval(expr.operands[2].operands[2], frame);
      if (then && otherwise) term = Interval{std::min(then->low, otherwise->low), std::max(then->high, otherwise->high)};
    }
    if (!term) return std::nullopt;
    if (!element.sure) term = Interval{std::min<std::int64_t>(0, term->low), std::max<std::int64_t>(0, term->high)};
    if (__builtin_add_overflow(result.low, term->low, &result.low) || __builtin_add_overflow(result.high, term->high, &result.high))
      return std::nullopt;
  }
  return result;
}

std::optional<Evaluator::Interval> Evaluator::arithmetic(const Expr& expr, Frame& frame) {
  const auto a = interval(expr.operands[0], frame);
  const auto b = interval(expr.operands[1], frame);
  if (!a || !b) return std::nullopt;
  Interval r;
  bool overflow = false;
  if (expr.op == Op::add) {
    overflow = __builtin_add_overflow(a->low, b->low, &r.low) || __builtin_add_overflow(a->high, b->high, &r.high);
  } else if (expr.op == Op::subtract) {
    overflow = __builtin_sub_overflow(a->low, b->high, &r.low) || __builtin_sub_overflow(a->high, b->low, &r.high);
  } else {
    const bool divides = expr.op == Op::divide;
    if (divides && b->low <= 0 && b->high >= 0) return std::nullopt;
    std::int64_t results[4];
    int n = 0;
    for (const std::int64_t x : {a->low, a->high}) {
      for (const std::int64_t y : {b->low, b->high}) {
        if (divides) {
          overflow = overflow || (x == std::numeric_limits<std::int64_t>::min() && y == -1);
          if (!overflow) results[n] = x / y;
        } else {
          overflow = __builtin_mul_overflow(x, y, &results[n]) || overflow;
        }
        if (overflow) return std::nullopt;
        ++n;
      }
    }
    r = {*std::min_element(results, results + n), *std::max_element(results, results + n)};
  }
  return overflow ? std::nullopt : std::optional(r);
}

}  // namespace exm::program
