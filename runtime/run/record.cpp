#include "runtime/run/record.h"

#include <array>
#include <cstdio>
#include <ctime>
#include <nlohmann/json.hpp>

#include "runtime/adapter/value_text.h"

namespace exm {
namespace {

using Json = nlohmann::json;

constexpr std::array<const char*, 10> kinds{"started", "resumed", "transition", "drift",
                                           "approved", "decided", "note", "retreat", "lease", "ended"};

std::optional<Milliseconds> parse_utc(const std::string& text) {
  std::tm time{};
  int milliseconds = 0;
  if (std::sscanf(text.c_str(), "%d-%d-%dT%d:%d:%d.%dZ", &time.tm_year, &time.tm_mon, &time.tm_mday, &time.tm_hour,
                  &time.tm_min, &time.tm_sec, &milliseconds) != 7)
    return std::nullopt;
  time.tm_year -= 1900;
  time.tm_mon -= 1;
  return static_cast<Milliseconds>(timegm(&time)) * 1000 + milliseconds;
}

template <class T>
std::optional<T> field(const Json& json, const char* key) {
  const auto found = json.find(key);
  if (found == json.end()) return T{};
  if constexpr (std::is_same_v<T, int>) {
    if (!found->is_number_integer()) return std::nullopt;
  } else {
    if (!found->is_string()) return std::nullopt;
  }
  return found->template get<T>();
}

}  // namespace

std::string utc_text(Milliseconds time) {
  const std::time_t seconds = static_cast<std::time_t>(time / 1000);
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  std::array<char, 96> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", parts.tm_year + 1900, parts.tm_mon + 1,
                parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec, static_cast<int>(time % 1000));
  return text.data();
}

std::string record_to_json(const Record& record) {
  Json json{{"at", utc_text(record.at)}, {"event", kinds[static_cast<std::size_t>(record.kind)]}};
  if (!record.step.empty()) json["step"] = record.step;
  if (record.kind == Record::Kind::transition) json["state"] = name_of(record.state);
  if (record.attempt > 1) json["attempt"] = record.attempt;
  if (!record.text.empty()) json["text"] = record.text;
  if (!record.values.empty()) {
    Json& values = json["values"];
    for (const auto& [variable, value] : record.values) values[variable] = Json::parse(value_to_json(value));
  }
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::optional<Record> record_from_json(std::string_view text) {
  const Json json = Json::parse(text, nullptr, false);
  if (!json.is_object()) return std::nullopt;
  Record record;
  const auto event = field<std::string>(json, "event"), at = field<std::string>(json, "at"),
             step = field<std::string>(json, "step"), state = field<std::string>(json, "state"),
             said = field<std::string>(json, "text");
  const auto attempt = field<int>(json, "attempt");
  if (!event || !at || !step || !state || !said || !attempt) return std::nullopt;
  std::size_t kind = 0;
  while (kind < kinds.size() && *event != kinds[kind]) ++kind;
  const auto time = parse_utc(*at);
  if (kind == kinds.size() || !time) return std::nullopt;
  record.kind = static_cast<Record::Kind>(kind);
  record.at = *time;
  record.step = *step;
  record.text = *said;
  record.attempt = *attempt;
  if (record.kind == Record::Kind::transition) {
    const auto known = step_state(*state);
    if (!known) return std::nullopt;
    record.state = *known;
  }
  if (const auto values = json.find("values"); values != json.end()) {
    if (!values->is_object()) return std::nullopt;
    for (const auto& [variable, value] : values->items()) {
      auto read = value_from_json(value.dump());
      if (!read) return std::nullopt;
      record.values[variable] = *std::move(read);
    }
  }
  return record;
}

}  // namespace exm
