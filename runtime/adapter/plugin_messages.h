// What is said to a plugin and by it: JSON-RPC 2.0, one message a line. Entry points: the lines, read_message.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/adapter/adapter.h"

namespace exm {

/// Each is a request with the number that its answer will bear, line end included.
std::string initialize_line(std::int64_t id, const plan::Plan& plan, const std::map<std::string, std::string>& options);
std::string observe_line(std::int64_t id, const Observe& request);
std::string execute_line(std::int64_t id, const Execute& request);
std::string cancel_line(std::int64_t id, const std::string& key);
std::string shutdown_line(std::int64_t id);

/// A line of a plugin, with what any kind of answer may hold.
struct Message {
  enum class Kind {
    answer,
    refusal,   // JSON-RPC's error: `error` says what
    progress,  // `key`, `text`
  };
  Kind kind = Kind::answer;
  std::int64_t id = 0;
  std::string key;
  std::optional<std::string> status, text, output, error, name;
  std::optional<std::int64_t> code;
  std::int64_t concurrency = 1;
  std::vector<std::string> languages;
};

/// Nothing where the line is no message that a plugin may send.
std::optional<Message> read_message(std::string_view line);

}  // namespace exm
