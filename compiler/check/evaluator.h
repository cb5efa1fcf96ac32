// The work of evaluate.h, for check itself: facts may be asked for while they are still being made.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <vector>

#include "compiler/check/evaluate.h"

namespace exm::program {

/// Evaluates within a budget of work; what lies past it is unknown, and `gave_up` is set.
class Evaluator {
 public:
  enum class Range { what_exists, everything };
  using Lookup = std::function<Value(Id<Object>, Id<Field>)>;

  Evaluator(const Program& program, States states) : program_(program), states_(states) {}

  /// Asked instead of Object::values.
  Lookup lookup;
  /// `everything`: quantifiers range over planned objects too, as a rule about the files wants it.
  Range range = Range::what_exists;
  std::uint64_t budget = 100'000'000;
  bool gave_up = false;

  Value value(const Expr& expr, Frame& frame);

  /// An element of a collection; `sure` unless it may be that it does not exist or does not meet the `where`.
  struct Element {
    Value value;
    bool sure = true;
  };
  /// Nothing: the collection itself is unknown.
  std::optional<std::vector<Element>> elements(const Expr& collection, Frame& frame);
  /// Those for which the condition (in the frame, the element under `local`) may hold.
  std::optional<std::vector<Element>> elements_where(const Expr& quantifier, Frame& frame);

 private:
  enum class Truth { no, unknown, yes };
  struct Interval {
    std::int64_t low = 0;
    std::int64_t high = 0;
  };

  Truth truth(const Expr& expr, Frame& frame);
  Truth compared(const Expr& expr, Frame& frame);
  Truth equal(const Value& a, const Value& b) const;
  Truth member(const Value& element, const std::vector<Element>& set) const;
  Truth contained(const Expr& expr, Frame& frame);
  Truth quantified(const Expr& expr, Frame& frame);
  std::optional<Interval> interval(const Expr& expr, Frame& frame);
  std::optional<Interval> counted(const Expr& expr, Frame& frame);
  std::optional<Interval> summed(const Expr& expr, Frame& frame);
  std::optional<Interval> arithmetic(const Expr& expr, Frame& frame);
  Value number(const Expr& expr, Frame& frame);
  Value field(const Expr& expr, Frame& frame);
  Value call(const Expr& expr, Frame& frame);
  Value choice(const Expr& expr, Frame& frame);
  Value collected(const Expr& expr, Frame& frame);
  Value read(Id<Object> object, Id<Field> field);
  Truth exists(Id<Object> object);
  const std::vector<Id<Object>>& objects_of(Id<Kind> kind);
  bool spend(std::uint64_t work = 1);

  const Program& program_;
  States states_;
  std::size_t indexed_objects_ = 0;
  std::size_t depth_ = 0;
  std::vector<std::vector<Id<Object>>> by_kind_;
  std::map<Id<Let>, Value> constants_;  // of lets without parameters
};

Value boolean(bool b);
Value integer(std::int64_t n);
/// Sorted, each once.
Value set_of(std::vector<Value> elements);
/// A value within a text: a name for an object, what is in it for a text.
std::string in_text(const Program& program, const Value& value, std::string_view format);
/// 900 -> "15m", 5400 -> "1h30m"
std::string duration_text(std::int64_t seconds);
/// A part of a path: quoted where it holds a dot.
std::string path_part(const std::string& name);

}  // namespace exm::program
