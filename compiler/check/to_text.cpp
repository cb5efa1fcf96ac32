// Values and expressions in the words of the language.
#include <fmt/format.h>

#include <algorithm>

#include "compiler/check/evaluator.h"

namespace exm::program {

std::string duration_text(std::int64_t seconds) {
  if (seconds < 0) return "-" + duration_text(-(seconds + 1) + 1);
  if (seconds == 0) return "0s";
  std::string text;
  const std::pair<std::int64_t, char> units[] = {{86400, 'd'}, {3600, 'h'}, {60, 'm'}, {1, 's'}};
  for (const auto& [length, unit] : units) {
    if (seconds >= length) text += fmt::format("{}{}", seconds / length, unit);
    seconds %= length;
  }
  return text;
}

namespace {
std::string quoted(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '\n') {
      result += "\\n";
      continue;
    }
    if (c == '"' || c == '\\') result += '\\';
    result += c;
  }
  return result + '"';
}

template <class Items, class Print>
std::string joined(const Items& items, std::string_view separator, Print print) {
  std::string text;
  bool first = true;
  for (const auto& item : items) {
    if (!first) text += separator;
    first = false;
    text += print(item);
  }
  return text;
}

class Printer {
 public:
  Printer(const Program& program, const Frame& frame) : program_(program), frame_(frame) {}

  /// In brackets where it binds less tightly than what it stands in.
  std::string print(const Expr& expr, int tightness = 0) {
    const int own = tightness_of(expr.op);
    return own < tightness ? "(" + bare(expr) + ")" : bare(expr);
  }

 private:
  static int tightness_of(Op op) {
    switch (op) {
      case Op::forall: case Op::exists: case Op::if_: return 0;
      case Op::implies: return 1;
      case Op::or_: return 2;
      case Op::and_: return 3;
      case Op::not_: return 4;
      case Op::equal: case Op::not_equal: case Op::less: case Op::less_equal: case Op::greater: case Op::greater_equal: case Op::in: case Op::not_in: return 5;
      case Op::range: return 6;
      case Op::add: case Op::subtract: return 7;
      case Op::multiply: case Op::divide: return 8;
      case Op::negate: return 9;
      default: return 10;
    }
  }

  static std::string_view word(Op op) {
    switch (op) {
      case Op::implies: return "implies";
      case Op::or_: return "or";
      case Op::and_: return "and";
      case Op::equal: return "==";
      case Op::not_equal: return "!=";
      case Op::less: return "<";
      case Op::less_equal: return "<=";
      case Op::greater: return ">";
      case Op::greater_equal: return ">=";
      case Op::in: return "in";
      case Op::not_in: return "not in";
      case Op::add: return "+";
      case Op::subtract: return "-";
      case Op::multiply: return "*";
      default: return "/";
    }
  }

  std::string local(const Expr& expr) const {
    const bool hidden = std::find(bound_.begin(), bound_.end(), expr.local) != bound_.end();
    if (!hidden && expr.local < frame_.size() && frame_[expr.local].tag != Value::Tag::unknown) return to_text(program_, frame_[expr.local]);
    return expr.value.text.empty() ? fmt::format("${}", expr.local) : expr.value.text;
  }

  std::string variable(const Expr& expr) const {
    return expr.value.text.empty() ? fmt::format("${}", expr.local) : expr.value.text;
  }

  /// `x in C where P`; what is bound hides what the frame has in its place.
  std::string binding(const Expr& expr) {
    std::string text = fmt::format("{} in {}", variable(expr), print(expr.operands[0], 6));
    bound_.push_back(expr.local);
    const Expr& where = expr.operands[1];
    if (where.op != Op::constant) text += " where " + print(where, 1);
    bound_.pop_back();
    return text;
  }

  std::string within(const Expr& expr, int tightness) {
    bound_.push_back(expr.local);
    std::string text = print(expr.operands[2], tightness);
    bound_.pop_back();
    return text;
  }

  std::string call(const Expr& expr) {
    const Let& let = program_.lets[expr.let];
    const bool of_kind = static_cast<bool>(let.kind);
    std::string text = of_kind ? print(expr.operands[0], 10) + "." + let.name : let.name;
    const auto arguments = std::vector<Expr>(expr.operands.begin() + (of_kind ? 1 : 0), expr.operands.end());
    if (arguments.empty()) return text;
    return fmt::format("{}({})", text, joined(arguments, ", ", [&](const Expr& e) { return print(e); }));
  }

  std::string text_of(const Expr& expr) {
    std::string text;
    for (const TextPart& part : expr.parts) {
      text += part.literal;
      if (part.value.empty()) continue;
      const Value known = part.value[0].op == Op::constant ? part.value[0].value : Value{};
      text += known.tag == Value::Tag::unknown ? "${" + print(part.value[0]) + "}" : in_text(program_, known, part.format);
    }
    return quoted(text);
  }

  std::string bare(const Expr& expr) {
    const auto operand = [&](std::size_t i, int tightness = 10) { return print(expr.operands[i], tightness); };
    switch (expr.op) {
      case Op::constant: return to_text(program_, expr.value);
      case Op::local: return local(expr);
      case Op::all: return program_.kinds[expr.kind].name;
      case Op::field: return operand(0) + "." + program_.fields[expr.field].name;
      case Op::owned: return operand(0) + "." + program_.kinds[expr.kind].collection;
      case Op::owner: {
        const Type& type = expr.type;
        return operand(0) + "." + (type.kind ? program_.kinds[type.kind].name : "owner");
      }
      case Op::name: return operand(0) + ".name";
      case Op::seconds: return operand(0) + ".seconds";
      case Op::call: return call(expr);
      case Op::text: return text_of(expr);
      case Op::not_: return "not " + operand(0, 4);
      case Op::negate: return "-" + operand(0, 9);
      case Op::if_: return fmt::format("if {} then {} else {}", operand(0, 1), operand(1, 1), operand(2, 1));
      case Op::forall: case Op::exists: {
        const std::string head = binding(expr);
        return fmt::format("{} {}: {}", expr.op == Op::forall ? "forall" : "exists", head, within(expr, 0));
      }
      case Op::count: return "count(" + binding(expr) + ")";
      case Op::sum: {
        const std::string head = binding(expr);
        return fmt::format("sum({} for {})", within(expr, 1), head);
      }
      case Op::filter: return "{" + binding(expr) + "}";
      case Op::map: {
        const std::string head = binding(expr);
        return fmt::format("{{{} for {}}}", within(expr, 1), head);
      }
      case Op::set: return "{" + joined(expr.operands, ", ", [&](const Expr& e) { return print(e, 1); }) + "}";
      case Op::list: return "[" + joined(expr.operands, ", ", [&](const Expr& e) { return print(e, 1); }) + "]";
      case Op::range: return operand(0, 7) + ".." + operand(1, 7);
      case Op::known: return "known(" + operand(0, 0) + ")";
      case Op::was: return "was(" + operand(0, 0) + ")";
      case Op::secret: return "secret " + quoted(expr.value.text);
      case Op::run_started: return "run.started";
      default: {
        const int own = tightness_of(expr.op);
        const bool chains = expr.op == Op::and_ || expr.op == Op::or_ || expr.op == Op::add || expr.op == Op::multiply || expr.op == Op::subtract ||
                            expr.op == Op::divide;
        return fmt::format("{} {} {}", operand(0, chains ? own : own + 1), word(expr.op), operand(1, own + 1));
      }
    }
  }

  const Program& program_;
  const Frame& frame_;
  std::vector<std::uint32_t> bound_;
};

bool is_identifier(const std::string& text) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  const auto inner = [&](char c) { return letter(c) || (c >= '0' && c <= '9') || c == '-'; };
  return !text.empty() && letter(text[0]) && std::all_of(text.begin(), text.end(), inner);
}
}  // namespace

std::string path_part(const std::string& name) {
  const bool plain = name.find_first_of(".\"\\") == std::string::npos && !name.empty();
  return plain ? name : quoted(name);
}

std::string to_text(const Program& program, const Value& value) {
  switch (value.tag) {
    case Value::Tag::unknown: return "unknown";
    case Value::Tag::none: return "none";
    case Value::Tag::boolean: return value.number != 0 ? "true" : "false";
    case Value::Tag::integer: return std::to_string(value.number);
    case Value::Tag::duration: return duration_text(value.number);
    case Value::Tag::enumerator: return value.text;
    case Value::Tag::object: {
      const Object& object = program.objects[value.object];
      return object.owner || is_identifier(object.name) ? object.path : quoted(object.name);
    }
    case Value::Tag::set: return "{" + joined(value.elements, ", ", [&](const Value& v) { return to_text(program, v); }) + "}";
    case Value::Tag::list: return "[" + joined(value.elements, ", ", [&](const Value& v) { return to_text(program, v); }) + "]";
    default: return quoted(value.text);
  }
}

std::string in_text(const Program& program, const Value& value, std::string_view format) {
  switch (value.tag) {
    case Value::Tag::integer: {
      if (format.empty()) return std::to_string(value.number);
      const int width = std::stoi(std::string(format));  // check has seen that it is a number of at most two digits
      return format[0] == '0' ? fmt::format("{:0{}}", value.number, width) : fmt::format("{:{}}", value.number, width);
    }
    case Value::Tag::text: case Value::Tag::version: case Value::Tag::ip: case Value::Tag::cidr: case Value::Tag::path: return value.text;
    case Value::Tag::object: return program.objects[value.object].name;
    case Value::Tag::set: case Value::Tag::list: return joined(value.elements, ", ", [&](const Value& v) { return in_text(program, v, {}); });
    default: return to_text(program, value);
  }
}

std::string to_text(const Program& program, const Expr& expr, const Frame& frame) { return Printer(program, frame).print(expr); }

}  // namespace exm::program
