// Whatever the bytes are, the loader reads a plan or refuses; what it reads it writes, reads again and writes the same,
// and every form of it can be shown.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "runtime/plan/plan_json.h"
#include "runtime/show/show.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto plan = exm::plan_from_json(text, exm::DigestCheck::ignored);
  if (!plan) return 0;
  const std::string written = exm::to_json(*plan);
  const auto again = exm::plan_from_json(written);
  if (!again || exm::to_json(*again) != written) std::abort();
  exm::show_text(*plan);
  exm::show_html(*plan);
  exm::show_mermaid(*plan);
  for (const auto& step : plan->steps) exm::explain_step(*plan, step.id);
  return 0;
}
