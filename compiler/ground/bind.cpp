// The bindings of an action's parameters. A requirement that facts alone show to be false excludes a binding as soon as the
// parameters that it names are chosen; one that compares a parameter with those before it (`m.cluster == n.cluster`,
// `d in m.databases`) finds the values by an index.
#include <algorithm>

#include "compiler/ground/grounding.h"

namespace exm::task {

namespace {

using program::Expr;
using program::Op;
using program::Value;

/// Which parameters an expression names, as bits.
std::uint64_t named(const Expr& expr, std::size_t parameters) {
  std::uint64_t bits = 0;
  if (expr.op == Op::local && expr.local < parameters && expr.local < 64) bits |= std::uint64_t{1} << expr.local;
  for (const Expr& operand : expr.operands) bits |= named(operand, parameters);
  for (const program::TextPart& part : expr.parts)
    for (const Expr& value : part.value) bits |= named(value, parameters);
  return bits;
}

/// "1.0" and "1.0.0" are one version: not to be looked up by their text.
bool has_version(const std::vector<Value>& values) {
  return std::any_of(values.begin(), values.end(), [](const Value& v) { return v.tag == Value::Tag::version; });
}

struct Piece {
  const Expr* condition;
  const Expr* when;  // or none
  std::uint32_t locals;
  std::uint64_t names;
  bool said;  // in words of its own
};

/// One side of a comparison reads just this parameter, the other only those before it.
struct Lookup {
  const Expr* own = nullptr;
  const Expr* before = nullptr;
  std::uint32_t locals = 0;
  bool made = false;
  std::map<Value, std::vector<std::size_t>, decltype(&program::before)> by_value{&program::before};
  std::vector<std::size_t> open;
};

class Binder {
 public:
  Binder(Grounding& g, const program::Action& action, const std::function<bool(const std::vector<Value>&)>& use)
      : g_(g), action_(action), use_(use), facts_(g.world, g.b, {Reading::Kind::facts, nullptr}, g.limits.nodes), pieces_(action.parameters.size()) {
    for (const program::Part& part : action.parts)
      for (const program::Requirement& requirement : part.requires_) add(requirement.condition, requirement, part.locals);
    for (std::uint32_t p = 0; p < action.parameters.size(); ++p) {
      fixed_.push_back(g.world.all_values(action.parameters[p].type));
      lookups_.push_back(find_lookup(p));
    }
  }

  bool run() { return choose(0); }

 private:
  void add(const Expr& condition, const program::Requirement& requirement, std::uint32_t locals) {
    if (condition.op == Op::and_ && !requirement.when) {
      for (const Expr& operand : condition.operands) add(operand, requirement, locals);
      return;
    }
    const Expr* when = requirement.when ? &*requirement.when : nullptr;
    const std::uint64_t names = named(condition, pieces_.size()) | (when ? named(*when, pieces_.size()) : 0);
    std::size_t last = 0;
    for (std::size_t p = 0; p < pieces_.size() && p < 64; ++p)
      if (names >> p & 1) last = p;
    if (names) pieces_[last].push_back({&condition, when, locals, names, requirement.otherwise.has_value()});
  }

  Lookup find_lookup(std::uint32_t p) const {
    const std::uint64_t own = std::uint64_t{1} << p;
    for (const Piece& piece : pieces_[p]) {
      if (piece.when || (piece.condition->op != Op::equal && piece.condition->op != Op::in)) continue;
      for (int side : {0, 1}) {
        const Expr& a = piece.condition->operands[static_cast<std::size_t>(side)];
        const Expr& b = piece.condition->operands[static_cast<std::size_t>(1 - side)];
        const std::uint64_t others = named(b, pieces_.size());
        if (named(a, pieces_.size()) == own && others && !(others & own)) {
          Lookup lookup;
          lookup.own = &a;
          lookup.before = &b;
          lookup.locals = piece.locals;
          return lookup;
        }
      }
    }
    return {};
  }

  /// The values that an expression may have by the facts: one, or those of a collection. Nothing: it depends on states.
  std::optional<std::vector<Value>> keys(const Expr& expr, std::uint32_t locals, const std::vector<Value>& arguments) {
    Terms frame = facts_.frame(locals, arguments);
    const Term term = facts_.expand(expr, frame);
    if (!term.collection) {
      const auto value = facts_.constant(term);
      if (!value || value->tag == Value::Tag::unknown) return {};
      if (value->tag == Value::Tag::set || value->tag == Value::Tag::list) return value->elements;
      return std::vector<Value>{*value};
    }
    std::vector<Value> values;
    for (const Member& member : term.members) {
      const auto value = g_.b.constant_value(member.value);
      if (!value || *value == unknown) return {};
      if (!g_.b.is(member.guard, false_)) values.push_back(g_.task.values[value->index]);
    }
    return values;
  }

  void make_index(Lookup& lookup, std::size_t p, const std::vector<Value>& candidates) {
    lookup.made = true;
    std::vector<Value> arguments(p + 1);
    for (std::size_t i = 0; i < candidates.size(); ++i) {
      arguments[p] = candidates[i];
      const auto values = keys(*lookup.own, lookup.locals, arguments);
      if (!values || has_version(*values)) lookup.open.push_back(i);
      else for (const Value& value : *values) lookup.by_value[value].push_back(i);
    }
  }

  std::vector<Value> narrowed(std::size_t p) {
    Lookup& lookup = lookups_[p];
    const std::vector<Value>& all = fixed_[p];
    if (!lookup.own || all.size() < 8) return all;
    const auto wanted = keys(*lookup.before, lookup.locals, arguments_);
    if (!wanted || has_version(*wanted)) return all;
    if (!lookup.made) make_index(lookup, p, all);
    std::vector<std::size_t> chosen = lookup.open;
    for (const Value& value : *wanted)
      if (const auto found = lookup.by_value.find(value); found != lookup.by_value.end()) chosen.insert(chosen.end(), found->second.begin(), found->second.end());
    std::sort(chosen.begin(), chosen.end());
    chosen.erase(std::unique(chosen.begin(), chosen.end()), chosen.end());
    std::vector<Value> values;
    for (std::size_t i : chosen) values.push_back(all[i]);
    return values;
  }

  /// Those that the files name for what it is assigned to, or the one that a requirement says.
  std::vector<Value> open(std::size_t p) {
    const Lookup& lookup = lookups_[p];
    if (lookup.own && lookup.own->op == Op::local)
      if (const auto wanted = keys(*lookup.before, lookup.locals, arguments_)) return *wanted;
    return open_values(g_, action_, static_cast<std::uint32_t>(p), arguments_);
  }

  bool excluded(std::size_t p) {
    return std::any_of(pieces_[p].begin(), pieces_[p].end(), [&](const Piece& piece) {
      if (piece.said && g_.limits.ruled_out) return false;
      Terms frame = facts_.frame(piece.locals, arguments_);
      if (piece.when && !g_.b.is(facts_.formula(*piece.when, frame), true_)) return false;
      return g_.b.is(facts_.formula(*piece.condition, frame), false_);
    });
  }

  bool choose(std::size_t p) {
    if (p == pieces_.size()) return use_(arguments_);
    const bool of_a_kind = action_.parameters[p].type.tag == program::Type::Tag::object;  // of which there may be none
    const auto values = fixed_[p].empty() && !of_a_kind ? open(p) : narrowed(p);
    for (const Value& value : values) {
      arguments_.push_back(value);
      const bool go_on = excluded(p) || choose(p + 1);
      arguments_.pop_back();
      if (!go_on || facts_.exhausted()) return false;
    }
    return true;
  }

  Grounding& g_;
  const program::Action& action_;
  const std::function<bool(const std::vector<Value>&)>& use_;
  Expander facts_;
  std::vector<std::vector<Piece>> pieces_;  // by the last parameter that they name
  std::vector<std::vector<Value>> fixed_;
  std::vector<Lookup> lookups_;
  std::vector<Value> arguments_;
};

}  // namespace

void each_binding(Grounding& g, const program::Action& action, const std::function<bool(const std::vector<Value>&)>& use) {
  Binder(g, action, use).run();
}

}  // namespace exm::task
