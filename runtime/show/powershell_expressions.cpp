#include "runtime/show/powershell_expressions.h"

#include "runtime/plan/instantiate.h"
#include "runtime/plan/paths.h"
#include "runtime/plan/quote.h"

namespace exm::show {
namespace {

using plan::Expression;
using plan::Operator;
using plan::Value;

bool is_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Whether a character is data inside double quotes too.
bool is_plain(char c) { return is_name(c) || std::string_view(" .,:;/\\{}()[]<>=+*|!?-").find(c) != std::string_view::npos; }

/// A part of a text with slots: fixed text, or a PowerShell variable.
struct Part {
  std::string text;
  std::string variable;
  bool is_object = false;
};

std::vector<Part> parts(std::string_view text, const Action& action) {
  std::vector<Part> found;
  std::string fixed;
  const auto flush = [&] {
    if (!fixed.empty()) found.push_back({fixed, {}, false});
    fixed.clear();
  };
  for (std::size_t i = 0; i < text.size();) {
    std::size_t end = i + 1;
    const bool digits = text[i] == '$' && end < text.size() && is_digit(text[end]);
    while (text[i] == '$' && end < text.size() && (digits ? is_digit(text[end]) : is_name(text[end]))) ++end;
    const std::string slot(text.substr(i + 1, end - i - 1));
    const bool number = digits && slot.size() < 9;
    if (text[i] == '$' && end < text.size() && slot.empty() && text[end] == '$') {
      fixed += '$';
      end = i + 2;
    } else if (text[i] == '$' && number && std::stoul(slot) < action.slots.size()) {
      flush();
      found.push_back({{}, action.slots[std::stoul(slot)], true});
    } else if (const auto at = action.arguments.find(slot); text[i] == '$' && at != action.arguments.end()) {
      flush();
      found.push_back({{}, at->second, false});
    } else {
      fixed += text.substr(i, end - i);
    }
    i = end;
  }
  flush();
  return found;
}

std::string inside_quotes(const Part& part, const Part* next, Slot slot) {
  if (part.variable.empty()) return part.text;
  if (part.is_object && slot == Slot::name) return "$(Get-ObjectName $" + part.variable + ")";
  const bool open = next != nullptr && !next->text.empty() && next->text[0] != '.' && next->text[0] != ' ';
  return open ? "${" + part.variable + "}" : "$" + part.variable;
}

std::string joined(const Part& part, Slot slot) {
  if (part.variable.empty()) return plan::quote("powershell", plan::text(part.text));
  if (part.is_object && slot == Slot::name) return "(Get-ObjectName $" + part.variable + ")";
  return "$" + part.variable;
}

const Value* sample_argument(std::string_view name, const Action& action) {
  for (const plan::Step& step : action.plan->steps) {
    if (step.step_template != action.id) continue;
    const auto at = step.args.find(std::string(name));
    return at == step.args.end() ? nullptr : &at->second;
  }
  return nullptr;
}

bool is_version(const Expression& e, const Action& action) {
  switch (e.op) {
    case Operator::constant: return e.value.type == Value::Type::version;
    case Operator::variable: return variable_type(e.text, action).kind == plan::Type::Kind::version;
    case Operator::argument: {
      const Value* value = sample_argument(e.text, action);
      return value != nullptr && value->type == Value::Type::version;
    }
    case Operator::if_: return is_version(e.operands[1], action) || is_version(e.operands[2], action);
    default: return false;
  }
}

std::string call(std::string_view function, const std::vector<Expression>& operands, const Action& action) {
  std::string out = "(" + std::string(function);
  for (const Expression& operand : operands) out += " " + script_expression(operand, action);
  return out + ")";
}

std::string swapped(std::string_view function, const Expression& e, const Action& action) {
  return "(" + std::string(function) + " " + script_expression(e.operands[1], action) + " " +
         script_expression(e.operands[0], action) + ")";
}

std::string sum(const Expression& e, const Action& action) {
  std::string out = "(Measure-Sum";
  for (const Expression& operand : e.operands)
    out += " " + (operand.op == Operator::if_ ? call("Select-Bounds", operand.operands, action)
                                              : script_expression(operand, action));
  return out + ")";
}

std::string between(const Expression& e, std::string_view sign) {
  std::string out;
  for (const Expression& operand : e.operands) {
    if (!out.empty()) out += " " + std::string(sign) + " ";
    const bool simple = operand.operands.size() < 2 || operand.op == Operator::set || operand.op == Operator::count ||
                        operand.op == Operator::sum;
    out += simple ? words(operand) : "(" + words(operand) + ")";
  }
  return out;
}

std::string listed(const Expression& e, std::string_view open, std::string_view close) {
  std::string out(open);
  for (const Expression& operand : e.operands) {
    if (out.size() > open.size()) out += ", ";
    out += words(operand);
  }
  return out + std::string(close);
}

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) out += c == '$' ? "$$" : std::string(1, c);
  return out;
}

}  // namespace

std::string slot_variable(const Action& action, int slot) {
  const auto number = static_cast<std::size_t>(slot);
  return slot >= 0 && number < action.slots.size() ? "$" + action.slots[number] : "$null";
}

std::string argument_variable(const Action& action, const std::string& name) {
  const auto at = action.arguments.find(name);
  return at == action.arguments.end() ? "$null" : "$" + at->second;
}

std::string script_value(const Value& value) {
  if (value.type == Value::Type::none) return "([DBNull]::Value)";
  if (value.type != Value::Type::set) return plan::quote("powershell", value);
  std::string out = "(New-Set";
  for (const Value& element : value.elements) out += " " + script_value(element);
  return out + ")";
}

std::string slotted(std::string_view text, const Action& action, Slot slot) {
  const std::vector<Part> found = parts(text, action);
  bool plain = true;
  bool fixed = true;
  for (const Part& part : found) {
    for (const char c : part.text) plain = plain && is_plain(c);
    fixed = fixed && part.variable.empty();
  }
  if (found.size() == 1 && !fixed) return joined(found[0], slot);
  if (found.empty() || (fixed && found.size() == 1))
    return plan::quote("powershell", plan::text(found.empty() ? "" : found[0].text));
  std::string out;
  if (plain) {
    for (std::size_t i = 0; i < found.size(); ++i)
      out += inside_quotes(found[i], i + 1 < found.size() ? &found[i + 1] : nullptr, slot);
    return "\"" + out + "\"";
  }
  for (const Part& part : found) out += (out.empty() ? "('' + " : " + ") + joined(part, slot);
  return out + ")";
}

plan::Type variable_type(std::string_view variable, const Action& action) {
  const plan::VariablePath path = plan::split_variable(plan::fill(variable, action.sample));
  const auto object = action.plan->objects.find(path.object);
  if (object == action.plan->objects.end()) return {};
  const auto kind = action.plan->kinds.find(object->second.kind);
  if (kind == action.plan->kinds.end()) return {};
  const auto state = kind->second.states.find(path.state);
  return state == kind->second.states.end() ? plan::Type{} : state->second.type;
}

std::string script_expression(const Expression& e, const Action& action) {
  switch (e.op) {
    case Operator::constant:
      return e.value.type == Value::Type::reference ? slotted(e.value.text, action, Slot::path) : script_value(e.value);
    case Operator::variable: return "(Get-State " + slotted(e.text, action, Slot::path) + ")";
    case Operator::argument: return argument_variable(action, e.text);
    case Operator::object: return slot_variable(action, e.slot);
    case Operator::and_: return call("Test-All", e.operands, action);
    case Operator::or_: return call("Test-Any", e.operands, action);
    case Operator::not_: return call("Test-Not", e.operands, action);
    case Operator::equal:
    case Operator::not_equal: {
      const bool version = is_version(e.operands[0], action) || is_version(e.operands[1], action);
      const std::string same = call(version ? "Test-EqualVersion" : "Test-Equal", e.operands, action);
      return e.op == Operator::equal ? same : "(Test-Not " + same + ")";
    }
    case Operator::less: return call("Test-Less", e.operands, action);
    case Operator::less_equal: return call("Test-LessOrEqual", e.operands, action);
    case Operator::greater: return swapped("Test-Less", e, action);
    case Operator::greater_equal: return swapped("Test-LessOrEqual", e, action);
    case Operator::in: return call("Test-In", e.operands, action);
    case Operator::set: return call("New-Set", e.operands, action);
    case Operator::count: return call("Measure-True", e.operands, action);
    case Operator::sum: return sum(e, action);
    case Operator::add: return call("Measure-Sum", e.operands, action);
    case Operator::subtract: return call("Measure-Difference", e.operands, action);
    case Operator::multiply: return call("Measure-Product", e.operands, action);
    case Operator::divide: return call("Measure-Quotient", e.operands, action);
    case Operator::if_: return call("Select-Value", e.operands, action);
    case Operator::known: return call("Test-Known", e.operands, action);
  }
  return "$null";
}

std::string words(const Expression& e) {
  switch (e.op) {
    case Operator::constant: return escaped(plan::quote("person", e.value));
    case Operator::variable: return e.text;
    case Operator::argument: return "$" + e.text;
    case Operator::object: return "$" + std::to_string(e.slot);
    case Operator::and_: return between(e, "and");
    case Operator::or_: return between(e, "or");
    case Operator::not_: {
      const bool simple = e.operands[0].operands.empty();
      return simple ? "not " + words(e.operands[0]) : "not (" + words(e.operands[0]) + ")";
    }
    case Operator::equal: return between(e, "is");
    case Operator::not_equal: return between(e, "is not");
    case Operator::less: return between(e, "<");
    case Operator::less_equal: return between(e, "<=");
    case Operator::greater: return between(e, ">");
    case Operator::greater_equal: return between(e, ">=");
    case Operator::in: return between(e, "is one of");
    case Operator::set: return listed(e, "{", "}");
    case Operator::count: return listed(e, "the number true of (", ")");
    case Operator::sum: return listed(e, "the sum of (", ")");
    case Operator::add: return between(e, "+");
    case Operator::subtract: return between(e, "-");
    case Operator::multiply: return between(e, "*");
    case Operator::divide: return between(e, "/");
    case Operator::if_: return "if " + words(e.operands[0]) + " then " + words(e.operands[1]) + " else " + words(e.operands[2]);
    case Operator::known: return listed(e, "known(", ")");
  }
  return {};
}

}  // namespace exm::show
