#include "compiler/check/value.h"

#include <algorithm>
#include <string_view>

namespace exm::program {

bool before(const Value& a, const Value& b) {
  if (a.tag != b.tag) return a.tag < b.tag;
  if (a.number != b.number) return a.number < b.number;
  if (a.text != b.text) return a.text < b.text;
  if (a.object != b.object) return a.object < b.object;
  return std::lexicographical_compare(a.elements.begin(), a.elements.end(), b.elements.begin(), b.elements.end(), before);
}

namespace {
/// The next number of a version, without its leading zeros, and what follows it.
std::string_view next_number(std::string_view& rest) {
  const std::size_t dot = rest.find('.');
  std::string_view number = rest.substr(0, dot);
  rest = dot == std::string_view::npos ? std::string_view() : rest.substr(dot + 1);
  number.remove_prefix(std::min(number.find_first_not_of('0'), number.size()));
  return number;
}

int compare_versions(std::string_view a, std::string_view b) {
  while (!a.empty() || !b.empty()) {
    const std::string_view x = next_number(a);
    const std::string_view y = next_number(b);
    if (x.size() != y.size()) return x.size() < y.size() ? -1 : 1;
    if (const int order = x.compare(y); order != 0) return order < 0 ? -1 : 1;
  }
  return 0;
}
}  // namespace

int compare(const Value& a, const Value& b) {
  if (a.tag == Value::Tag::version) return compare_versions(a.text, b.text);
  return a.number < b.number ? -1 : a.number > b.number ? 1 : 0;
}

}  // namespace exm::program
