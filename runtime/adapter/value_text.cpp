#include "runtime/adapter/value_text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <nlohmann/json.hpp>

#include "runtime/plan/paths.h"

namespace exm {
namespace {

using Json = nlohmann::json;
using plan::Value;
using Kind = plan::Type::Kind;

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view space = " \t\r\n\v\f";
  const auto first = text.find_first_not_of(space);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(space) - first + 1);
}

std::string lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(),
                 [](unsigned char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : static_cast<char>(c); });
  return result;
}

std::optional<std::int64_t> read_integer(std::string_view text) {
  std::int64_t value = 0;
  if (!text.empty() && text.front() == '+') text.remove_prefix(1);
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<Value> read_duration(std::string_view text) {
  const auto digits = text.find_first_not_of("0123456789");
  const auto number = read_integer(text.substr(0, digits));
  if (!number) return std::nullopt;
  const auto unit = digits == std::string_view::npos ? "s" : text.substr(digits);
  const std::int64_t factor = unit == "s" ? 1 : unit == "m" ? 60 : unit == "h" ? 3600 : unit == "d" ? 86400 : 0;
  if (factor == 0 || *number > (std::int64_t{1} << 53) / factor) return std::nullopt;
  return Value{Value::Type::duration, *number * factor, {}, {}};
}

std::optional<Value> read_set(std::string_view text, const plan::Type& element) {
  Value set{Value::Type::set, 0, {}, {}};
  while (!trimmed(text).empty()) {
    const auto comma = text.find_first_of(",;\n");
    auto value = read_value(trimmed(text.substr(0, comma)), element);
    if (!value) return std::nullopt;
    set.elements.push_back(std::move(*value));
    if (comma == std::string_view::npos) break;
    text.remove_prefix(comma + 1);
  }
  return set;
}

bool is_version(std::string_view text) {
  return !text.empty() && text.front() != '.' && text.back() != '.' &&
         text.find_first_not_of("0123456789.") == std::string_view::npos && text.find("..") == std::string_view::npos;
}

Value piece(Value::Type type, std::string_view text) { return {type, 0, std::string(text), {}}; }

// The types that JSON has no word for are objects of one key, as in a plan file.
struct TypeName {
  Value::Type type;
  const char* name;
};
constexpr std::array<TypeName, 6> typed{{{Value::Type::duration, "duration"},
                                         {Value::Type::version, "version"},
                                         {Value::Type::ip, "ip"},
                                         {Value::Type::cidr, "cidr"},
                                         {Value::Type::path, "path"},
                                         {Value::Type::reference, "reference"}}};

Json to_json_value(const Value& value) {
  switch (value.type) {
    case Value::Type::unknown: return Json::array({"unknown"});
    case Value::Type::none: return Json::array({"none"});
    case Value::Type::boolean: return value.number != 0;
    case Value::Type::integer: return value.number;
    case Value::Type::text: return value.text;
    case Value::Type::set: {
      Json set = Json::array({"set"});
      for (const auto& element : value.elements) set.push_back(to_json_value(element));
      return set;
    }
    default: break;
  }
  for (const auto& [type, name] : typed) {
    if (type != value.type) continue;
    if (type == Value::Type::duration) return Json{{name, value.number}};
    return Json{{name, value.text}};
  }
  return nullptr;
}

std::optional<Value> from_json_value(const Json& json) {
  if (json.is_boolean()) return plan::boolean(json.get<bool>());
  if (json.is_number_integer()) return plan::integer(json.get<std::int64_t>());
  if (json.is_string()) return plan::text(json.get_ref<const std::string&>());
  if (json.is_array() && !json.empty() && json[0].is_string()) {
    const auto& word = json[0].get_ref<const std::string&>();
    if (word == "unknown") return plan::unknown();
    if (word == "none") return plan::none();
    if (word != "set") return std::nullopt;
    Value set{Value::Type::set, 0, {}, {}};
    for (std::size_t i = 1; i < json.size(); ++i) {
      auto element = from_json_value(json[i]);
      if (!element) return std::nullopt;
      set.elements.push_back(std::move(*element));
    }
    return set;
  }
  if (!json.is_object() || json.size() != 1) return std::nullopt;
  for (const auto& [type, name] : typed) {
    if (!json.contains(name)) continue;
    const Json& inner = json[name];
    if (type == Value::Type::duration)
      return inner.is_number_integer() ? std::optional(Value{type, inner.get<std::int64_t>(), {}, {}}) : std::nullopt;
    return inner.is_string() ? std::optional(piece(type, inner.get_ref<const std::string&>())) : std::nullopt;
  }
  return std::nullopt;
}

}  // namespace

std::optional<plan::Type> type_of(const plan::Plan& plan, const std::string& variable) {
  const auto [owner, state] = plan::split_variable(variable);
  const auto object = plan.objects.find(owner);
  if (object == plan.objects.end()) return std::nullopt;
  if (state == "exists") return plan::Type{};
  const auto kind = plan.kinds.find(object->second.kind);
  if (kind == plan.kinds.end()) return std::nullopt;
  const auto found = kind->second.states.find(state);
  if (found == kind->second.states.end()) return std::nullopt;
  return found->second.type;
}

std::optional<plan::Value> read_value(std::string_view text, const plan::Type& type) {
  switch (type.kind) {
    case Kind::boolean: {
      const auto word = lower(text);
      if (word == "true" || word == "yes" || word == "1") return plan::boolean(true);
      if (word == "false" || word == "no" || word == "0") return plan::boolean(false);
      return std::nullopt;
    }
    case Kind::integer: {
      const auto number = read_integer(text);
      return number ? std::optional(plan::integer(*number)) : std::nullopt;
    }
    case Kind::text: return plan::text(text);
    case Kind::duration: return read_duration(text);
    case Kind::version: return is_version(text) ? std::optional(piece(Value::Type::version, text)) : std::nullopt;
    case Kind::ip: return text.empty() ? std::nullopt : std::optional(piece(Value::Type::ip, text));
    case Kind::cidr: return text.empty() ? std::nullopt : std::optional(piece(Value::Type::cidr, text));
    case Kind::path: return text.empty() ? std::nullopt : std::optional(piece(Value::Type::path, text));
    case Kind::enumeration:
      for (const auto& name : type.names)
        if (lower(name) == lower(text)) return plan::text(name);
      return std::nullopt;
    case Kind::reference: return text.empty() ? std::nullopt : std::optional(piece(Value::Type::reference, text));
    case Kind::optional:
      if (text.empty() || text == "none") return plan::none();
      return type.element.empty() ? std::nullopt : read_value(text, type.element.front());
    case Kind::set:
    case Kind::list: return type.element.empty() ? std::nullopt : read_set(text, type.element.front());
  }
  return std::nullopt;
}

plan::Value read_probe(const plan::Probe& probe, std::string_view text, const plan::Type& type) {
  text = trimmed(text);
  if (!probe.as.empty()) {
    const auto found = probe.as.find(std::string(text));
    return found == probe.as.end() ? plan::unknown() : found->second;
  }
  return read_value(text, type).value_or(plan::unknown());
}

std::string value_text(const plan::Value& value) {
  switch (value.type) {
    case Value::Type::unknown: return "unknown";
    case Value::Type::none: return "none";
    case Value::Type::boolean: return value.number != 0 ? "true" : "false";
    case Value::Type::integer: return std::to_string(value.number);
    case Value::Type::duration: return std::to_string(value.number) + "s";
    case Value::Type::set: {
      std::string list;
      for (const auto& element : value.elements) list += (list.empty() ? "" : ", ") + value_text(element);
      return list;
    }
    default: return value.text;
  }
}

std::string value_to_json(const plan::Value& value) {
  return to_json_value(value).dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::optional<plan::Value> value_from_json(std::string_view text) {
  const Json json = Json::parse(text, nullptr, false);
  return json.is_discarded() ? std::nullopt : from_json_value(json);
}

}  // namespace exm
