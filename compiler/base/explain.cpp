#include "compiler/base/explain.h"

#include <algorithm>
#include <array>

namespace exm {

namespace {
struct Explanation {
  std::string_view code;
  std::string_view text;
};

constexpr std::array explanations{
#define EXM_EXPLAIN(code, text) Explanation{code, text},
#include "compiler/base/explain.def"
#undef EXM_EXPLAIN
};
}  // namespace

std::optional<std::string_view> explain(std::string_view code) {
  const auto found = std::find_if(explanations.begin(), explanations.end(), [&](const Explanation& e) { return e.code == code; });
  if (found == explanations.end()) return std::nullopt;
  return found->text;
}

}  // namespace exm
