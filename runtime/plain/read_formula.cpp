#include "runtime/plain/read_formula.h"

#include <cctype>

namespace exm::plain {

namespace {

struct Operator {
  Op op;
  std::size_t least, most;  // operands
};

const std::map<std::string, Operator>& operators() {
  constexpr std::size_t any = 1'000'000;
  static const std::map<std::string, Operator> all = {
      {"and", {Op::all, 0, any}}, {"or", {Op::any, 0, any}}, {"not", {Op::negation, 1, 1}}, {"==", {Op::equal, 2, 2}},
      {"!=", {Op::unequal, 2, 2}}, {"<", {Op::less, 2, 2}}, {"<=", {Op::at_most, 2, 2}}, {">", {Op::more, 2, 2}},
      {">=", {Op::at_least, 2, 2}}, {"in", {Op::in, 2, 2}}, {"set", {Op::set, 0, any}}, {"count", {Op::count, 0, any}},
      {"sum", {Op::sum, 0, any}}, {"+", {Op::plus, 0, any}}, {"-", {Op::minus, 2, 2}}, {"*", {Op::times, 2, 2}},
      {"/", {Op::over, 2, 2}}, {"if", {Op::choice, 3, 3}}, {"known", {Op::known, 1, 1}}};
  return all;
}

}  // namespace

std::string fill(const std::string& text, const Slots& slots) {
  const auto letter = [&](std::size_t i) { return i < text.size() && (std::isalnum(static_cast<unsigned char>(text[i])) != 0 || text[i] == '_'); };
  const auto digit = [&](std::size_t i) { return i < text.size() && std::isdigit(static_cast<unsigned char>(text[i])) != 0; };
  std::string out;
  for (std::size_t i = 0, end = 0; i < text.size(); i = end) {
    end = i + 1;
    if (text[i] != '$') {
      out += text[i];
      continue;
    }
    const bool slot = digit(end);
    while (slot ? digit(end) : letter(end)) ++end;
    const std::string name = text.substr(i + 1, end - i - 1);
    if (name.empty() && text.substr(i, 2) == "$$") {
      out += '$';
      ++end;
    } else if (slot && name.size() < 9 && std::stoul(name) < slots.objects.size()) {
      out += slots.objects[std::stoul(name)];
    } else if (!slot && slots.args.contains(name)) {
      const Value arg = read_constant(slots.args[name]);
      out += arg->type == Type::number ? words(arg) : arg->text;
    } else {
      out += text.substr(i, end - i);
    }
  }
  return out;
}

Value read_constant(const Json& json, const Slots& slots) {
  if (json.is_boolean()) return boolean(json.get<bool>());
  if (json.is_string()) return constant(Type::text, 0, json.get<std::string>());
  if (json.is_number_integer()) return constant(Type::number, json.get<std::int64_t>());
  if (json == Json::array({"none"})) return constant(Type::none);
  if (json == Json::array({"unknown"})) return unknown();
  if (json.is_array() && !json.empty() && json[0] == "set") {
    std::vector<Value> elements;
    for (std::size_t i = 1; i < json.size(); ++i) elements.push_back(read_constant(json[i], slots));
    return constant(Type::set, 0, "", elements);
  }
  static const std::map<std::string, Type> types = {{"version", Type::version}, {"ip", Type::ip}, {"cidr", Type::cidr}, {"path", Type::path},
                                                    {"ref", Type::object}};
  need(json.is_object() && json.size() == 1, "expected a constant, found " + json.dump());
  const std::string type = json.begin().key();
  if (type == "duration") return constant(Type::duration, json.front().get<std::int64_t>());
  need(types.contains(type), "expected a constant, found " + json.dump());
  const auto text = json.front().get<std::string>();
  return constant(types.at(type), 0, type == "ref" ? fill(text, slots) : text);
}

int number_of(const Variables& variables, const std::string& name) {
  need(variables.contains(name), "there is no variable `" + name + "`");
  return variables.at(name);
}

Formula read_formula(const Json& json, const Slots& slots, const Variables& variables) {
  const auto a_constant = [](Value value) { return Formula{Op::constant, value, -1, {}}; };
  const std::string key = json.is_object() && json.size() == 1 ? json.begin().key() : "";
  if (key == "var") return {Op::variable, nullptr, number_of(variables, fill(json["var"], slots)), {}};
  if (key == "arg") return a_constant(read_constant(slots.args.at(json["arg"])));
  if (key == "object") return a_constant(constant(Type::object, 0, slots.objects.at(json["object"])));
  const bool none = json == Json::array({"none"}) || json == Json::array({"unknown"});
  if (!json.is_array() || json.empty() || none) return a_constant(read_constant(json, slots));
  const auto taken = operators().find(json[0]);
  need(taken != operators().end(), "there is no operator " + json[0].dump());
  need(json.size() - 1 >= taken->second.least && json.size() - 1 <= taken->second.most, "a wrong number of operands: " + json.dump());
  Formula out{taken->second.op, nullptr, -1, {}};
  for (std::size_t i = 1; i < json.size(); ++i) out.parts.push_back(read_formula(json[i], slots, variables));
  return out;
}

}  // namespace exm::plain
