// A constant of a plan: what a state can be, and what a command is given.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace exm::plan {

/// A constant. `number` holds a bool (0 or 1), an int, or a duration in seconds; `text` holds everything else that is one
/// piece: a string, an enum's name, a version, an ip, a cidr, a path, an object's path (reference). `elements` is a set's.
struct Value {
  enum class Type { unknown, none, boolean, integer, text, duration, version, ip, cidr, path, reference, set };
  Type type = Type::unknown;
  std::int64_t number = 0;
  std::string text;
  std::vector<Value> elements;

  friend bool operator==(const Value& a, const Value& b) {
    return a.type == b.type && a.number == b.number && a.text == b.text && a.elements == b.elements;
  }
};

inline Value boolean(bool b) { return {Value::Type::boolean, b ? 1 : 0, {}, {}}; }
inline Value integer(std::int64_t n) { return {Value::Type::integer, n, {}, {}}; }
inline Value text(std::string_view s) { return {Value::Type::text, 0, std::string(s), {}}; }
inline Value none() { return {Value::Type::none, 0, {}, {}}; }
inline Value unknown() { return {}; }

}  // namespace exm::plan
