#include "runtime/show/words.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace exm::show {

namespace {

/// How many bytes the character at `at` has that a terminal would act upon instead of showing it; 0: it shows it.
std::size_t acting(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u; };
  const unsigned a = byte(at), b = byte(at + 1), c = byte(at + 2);
  if (a < 0x20 || a == 0x7f) return 1;
  if (a == 0xc2 && b >= 0x80 && b < 0xa0) return 2;
  const bool turns = a == 0xe2 && ((b == 0x80 && (c == 0x8e || c == 0x8f || (c >= 0xa8 && c <= 0xae))) || (b == 0x81 && c >= 0xa6 && c <= 0xa9));
  return turns ? 3 : 0;
}

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

}  // namespace

std::string duration_words(plan::Seconds s) {
  std::string out;
  const auto add = [&](plan::Seconds n, const char* unit) {
    if (n > 0) out += fmt::format("{}{} {}", out.empty() ? "" : " ", n, unit);
  };
  add(s / 3600, "h");
  add(s / 60 % 60, "min");
  add(s % 60, "s");
  return out.empty() ? "no time" : out;
}

std::string clock_words(plan::Seconds s) {
  if (s < 0) return "never";
  return s % 60 == 0 ? fmt::format("+{}:{:02}", s / 3600, s / 60 % 60) : fmt::format("+{}:{:02}:{:02}", s / 3600, s / 60 % 60, s % 60);
}

std::string value_words(const plan::Value& value) {
  switch (value.type) {
    case plan::Value::Type::unknown: return "unknown";
    case plan::Value::Type::none: return "none";
    case plan::Value::Type::boolean: return value.number != 0 ? "true" : "false";
    case plan::Value::Type::integer: return std::to_string(value.number);
    case plan::Value::Type::duration: return duration_words(value.number);
    case plan::Value::Type::set: break;
    default: return value.text.empty() ? "\"\"" : value.text;
  }
  std::string out;
  for (const auto& element : value.elements) out += (out.empty() ? "" : ", ") + value_words(element);
  return "{" + out + "}";
}

std::vector<std::string> lease_lines(const plan::Template& shape) {
  std::map<plan::Seconds, std::vector<std::string>> variables;
  for (const auto& [variable, lasts] : shape.lease) variables[lasts].push_back(variable);
  std::vector<std::string> lines;
  for (const auto& [lasts, names] : variables)
    lines.push_back("a timer on the host puts " + clean(list_words(names)) + " back after " + duration_words(lasts) + ", should the run be lost");
  return lines;
}

std::vector<std::string> slot_lines(const plan::Plan& plan, const plan::Step& step) {
  std::vector<std::string> lines;
  for (const auto& slot : step.acquires) {
    const auto n = plan.limits.slots.find(slot);
    lines.push_back(clean(fmt::format("Takes one of {} slots of {}, when one is free.", n == plan.limits.slots.end() ? 0 : n->second, slot)));
  }
  for (const auto& slot : step.releases) lines.push_back(clean(fmt::format("Then gives its slot of {} back.", slot)));
  return lines;
}

std::string free_words(plan::Free::Why why) {
  switch (why) {
    case plan::Free::Why::lasting: return "it lasts, by its nature";
    case plan::Free::Why::left: return "the maintenance leaves it";
    case plan::Free::Why::achieved: return "the wish";
    case plan::Free::Why::unknown: return "it was unknown before";
    case plan::Free::Why::planned: return "it is new";
  }
  return "";
}

namespace {

bool is_new(const plan::Plan& plan, const std::string& exists) {
  const auto free = plan.free.find(exists);
  return free != plan.free.end() && free->second.why == plan::Free::Why::planned && free->second.ends.type == plan::Value::Type::boolean &&
         free->second.ends.number == 1;
}

constexpr std::string_view exists_state = ".exists";

}  // namespace

std::string what_is_new(const plan::Plan& plan, const std::string& variable) {
  const bool said = variable.ends_with(exists_state) && is_new(plan, variable);
  return said ? variable.substr(0, variable.size() - exists_state.size()) : "";
}

bool comes_along(const plan::Plan& plan, const std::string& variable) {
  const std::string exists = variable.substr(0, variable.rfind('.')).append(exists_state);
  return exists != variable && is_new(plan, exists);
}

std::string count_words(std::int64_t n, std::string_view noun) { return fmt::format("{} {}{}", n, noun, n == 1 ? "" : "s"); }

std::string list_words(const std::vector<std::string>& items, std::size_t most) {
  const std::size_t shown = std::min(items.size(), most);
  std::string out;
  for (std::size_t i = 0; i < shown; ++i) out += (i == 0 ? "" : i + 1 == items.size() ? " and " : ", ") + items[i];
  return shown == items.size() ? out : fmt::format("{} and {} more", out, items.size() - shown);
}

std::string sentence(std::string_view text) {
  std::string out(text);
  while (!out.empty() && out.back() == ' ') out.pop_back();
  if (out.empty()) return out;
  const std::string first = out.substr(0, out.find_first_of(" ,:"));
  const bool name = first.find_first_of("._/0123456789") != std::string::npos;  // `EX3.up`, `no_alarms`, `1f`: as they are
  if (!name && out[0] >= 'a' && out[0] <= 'z') out[0] = static_cast<char>(out[0] - 'a' + 'A');
  if (std::string_view(".!?").find(out.back()) == std::string_view::npos) out += '.';
  return out;
}

std::string clean(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t size = acting(text, i);
    out += size > 0 ? ' ' : text[i];
    i += std::max<std::size_t>(size, 1);
  }
  return out;
}

std::vector<std::string> wrap(std::string_view text, std::size_t width) {
  std::vector<std::string> lines;
  std::string line;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find(' ', at), text.size());
    const std::string_view word = text.substr(at, end - at);
    at = end + 1;
    if (word.empty()) continue;
    if (!line.empty() && characters(line) + 1 + characters(word) > width) {
      lines.push_back(std::move(line));
      line.clear();
    }
    line += (line.empty() ? "" : " ") + std::string(word);
  }
  if (!line.empty()) lines.push_back(std::move(line));
  return lines;
}

}  // namespace exm::show
