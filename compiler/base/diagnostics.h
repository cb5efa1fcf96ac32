// Diagnostics are data: stages report into the sink, only `render` knows terminals and formats.
// The codes stand in codes.def; `report(span, diag::unknown_name, "service", name)` does not compile with other arguments.
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "compiler/base/source.h"

namespace exm {

enum class Severity { error, warning, notice };

/// A kind of diagnostic, with the types of what its message is made of.
template <class... Args>
struct DiagnosticKind {
  std::string_view name;
  std::string_view id;
  Severity severity;
  std::string_view format;
};

namespace diag {
constexpr std::size_t count_braces(std::string_view format) {
  std::size_t n = 0;
  for (std::size_t i = 0; i + 1 < format.size(); ++i)
    if (format[i] == '{' && format[i + 1] == '}') ++n;
  return n;
}

template <class... Args>
constexpr std::size_t arity(const DiagnosticKind<Args...>&) {
  return sizeof...(Args);
}

#define EXM_CODE(name, id, severity, format, ...)                                              \
  inline constexpr DiagnosticKind<__VA_ARGS__> name{#name, id, Severity::severity, format};     \
  static_assert(count_braces(format) == arity(name), "the format of " #name " has another number of {}");
#include "compiler/base/codes.def"
#undef EXM_CODE
}  // namespace diag

/// A second place, with its own words.
struct Label {
  Span span;
  std::string text;
};

struct Diagnostic {
  std::string_view id;  // "EXM0201"
  std::string_view name;
  Severity severity = Severity::error;
  Span span;
  std::string message;
  std::vector<Label> labels;
  std::vector<std::string> hints;  // "did you mean `casnlb`?", "add `use nlb`"

  Diagnostic& label(Span at, std::string text) {
    labels.push_back({at, std::move(text)});
    return *this;
  }
  Diagnostic& hint(std::string text) {
    hints.push_back(std::move(text));
    return *this;
  }
};

class Diagnostics {
 public:
  /// The reference is good until the next report.
  template <class... Args>
  Diagnostic& report(Span span, const DiagnosticKind<Args...>& kind, const std::type_identity_t<Args>&... args) {
    return add({kind.id, kind.name, kind.severity, span, fmt::format(fmt::runtime(kind.format), args...), {}, {}});
  }
  bool ok() const { return errors_ == 0; }
  std::size_t errors() const { return errors_; }
  const std::vector<Diagnostic>& all() const { return all_; }
  /// By source, then place, then code; equal ones once.
  void sort();

 private:
  Diagnostic& add(Diagnostic diagnostic);
  std::vector<Diagnostic> all_;
  std::size_t errors_ = 0;
};

/// The nearest of the names by edit distance, or "" where none is near enough to be meant.
std::string nearest(std::string_view name, const std::vector<std::string>& names);

/// What `exm explain CODE` knows of a code.
struct CodeInfo {
  std::string_view name;
  std::string_view id;
  Severity severity;
  std::string_view format;
};
const std::vector<CodeInfo>& all_codes();

}  // namespace exm
