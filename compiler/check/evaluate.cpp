#include "compiler/check/evaluate.h"

#include <algorithm>

#include "compiler/check/evaluator.h"

namespace exm::program {

namespace {
constexpr std::size_t deepest = 2000;  // levels of expressions and lets within each other
}

Value boolean(bool b) {
  Value v;
  v.tag = Value::Tag::boolean;
  v.number = b ? 1 : 0;
  return v;
}

Value integer(std::int64_t n) {
  Value v;
  v.tag = Value::Tag::integer;
  v.number = n;
  return v;
}

Value set_of(std::vector<Value> elements) {
  std::sort(elements.begin(), elements.end(), before);
  elements.erase(std::unique(elements.begin(), elements.end()), elements.end());
  Value v;
  v.tag = Value::Tag::set;
  v.elements = std::move(elements);
  return v;
}

bool Evaluator::spend(std::uint64_t work) {
  if (budget < work) {
    gave_up = true;
    budget = 0;
    return false;
  }
  budget -= work;
  return true;
}

const std::vector<Id<Object>>& Evaluator::objects_of(Id<Kind> kind) {
  if (by_kind_.size() < program_.kinds.size()) by_kind_.resize(program_.kinds.size());
  for (; indexed_objects_ < program_.objects.size(); ++indexed_objects_) {
    const Id<Object> object(indexed_objects_);
    by_kind_[program_.objects[object].kind.index].push_back(object);
  }
  return by_kind_[kind.index];
}

Value Evaluator::read(Id<Object> object, Id<Field> field) {
  if (program_.fields[field].is_state && states_ == States::unknown) return {};
  if (lookup) return lookup(object, field);
  const auto& values = program_.objects[object].values;
  const auto found = values.find(field);
  return found == values.end() ? Value{} : found->second;
}

Evaluator::Truth Evaluator::exists(Id<Object> object) {
  if (range == Range::everything) return Truth::yes;
  const Object& o = program_.objects[object];
  const Kind& kind = program_.kinds[o.kind];
  if (!kind.comes_and_goes && !o.planned) return Truth::yes;
  if (states_ == States::unknown) return Truth::unknown;
  const auto found = o.values.find(kind.fields.front());
  if (found == o.values.end()) return o.planned ? Truth::no : Truth::yes;
  if (found->second.tag == Value::Tag::unknown) return Truth::unknown;
  return found->second.number != 0 ? Truth::yes : Truth::no;
}

Value Evaluator::value(const Expr& expr, Frame& frame) {
  if (depth_ >= deepest) gave_up = true;
  if (depth_ >= deepest || !spend()) return {};
  ++depth_;
  Value result;
  switch (expr.op) {
    case Op::constant: result = expr.value; break;
    case Op::local:
      if (expr.local < frame.size()) result = frame[expr.local];
      break;
    case Op::field: result = field(expr, frame); break;
    case Op::owner: {
      const Value of = value(expr.operands[0], frame);
      if (of.tag == Value::Tag::object && program_.objects[of.object].owner) {
        result.tag = Value::Tag::object;
        result.object = program_.objects[of.object].owner;
      }
      break;
    }
    case Op::name: {
      const Value of = value(expr.operands[0], frame);
      if (of.tag == Value::Tag::object) {
        result.tag = Value::Tag::text;
        result.text = program_.objects[of.object].name;
      }
      break;
    }
    case Op::seconds:
      result = value(expr.operands[0], frame);
      if (result.tag == Value::Tag::duration) result.tag = Value::Tag::integer;
      break;
    case Op::call: result = call(expr, frame); break;
    case Op::text: {
      result.tag = Value::Tag::text;
      for (const TextPart& part : expr.parts) {
        result.text += part.literal;
        if (part.value.empty()) continue;
        const Value v = value(part.value[0], frame);
        if (v.tag == Value::Tag::unknown) {
          result = {};
          break;
        }
        result.text += in_text(program_, v, part.format);
        if (result.text.size() > 1'000'000) gave_up = true;
        if (result.text.size() > 1'000'000) break;
      }
      break;
    }
    case Op::not_: case Op::implies: case Op::or_: case Op::and_:
    case Op::equal: case Op::not_equal: case Op::less: case Op::less_equal: case Op::greater: case Op::greater_equal:
    case Op::in: case Op::not_in: case Op::forall: case Op::exists: case Op::known: {
      const Truth t = truth(expr, frame);
      if (t != Truth::unknown) result = boolean(t == Truth::yes);
      break;
    }
    case Op::negate: case Op::add: case Op::subtract: case Op::multiply: case Op::divide: case Op::count: case Op::sum:
      result = number(expr, frame);
      break;
    case Op::if_: result = choice(expr, frame); break;
    case Op::all: case Op::owned: case Op::filter: case Op::map: case Op::set: case Op::list: case Op::range:
      result = collected(expr, frame);
      break;
    case Op::was: {
      const States now = states_;
      states_ = States::at_start;
      result = value(expr.operands[0], frame);
      states_ = now;
      break;
    }
    case Op::secret: case Op::run_started: break;  // of no formula: known only while a command runs
  }
  --depth_;
  return result;
}

Value Evaluator::field(const Expr& expr, Frame& frame) {
  const Value of = value(expr.operands[0], frame);
  if (of.tag == Value::Tag::none) return of;
  return of.tag == Value::Tag::object ? read(of.object, expr.field) : Value{};
}

Value Evaluator::call(const Expr& expr, Frame& frame) {
  const Let& let = program_.lets[expr.let];
  if (expr.operands.empty()) {
    if (const auto found = constants_.find(expr.let); found != constants_.end()) return found->second;
  }
  Frame inner;
  inner.reserve(std::max<std::size_t>(let.locals, expr.operands.size()));
  for (const Expr& argument : expr.operands) inner.push_back(value(argument, frame));
  inner.resize(std::max<std::size_t>(let.locals, inner.size()));
  Value result = value(let.value, inner);
  // while facts are still being made, or under another reading of states, a let may come out otherwise
  if (expr.operands.empty() && !lookup && states_ == States::at_start) constants_.emplace(expr.let, result);
  return result;
}

Value Evaluator::choice(const Expr& expr, Frame& frame) {
  const Truth condition = truth(expr.operands[0], frame);
  if (condition == Truth::yes) return value(expr.operands[1], frame);
  if (condition == Truth::no) return value(expr.operands[2], frame);
  Value then = value(expr.operands[1], frame);
  const Value otherwise = value(expr.operands[2], frame);
  return equal(then, otherwise) == Truth::yes ? then : Value{};
}

Value Evaluator::number(const Expr& expr, Frame& frame) {
  const auto found = interval(expr, frame);
  if (!found || found->low != found->high) return {};
  Value v = integer(found->low);
  if (expr.type.tag == Type::Tag::duration) v.tag = Value::Tag::duration;
  return v;
}

Value evaluate(const Program& program, const Expr& expr, const Frame& frame, States states) {
  Evaluator evaluator(program, states);
  Frame copy = frame;
  return evaluator.value(expr, copy);
}

namespace {
bool reads(const Program& program, const Expr& expr, std::vector<signed char>& lets) {
  switch (expr.op) {
    case Op::was: return false;  // a constant when compiling
    case Op::field:
      if (program.fields[expr.field].is_state) return true;
      break;
    case Op::all: case Op::owned:
      if (program.kinds[expr.kind].comes_and_goes) return true;
      break;
    case Op::call: {
      signed char& known = lets[expr.let.index];  // -1 not looked at yet
      if (known < 0) {
        known = 0;
        known = reads(program, program.lets[expr.let].value, lets) ? 1 : 0;
      }
      if (known == 1) return true;
      break;
    }
    default: break;
  }
  for (const Expr& operand : expr.operands)
    if (reads(program, operand, lets)) return true;
  for (const TextPart& part : expr.parts)
    for (const Expr& v : part.value)
      if (reads(program, v, lets)) return true;
  return false;
}
}  // namespace

bool reads_state(const Program& program, const Expr& expr) {
  std::vector<signed char> lets(program.lets.size(), -1);
  return reads(program, expr, lets);
}

}  // namespace exm::program
