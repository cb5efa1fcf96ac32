#include "runtime/cli/places.h"

#include <nlohmann/json.hpp>

namespace exm {
namespace {

/// The id of the one thing on the line, or nothing.
std::string id_on(std::string_view line) {
  while (!line.empty() && (line.back() == ',' || line.back() == '\r')) line.remove_suffix(1);
  const auto json = nlohmann::json::parse(line, nullptr, false);
  return json.is_object() && json.contains("id") && json["id"].is_string() ? json["id"].get<std::string>() : "";
}

}  // namespace

PlanPlaces places_in(std::string_view text, const std::string& file) {
  PlanPlaces places;
  std::map<std::string, Place>* list = nullptr;
  for (int line = 1; !text.empty(); ++line) {
    const std::size_t end = text.find('\n');
    const std::string_view now = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (now.starts_with("  \"")) list = now == "  \"steps\": [" ? &places.steps : now == "  \"rules\": [" ? &places.rules : nullptr;
    if (list == nullptr || !now.starts_with("    {")) continue;
    if (const std::string id = id_on(now.substr(4)); !id.empty()) list->emplace(id, Place{file, line});
  }
  return places;
}

}  // namespace exm
