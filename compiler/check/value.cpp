#include "compiler/check/value.h"

#include <algorithm>
#include <string_view>
#include <tuple>

namespace exm::program {

namespace {

/// Takes the number up to the next dot off the front; what is no digit ends it.
std::string_view next_number(std::string_view& rest) {
  const std::size_t dot = std::min(rest.find('.'), rest.size());
  std::string_view part = rest.substr(0, dot);
  rest.remove_prefix(std::min(dot + 1, rest.size()));
  part.remove_prefix(std::min(part.find_first_not_of('0'), part.size()));
  return part;
}

/// Without reading the numbers: they may be longer than any integer.
int compare_versions(std::string_view a, std::string_view b) {
  while (!a.empty() || !b.empty()) {
    const std::string_view x = next_number(a), y = next_number(b);
    if (x.size() != y.size()) return x.size() < y.size() ? -1 : 1;
    if (const int order = x.compare(y)) return order < 0 ? -1 : 1;
  }
  return 0;
}

}  // namespace

bool before(const Value& a, const Value& b) {
  if (a.tag != b.tag) return a.tag < b.tag;
  if (a.tag == Value::Tag::version)
    if (const int order = compare_versions(a.text, b.text)) return order < 0;
  if (auto order = std::tie(a.number, a.text, a.object) <=> std::tie(b.number, b.text, b.object); order != 0) return order < 0;
  return std::lexicographical_compare(a.elements.begin(), a.elements.end(), b.elements.begin(), b.elements.end(), before);
}

int compare(const Value& a, const Value& b) {
  if (a.tag == Value::Tag::version) return compare_versions(a.text, b.text);
  return a.number < b.number ? -1 : a.number > b.number ? 1 : 0;
}

}  // namespace exm::program
