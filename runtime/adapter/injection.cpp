#include "runtime/adapter/injection.h"

#include <charconv>

namespace exm {
namespace {

Failure wrong(std::string_view text, std::string_view expected) {
  return {Failure::Kind::usage, "--inject " + std::string(text) + ": expected " + std::string(expected)};
}

std::optional<int> number(std::string_view text) {
  int value = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < 0) return std::nullopt;
  return value;
}

/// "500ms", "30s", "5m", "2h", "30".
std::optional<std::int64_t> span_of(std::string_view text) {
  const auto digits = text.substr(0, text.find_first_not_of("0123456789"));
  const auto unit = text.substr(digits.size());
  const auto value = number(digits);
  if (!value) return std::nullopt;
  if (unit == "ms") return *value;
  if (unit == "s" || unit.empty()) return *value * std::int64_t{1000};
  if (unit == "m") return *value * std::int64_t{60'000};
  if (unit == "h") return *value * std::int64_t{3'600'000};
  return std::nullopt;
}

struct Name {
  std::string_view word;
  Injection::Kind kind;
};
constexpr Name names[] = {
    {"fail", Injection::Kind::fail},   {"hang", Injection::Kind::hang}, {"cut", Injection::Kind::cut},
    {"delay", Injection::Kind::delay}, {"drift", Injection::Kind::drift}, {"lie", Injection::Kind::lie},
    {"forget", Injection::Kind::forget}, {"crash", Injection::Kind::crash},
};

/// STEP, STEP*TIMES, each with or without @PHASE.
Result<Injection> of_step(Injection injection, std::string_view text, std::string_view rest) {
  if (auto at = rest.rfind('@'); at != std::string_view::npos) {
    injection.phase = number(rest.substr(at + 1));
    if (!injection.phase) return wrong(text, "the number of effects done after the `@`");
    rest = rest.substr(0, at);
  }
  if (auto star = rest.rfind('*'); star != std::string_view::npos) {
    auto times = number(rest.substr(star + 1));
    if (!times || *times == 0) return wrong(text, "how often after the `*`");
    injection.times = *times;
    rest = rest.substr(0, star);
  }
  if (rest.empty()) return wrong(text, "the id of a step after the `:`");
  injection.step = rest;
  return injection;
}

Result<Injection> of_variable(Injection injection, std::string_view text, std::string_view rest) {
  const auto equals = rest.find('=');
  if (equals == std::string_view::npos || equals == 0) return wrong(text, "VARIABLE=VALUE");
  injection.variable = rest.substr(0, equals);
  rest = rest.substr(equals + 1);
  if (auto at = rest.rfind('@'); at != std::string_view::npos && injection.kind == Injection::Kind::drift) {
    injection.step = rest.substr(at + 1);
    rest = rest.substr(0, at);
  }
  injection.value = rest;
  return injection;
}

}  // namespace

Result<Injection> parse_injection(std::string_view text) {
  const auto colon = text.find(':');
  const auto word = text.substr(0, colon);
  const auto rest = colon == std::string_view::npos ? std::string_view{} : text.substr(colon + 1);
  for (const auto& name : names) {
    if (name.word != word) continue;
    Injection injection;
    injection.kind = name.kind;
    switch (name.kind) {
      case Injection::Kind::forget: return injection;
      case Injection::Kind::drift:
      case Injection::Kind::lie: return of_variable(injection, text, rest);
      case Injection::Kind::delay: {
        const auto equals = rest.rfind('=');
        const auto span = equals == std::string_view::npos ? std::nullopt : span_of(rest.substr(equals + 1));
        if (!span || equals == 0) return wrong(text, "STEP=TIME, for instance delay:1a=30s");
        injection.step = rest.substr(0, equals);
        injection.milliseconds = *span;
        return injection;
      }
      default: return of_step(injection, text, rest);
    }
  }
  return wrong(text, "fail:STEP[@PHASE], hang:STEP[@PHASE], cut:STEP@PHASE, crash:STEP@PHASE, delay:STEP=30s, "
                     "drift:VARIABLE=VALUE[@STEP], lie:VARIABLE=VALUE or forget");
}

}  // namespace exm
