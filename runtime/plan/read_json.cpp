#include "runtime/plan/read_json.h"

#include <algorithm>
#include <array>

namespace exm::plan {

namespace {
constexpr std::int64_t limit = std::int64_t{1} << 53;  // what every JSON reader keeps exactly

std::optional<Value::Type> constant_type(const std::string& name) {
  for (auto type : {Value::Type::version, Value::Type::ip, Value::Type::cidr, Value::Type::path, Value::Type::reference})
    if (type_name(type) == name) return type;
  return std::nullopt;
}

std::optional<Operator> operator_of(const std::string& name) {
  for (int op = static_cast<int>(Operator::and_); op <= static_cast<int>(Operator::known); ++op)
    if (name_of(static_cast<Operator>(op)) == name) return static_cast<Operator>(op);
  return std::nullopt;
}

/// How many operands an operator takes: at least, at most.
std::pair<std::size_t, std::size_t> arity(Operator op) {
  constexpr std::size_t any = ~std::size_t{0};
  switch (op) {
    case Operator::not_: case Operator::known: return {1, 1};
    case Operator::if_: return {3, 3};
    case Operator::and_: case Operator::or_: case Operator::set: case Operator::count: case Operator::sum: case Operator::add: return {0, any};
    default: return {2, 2};
  }
}

Expression read_constant_map(const Json& json, const std::string& where, Reading& reading) {
  Expression out;
  if (json.size() != 1) {
    reading.fail(where, "expected a map of one key (a variable or a typed constant), found " + std::to_string(json.size()));
    return out;
  }
  const std::string key = json.begin().key();
  const Json& value = json.begin().value();
  if (key == "var") {
    out.op = Operator::variable;
    out.text = read_text(value, where + ".var", reading);
  } else if (key == "arg") {
    out.op = Operator::argument;
    out.text = read_text(value, where + ".arg", reading);
  } else if (key == "object") {
    out.op = Operator::object;
    out.slot = read_count(value, where + ".object", reading);
    if (out.slot < 0 || out.slot > 1'000'000) reading.fail(where + ".object", "no such slot");
  } else if (key == "duration") {
    out.value = {Value::Type::duration, read_integer(value, where + ".duration", reading), {}, {}};
  } else if (const auto type = constant_type(key)) {
    out.value = {*type, 0, read_text(value, where + "." + key, reading), {}};
  } else {
    reading.fail(where, "unknown key `" + key + "`; expected var, arg, object, duration, version, ip, cidr, path or ref");
  }
  return out;
}

}  // namespace

Fields::Fields(const Json& json, std::string where, Reading& reading) : json_(json), where_(std::move(where)), reading_(reading) {
  if (!json.is_object()) reading_.fail(where_, "expected a map, found " + found(json));
}

Fields::~Fields() {
  if (!reading_.ok() || !json_.is_object()) return;
  for (const auto& [key, value] : json_.items())
    if (!known_.contains(key)) {
      reading_.fail(where_, "unknown key `" + key + "`");
      return;
    }
}

const Json* Fields::find(const char* key) {
  known_.insert(key);
  if (!json_.is_object()) return nullptr;
  const auto it = json_.find(key);
  return it == json_.end() ? nullptr : &*it;
}

const Json* Fields::required(const char* key) {
  const Json* value = find(key);
  if (!value) reading_.fail(where_, std::string("the key `") + key + "` is missing");
  return value;
}

std::string found(const Json& json) {
  if (json.is_number_float()) return "a number with a fraction";
  if (json.is_number()) return "a number";
  if (json.is_string()) return "a text";
  if (json.is_boolean()) return "true or false";
  return json.is_array() ? "a list" : json.is_object() ? "a map" : "null";
}

std::string read_text(const Json& json, const std::string& where, Reading& reading) {
  if (json.is_string()) return json.get<std::string>();
  reading.fail(where, "expected a text, found " + found(json));
  return {};
}

std::int64_t read_integer(const Json& json, const std::string& where, Reading& reading) {
  if (!json.is_number_integer()) {
    reading.fail(where, "expected an integer, found " + found(json));
    return 0;
  }
  const bool fits = json.is_number_unsigned() ? json.get<std::uint64_t>() < static_cast<std::uint64_t>(limit)
                                              : json.get<std::int64_t>() > -limit && json.get<std::int64_t>() < limit;
  if (fits) return json.get<std::int64_t>();
  reading.fail(where, "the integer is too large: at most 2^53 - 1");
  return 0;
}

std::int64_t read_amount(const Json& json, const std::string& where, Reading& reading) {
  const std::int64_t n = read_integer(json, where, reading);
  if (n < 0) reading.fail(where, "can't be negative, found " + std::to_string(n));
  return n;
}

int read_count(const Json& json, const std::string& where, Reading& reading) {
  const std::int64_t n = read_amount(json, where, reading);
  if (n <= 1'000'000'000) return static_cast<int>(n);
  reading.fail(where, "out of all proportion: " + std::to_string(n));
  return 0;
}

bool read_bool(const Json& json, const std::string& where, Reading& reading) {
  if (json.is_boolean()) return json.get<bool>();
  reading.fail(where, "expected true or false, found " + found(json));
  return false;
}

Expression read_expression(const Json& json, const std::string& where, Reading& reading) {
  Expression out;
  if (json.is_boolean()) {
    out.value = boolean(json.get<bool>());
  } else if (json.is_string()) {
    out.value = text(json.get<std::string>());
  } else if (json.is_number()) {
    out.value = integer(read_integer(json, where, reading));
  } else if (json.is_object()) {
    return read_constant_map(json, where, reading);
  } else if (!json.is_array() || json.empty() || !json[0].is_string()) {
    reading.fail(where, "expected an expression, found " + found(json));
  } else {
    const auto name = json[0].get<std::string>();
    if (json.size() == 1 && (name == "none" || name == "unknown")) {
      out.value = name == "none" ? none() : unknown();
      return out;
    }
    const auto op = operator_of(name);
    const auto [least, most] = arity(op.value_or(Operator::set));
    if (!op) reading.fail(where, "unknown operator `" + name + "`");
    if (json.size() - 1 < least || json.size() - 1 > most)
      reading.fail(where, "`" + name + "` takes " + std::to_string(least) + " operands, found " + std::to_string(json.size() - 1));
    out.op = op.value_or(Operator::set);
    for (std::size_t i = 1; i < json.size() && reading.ok(); ++i)
      out.operands.push_back(read_expression(json[i], where + "[" + std::to_string(i) + "]", reading));
  }
  return out;
}

Value read_value(const Json& json, const std::string& where, Reading& reading) {
  const Expression e = read_expression(json, where, reading);
  if (e.op == Operator::constant) return e.value;
  Value out;
  if (e.op == Operator::set) {
    out.type = Value::Type::set;
    for (const auto& operand : e.operands) {
      if (operand.op != Operator::constant) reading.fail(where, "expected a set of constants");
      out.elements.push_back(operand.value);
    }
    return out;
  }
  reading.fail(where, "expected a constant");
  return out;
}

Type read_type(const Json& json, const std::string& where, Reading& reading) {
  Type out;
  if (json.is_string()) {
    constexpr std::array<std::pair<std::string_view, Type::Kind>, 8> names = {{{"bool", Type::Kind::boolean}, {"int", Type::Kind::integer},
        {"string", Type::Kind::text}, {"duration", Type::Kind::duration}, {"version", Type::Kind::version}, {"ip", Type::Kind::ip},
        {"cidr", Type::Kind::cidr}, {"path", Type::Kind::path}}};
    const auto it = std::find_if(names.begin(), names.end(), [&](const auto& n) { return n.first == json.get<std::string>(); });
    if (it == names.end()) reading.fail(where, "unknown type `" + json.get<std::string>() + "`");
    if (it != names.end()) out.kind = it->second;
    return out;
  }
  Fields f(json, where, reading);
  if (const Json* names = f.find("enum")) {
    out.kind = Type::Kind::enumeration;
    out.names = read_list(*names, f.at("enum"), reading, read_text);
  } else if (const Json* kind = f.find("ref")) {
    out.kind = Type::Kind::reference;
    out.object_kind = read_text(*kind, f.at("ref"), reading);
  } else if (const Json* optional = f.find("optional")) {
    out.kind = Type::Kind::optional;
    out.element.push_back(read_type(*optional, f.at("optional"), reading));
  } else if (const Json* set = f.find("set")) {
    out.kind = Type::Kind::set;
    out.element.push_back(read_type(*set, f.at("set"), reading));
  } else if (const Json* list = f.find("list")) {
    out.kind = Type::Kind::list;
    out.element.push_back(read_type(*list, f.at("list"), reading));
  } else {
    reading.fail(where, "expected a type");
  }
  return out;
}

}  // namespace exm::plan
