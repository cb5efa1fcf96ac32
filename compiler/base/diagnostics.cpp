#include "compiler/base/diagnostics.h"

#include <algorithm>
#include <numeric>
#include <tuple>

namespace exm {

Diagnostic& Diagnostics::add(Diagnostic diagnostic) {
  if (diagnostic.severity == Severity::error) ++errors_;
  all_.push_back(std::move(diagnostic));
  return all_.back();
}

void Diagnostics::sort() {
  const auto key = [](const Diagnostic& d) { return std::tie(d.span.source, d.span.begin, d.span.end, d.id, d.message); };
  std::stable_sort(all_.begin(), all_.end(), [&](const auto& a, const auto& b) { return key(a) < key(b); });
  all_.erase(std::unique(all_.begin(), all_.end(), [&](const auto& a, const auto& b) { return key(a) == key(b); }), all_.end());
}

namespace {
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t above = row[j];
      row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)});
      diagonal = above;
    }
  }
  return row[b.size()];
}
}  // namespace

std::string nearest(std::string_view name, const std::vector<std::string>& names) {
  std::string best;
  std::size_t least = name.size() / 3 + 2;
  for (const auto& candidate : names) {
    if (candidate == name) continue;
    const std::size_t distance = edit_distance(name.substr(0, 100), std::string_view(candidate).substr(0, 100));
    if (distance < least) {
      least = distance;
      best = candidate;
    }
  }
  return best;
}

const std::vector<CodeInfo>& all_codes() {
  static const std::vector<CodeInfo> codes = {
#define EXM_CODE(name, id, severity, format, ...) {#name, id, Severity::severity, format},
#include "compiler/base/codes.def"
#undef EXM_CODE
  };
  return codes;
}

}  // namespace exm
