// JSON values to the parts of a plan, strictly; for plan_json.cpp only.
#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>

#include "runtime/plan/plan.h"
#include "runtime/plan/write_json.h"

namespace exm::plan {

/// Remembers the first thing that is wrong; what is read after it does not matter.
class Reading {
 public:
  bool ok() const { return error_.empty(); }
  const std::string& error() const { return error_; }
  void fail(const std::string& where, const std::string& message) {
    if (ok()) error_ = where.empty() ? message : where + ": " + message;
  }

 private:
  std::string error_;
};

/// An object whose keys are all asked for; the others are refused at the end.
class Fields {
 public:
  Fields(const Json& json, std::string where, Reading& reading);
  ~Fields();
  Fields(const Fields&) = delete;
  /// Nothing where the key is not there; `required` fails.
  const Json* find(const char* key);
  const Json* required(const char* key);
  std::string at(const char* key) const { return where_.empty() ? key : where_ + "." + key; }
  Reading& reading() { return reading_; }

 private:
  const Json& json_;
  std::string where_;
  Reading& reading_;
  std::set<std::string> known_;
};

/// "int", "text", … of a JSON value, for messages.
std::string found(const Json& json);

std::string read_text(const Json& json, const std::string& where, Reading& reading);
std::int64_t read_integer(const Json& json, const std::string& where, Reading& reading);
/// From 0 on; a count is also no more than a thousand million.
std::int64_t read_amount(const Json& json, const std::string& where, Reading& reading);
int read_count(const Json& json, const std::string& where, Reading& reading);
bool read_bool(const Json& json, const std::string& where, Reading& reading);
Value read_value(const Json& json, const std::string& where, Reading& reading);
Expression read_expression(const Json& json, const std::string& where, Reading& reading);
Type read_type(const Json& json, const std::string& where, Reading& reading);
Template read_template(const Json& json, const std::string& where, Reading& reading);
Text read_command_text(const Json& json, const std::string& where, Reading& reading);
Effect read_effect(const Json& json, const std::string& where, Reading& reading);
Plan read_plan(const Json& json, Reading& reading);

template <class F>
auto read_list(const Json& json, const std::string& where, Reading& reading, const F& read) {
  std::vector<decltype(read(json, where, reading))> out;
  if (!json.is_array()) {
    reading.fail(where, "expected a list, found " + found(json));
    return out;
  }
  for (std::size_t i = 0; i < json.size() && reading.ok(); ++i) out.push_back(read(json[i], where + "[" + std::to_string(i) + "]", reading));
  return out;
}

template <class F>
auto read_map(const Json& json, const std::string& where, Reading& reading, const F& read) {
  std::map<std::string, decltype(read(json, where, reading))> out;
  if (!json.is_object()) {
    reading.fail(where, "expected a map, found " + found(json));
    return out;
  }
  for (const auto& [key, value] : json.items()) {
    if (!reading.ok()) break;
    out.emplace(key, read(value, where + "." + key, reading));
  }
  return out;
}

}  // namespace exm::plan
