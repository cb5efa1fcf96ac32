#include "runtime/show/ansible_conditions.h"

#include <algorithm>
#include <functional>

#include "runtime/show/ansible_yaml.h"

namespace exm::show {
namespace {

using plan::Expression;
using plan::Operator;
using plan::Value;
using Kind = plan::Type::Kind;
using Maybe = std::optional<std::string>;

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool word = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80 || c == '_';
    out += c == '\n' ? "\\n" : word ? std::string(1, c) : std::string("\\") + c;
  }
  return out;
}

std::string one_of(const std::vector<std::string>& texts) {
  std::string out;
  for (const std::string& text : texts) out += (out.empty() ? "(?:" : "|") + text;
  return out.empty() ? "(?!)" : out + ")";
}

/// 14.1 is 14.1.0, and 14.01.
std::string version_pattern(const std::string& version) {
  std::vector<std::string> parts{""};
  for (const char c : version) {
    if (c == '.') parts.emplace_back();
    else if (!(c == '0' && parts.back().empty())) parts.back() += c;
  }
  while (parts.size() > 1 && parts.back().empty()) parts.pop_back();
  std::string out;
  for (const std::string& part : parts) out += (out.empty() ? "0*" : "\\.0*") + part;
  if (parts.back().empty()) out += "0";
  return out + "(?:\\.0+)*";
}

std::string duration_pattern(std::int64_t seconds) {
  std::vector<std::string> ways{"0*" + std::to_string(seconds) + "s?"};
  for (const auto& [unit, length] : {std::pair("m", 60), std::pair("h", 3600), std::pair("d", 86400)})
    if (seconds % length == 0) ways.push_back("0*" + std::to_string(seconds / length) + unit);
  return one_of(ways);
}

Maybe by_type(const plan::Type& type, const Value& value);

/// The elements in any order, each once.
Maybe set_pattern(const plan::Type& type, const Value& value) {
  if (type.element.empty()) return std::nullopt;
  if (value.elements.empty()) return "";
  std::string ahead, rest = "[^,;\\n]*";
  for (std::size_t i = 0; i < value.elements.size(); ++i) {
    const auto element = by_type(type.element[0], value.elements[i]);
    if (!element) return std::nullopt;
    ahead += "(?=(?:[^,;\\n]*[,;\\n])*\\s*" + *element + "\\s*(?:[,;\\n]|\\Z))";
    if (i > 0) rest += "[,;\\n][^,;\\n]*";
  }
  return ahead + rest + "[,;\\n]?";
}

Maybe by_type(const plan::Type& type, const Value& value) {
  if (type.kind == Kind::optional) {
    if (value.type == Value::Type::none) return "(?:none)?";
    return type.element.empty() ? std::nullopt : by_type(type.element[0], value);
  }
  if (value.type == Value::Type::none || value.type == Value::Type::unknown) return std::nullopt;
  switch (type.kind) {
    case Kind::boolean: return value.number != 0 ? "(?i:true|yes|1)" : "(?i:false|no|0)";
    case Kind::integer: return value.number < 0 ? "-0*" + std::to_string(-value.number) : (value.number == 0 ? "[+-]?" : "\\+?") + ("0*" + std::to_string(value.number));
    case Kind::duration: return duration_pattern(value.number);
    case Kind::version: return version_pattern(value.text);
    case Kind::enumeration: return "(?i:" + escaped(value.text) + ")";
    case Kind::set:
    case Kind::list: return set_pattern(type, value);
    default: return escaped(value.text);
  }
}

/// The texts that are read at all.
Maybe readable(const plan::Type& type) {
  switch (type.kind) {
    case Kind::boolean: return "(?i:true|yes|1|false|no|0)";
    case Kind::integer: return "[+-]?[0-9]+";
    case Kind::duration: return "[0-9]+[smhd]?";
    case Kind::version: return "[0-9]+(?:\\.[0-9]+)*";
    case Kind::text: return "(?s:.*)";
    case Kind::enumeration: {
      std::vector<std::string> names;
      for (const std::string& name : type.names) names.push_back(escaped(name));
      return "(?i:" + one_of(names) + ")";
    }
    case Kind::optional: {
      const auto inner = type.element.empty() ? std::nullopt : readable(type.element[0]);
      return inner ? Maybe("(?:(?:none)?|" + *inner + ")") : std::nullopt;
    }
    case Kind::set:
    case Kind::list: return std::nullopt;
    default: return "(?s:.+)";
  }
}

Maybe readable(const PlaybookLook& look) {
  if (look.probe.as.empty()) return readable(look.type);
  std::vector<std::string> texts;
  for (const auto& [text, value] : look.probe.as)
    if (value.type != Value::Type::unknown) texts.push_back(escaped(text));
  return one_of(texts);
}

/// Three-valued logic in two conditions: one for what is known to hold, one for what is known not to.
class Conditions {
 public:
  explicit Conditions(const PlaybookStep& step) : step_(step) {}

  Maybe holds(const Expression& e, bool wanted) const {
    switch (e.op) {
      case Operator::constant: return e.value.type == Value::Type::boolean && (e.value.number != 0) == wanted ? "true" : "false";
      case Operator::variable: return is(e, plan::boolean(wanted));
      case Operator::not_: return holds(e.operands[0], !wanted);
      case Operator::and_: return joined(e.operands, wanted ? " and " : " or ", wanted);
      case Operator::or_: return joined(e.operands, wanted ? " or " : " and ", wanted);
      case Operator::known: return known(e.operands[0], wanted);
      case Operator::equal: return same(e.operands[0], e.operands[1], wanted);
      case Operator::not_equal: return same(e.operands[0], e.operands[1], !wanted);
      case Operator::in: return member(e, wanted);
      case Operator::less: return wanted ? less(e.operands[0], e.operands[1], "<") : less(e.operands[1], e.operands[0], "<=");
      case Operator::less_equal: return wanted ? less(e.operands[0], e.operands[1], "<=") : less(e.operands[1], e.operands[0], "<");
      case Operator::greater: return wanted ? less(e.operands[1], e.operands[0], "<") : less(e.operands[0], e.operands[1], "<=");
      case Operator::greater_equal: return wanted ? less(e.operands[1], e.operands[0], "<=") : less(e.operands[0], e.operands[1], "<");
      default: return std::nullopt;
    }
  }

 private:
  const PlaybookLook* look(const Expression& e, std::string& result) const {
    for (std::size_t i = 0; e.op == Operator::variable && i < step_.looks.size(); ++i) {
      if (step_.looks[i].probe.variable != e.text) continue;
      result = "exm_look.results[" + std::to_string(i) + "]";
      return &step_.looks[i];
    }
    return nullptr;
  }
  static std::string matches(const std::string& result, const std::string& regex) {
    return "(" + result + ".rc | default(1) == 0 and " + result + ".stdout | trim is match(" + jinja_text(regex + "\\Z") + "))";
  }
  Maybe is(const Expression& e, const Value& value) const {
    std::string result;
    const PlaybookLook* const found = look(e, result);
    if (found == nullptr) return std::nullopt;
    const auto regex = pattern(*found, value);
    return regex ? matches(result, *regex) : "false";
  }
  Maybe known(const Expression& e, bool wanted) const {
    if (e.op == Operator::constant) return (e.value.type != Value::Type::unknown) == wanted ? "true" : "false";
    std::string result;
    const PlaybookLook* const found = look(e, result);
    const auto regex = found == nullptr ? std::nullopt : readable(*found);
    if (!regex) return std::nullopt;
    return (wanted ? "" : "not ") + matches(result, *regex);
  }
  Maybe same(const Expression& a, const Expression& b, bool wanted) const {
    if (a.op == Operator::constant && b.op != Operator::constant) return same(b, a, wanted);
    if (a.op == Operator::constant) return std::nullopt;
    if (b.op != Operator::constant || a.op != Operator::variable) return std::nullopt;
    if (b.value.type == Value::Type::unknown) return "false";
    const auto equal = is(a, b.value), told = known(a, true);
    if (!equal || wanted) return equal;
    return told ? Maybe("(" + *told + " and not " + *equal + ")") : std::nullopt;
  }
  Maybe member(const Expression& e, bool wanted) const {
    std::vector<Expression> tests;
    const Expression& set = e.operands[1];
    if (set.op == Operator::constant)
      for (const Value& element : set.value.elements) tests.push_back({Operator::equal, {}, {}, 0, {e.operands[0], {Operator::constant, element, {}, 0, {}}}});
    else if (set.op == Operator::set)
      for (const Expression& element : set.operands) tests.push_back({Operator::equal, {}, {}, 0, {e.operands[0], element}});
    else
      return std::nullopt;
    return joined(tests, wanted ? " or " : " and ", wanted);
  }
  Maybe joined(const std::vector<Expression>& operands, const std::string& word, bool wanted) const {
    std::string out;
    for (const Expression& operand : operands) {
      const auto one = holds(operand, wanted);
      if (!one) return std::nullopt;
      out += (out.empty() ? "(" : word) + *one;
    }
    return out.empty() ? (word == " and " ? "true" : "false") : out + ")";
  }
  /// A number that is at most (`low`) or at least the one meant. An unread state has none, which `guard` says.
  Maybe bound(const Expression& e, bool low, std::vector<std::string>& guard) const {
    const auto all = [&](const std::string& sign, auto&& one) -> Maybe {
      std::string out;
      for (const Expression& operand : e.operands) {
        const Maybe term = one(operand);
        if (!term) return std::nullopt;
        out += (out.empty() ? "(" : sign) + *term;
      }
      return out.empty() ? "0" : out + ")";
    };
    switch (e.op) {
      case Operator::constant:
        if (e.value.type != Value::Type::integer && e.value.type != Value::Type::duration) return std::nullopt;
        return e.value.number < 0 ? "(" + std::to_string(e.value.number) + ")" : std::to_string(e.value.number);
      case Operator::variable: {
        std::string result;
        const PlaybookLook* const found = look(e, result);
        if (found == nullptr || found->type.kind != Kind::integer || !found->probe.as.empty()) return std::nullopt;
        guard.push_back(matches(result, *readable(found->type)));
        return "(" + result + ".stdout | trim | int)";
      }
      case Operator::count:
        return all(" + ", [&](const Expression& operand) -> Maybe {
          const auto one = holds(operand, low);
          if (!one) return std::nullopt;
          return low ? "(" + *one + " | int)" : "(1 - (" + *one + " | int))";
        });
      case Operator::sum:
      case Operator::add: return all(" + ", [&](const Expression& operand) { return bound(operand, low, guard); });
      case Operator::if_: {
        const auto yes = holds(e.operands[0], true), no = holds(e.operands[0], false);
        const auto then = bound(e.operands[1], low, guard), other = bound(e.operands[2], low, guard);
        if (!yes || !no || !then || !other) return std::nullopt;
        return "(" + *then + " if " + *yes + " else " + *other + " if " + *no + " else [" + *then + ", " + *other + "] | " + (low ? "min" : "max") + ")";
      }
      default: return std::nullopt;
    }
  }
  Maybe less(const Expression& a, const Expression& b, const std::string& sign) const {
    std::vector<std::string> guard;
    const auto left = bound(a, false, guard), right = bound(b, true, guard);
    if (!left || !right) return std::nullopt;
    std::string out = "(";
    for (const std::string& one : guard) out += one + " and ";
    return out + *left + " " + sign + " " + *right + ")";
  }

  const PlaybookStep& step_;
};

}  // namespace

std::optional<std::string> pattern(const PlaybookLook& look, const plan::Value& value) {
  if (look.probe.as.empty()) return by_type(look.type, value);
  std::vector<std::string> texts;
  for (const auto& [text, read] : look.probe.as)
    if (read == value) texts.push_back(escaped(text));
  return one_of(texts);
}

std::optional<std::string> condition(const plan::Expression& formula, const PlaybookStep& step) {
  return Conditions(step).holds(formula, true);
}

}  // namespace exm::show
